// What `latchkey client add|list|disable` do: services that sign in as themselves. Each gives the text for stdout.
import type { Config } from '../config.ts'
import { type Latchkey, openLatchkey } from '../server.ts'

export interface AddOptions {
  scope?: string[]
  audience?: string[]
  json?: true
}

export async function addClient(
  config: Config,
  name: string,
  { scope = [], audience = [], json }: AddOptions,
): Promise<string> {
  const wanted = { name, scopes: scope, audiences: audience }
  const { client, secret } = await withLatchkey(config, ({ clients }) => clients.add(wanted))
  if (json) return `${JSON.stringify({ ...client, client_secret: secret }, null, 2)}\n`
  return `client_id      ${client.id}\nclient_secret  ${secret}\n`
}

export async function listClients(config: Config, { json }: { json?: true }): Promise<string> {
  const all = await withLatchkey(config, ({ clients }) => clients.list())
  if (json) return `${JSON.stringify(all, null, 2)}\n`
  return all
    .map(one => [one.id, one.disabled_at === null ? 'enabled' : 'disabled', one.name, ...one.scopes])
    .map(fields => `${fields.join('  ')}\n`)
    .join('')
}

/** Throws LatchkeyError `not_found`. */
export function disableClient(config: Config, id: string): Promise<void> {
  return withLatchkey(config, ({ clients }) => clients.disable(id))
}

async function withLatchkey<T>(config: Config, work: (latchkey: Latchkey) => Promise<T>): Promise<T> {
  const latchkey = await openLatchkey(config)
  try {
    return await work(latchkey)
  } finally {
    await latchkey.close()
  }
}
