// What `latchkey client add|list|disable` do: services that sign in as themselves.
import { createClient, disableClient as disableClientOf, shownClient } from '../auth/clients.ts'
import type { Config } from '../config.ts'
import { commandLine, withAuth } from './open-auth.ts'
import { withStore } from './open-database.ts'
import { instant, listOf, type Printed, said, tableOf } from './table.ts'

export interface AddOptions {
  scope?: string[]
  audience?: string[]
}

/** Its secret is shown here and never again. */
export function addClient(
  config: Config,
  name: string,
  { scope = [], audience = [] }: AddOptions,
): Promise<Printed> {
  return withAuth(config, async auth => {
    const wanted = { name, scopes: scope, audiences: audience }
    const { client, secret } = await createClient(auth, wanted, commandLine)
    return {
      json: { ...shownClient(client), client_secret: secret },
      text: listOf({ client_id: client.id, client_secret: secret }),
      words: 'The secret is shown this once. Keep it where the service reads its secrets.',
    }
  })
}

export function listClients(config: Config): Promise<Printed> {
  return withStore(config, async store => {
    const all: ReturnType<typeof shownClient>[] = []
    let cursor: string | undefined
    do {
      const page = await store.listClients({ cursor, limit: 200 })
      all.push(...page.items.map(shownClient))
      cursor = page.next
    } while (cursor !== undefined)
    const rows = all.map(one => ({
      id: one.id,
      name: one.name,
      scopes: one.scopes.join(' ') || null,
      audiences: one.audiences.join(' ') || null,
      created_at: instant(one.created_at),
      disabled_at: instant(one.disabled_at),
    }))
    return { json: all, text: tableOf(rows), words: all.length === 0 ? 'There is no client yet.' : '' }
  })
}

/** Throws LatchkeyError `not_found`. */
export function disableClient(config: Config, id: string): Promise<Printed> {
  return withAuth(config, async auth => {
    await disableClientOf(auth, id, commandLine)
    return said('The client is disabled, and its access tokens are dead.')
  })
}
