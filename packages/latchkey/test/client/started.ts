// A real server with a network in front of it that can fail, and what the tests of the client say to them.
import { type ClientOptions, createClient, LatchkeyError, type Store } from 'latchkey/client'
import { type FaultyNetwork, openFaultyNetwork } from '../../../../test/browser/faulty-network.ts'
import { type ServerProcess, startServer } from '../../../../test/server-process.ts'

export const password = 'a lantern on the sill'

export interface Started {
  server: ServerProcess
  network: FaultyNetwork
  end(): Promise<void>
}

export async function start(env: Record<string, string> = {}): Promise<Started> {
  const network = await openFaultyNetwork()
  const server = await startServer({ env: { LATCHKEY_LIMITS: 'off', ...env } })
  network.target = server.url
  return {
    server,
    network,
    async end() {
      await network.close()
      await server.end()
    },
  }
}

/** A store whose inside can be looked at. */
export function openStore(): Store & { items: Map<string, string> } {
  const items = new Map<string, string>()
  return {
    items,
    getItem: async key => items.get(key) ?? null,
    setItem: async (key, value) => items.set(key, value),
    removeItem: async key => items.delete(key),
  }
}

let names = 0

/** A client whose new user is signed in. */
export async function signedIn(started: Started, options: Partial<ClientOptions> = {}) {
  const client = createClient({ url: started.network.url, ...options })
  names++
  const username = `user${names}`
  await client.signUp({ username, password })
  const session = await client.signIn({ username, password })
  return { client, username, session }
}

/** The code of what a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof LatchkeyError) return error.code
    throw error
  }
  return 'no error'
}

/** Returns once what was queued before has run, the listeners among it. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Asks again and again, without touching a clock that a test has stopped, until it is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 50))
}
