// Sessions outside a browser: the refresh token lies in a store that the application gives, together with the attempt
// of a renewal that has no answer yet.
import type { Credential } from './credential.ts'
import { randomId } from './random.ts'

/** A keeper of texts, such as a keychain, a file or AsyncStorage. It holds a refresh token: choose a safe one. */
export interface Store {
  getItem(key: string): Promise<string | null> | string | null
  setItem(key: string, value: string): Promise<unknown> | unknown
  removeItem(key: string): Promise<unknown> | unknown
}

interface Kept {
  refreshToken: string
  attempt?: string
}

export function storeCredential(key: string, store: Store): Credential {
  const read = async (): Promise<Kept | undefined> => parse(await store.getItem(key))
  const write = async (kept: Kept): Promise<unknown> => store.setItem(key, JSON.stringify(kept))
  const signedOut = async (): Promise<void> => {
    await store.removeItem(key)
  }
  return {
    fetchCredentials: 'omit',
    signInFields: {},
    async prepareRenewal() {
      const kept = await read()
      if (kept === undefined) return undefined
      const attempt = kept.attempt ?? randomId()
      // Before it is sent: whoever sleeps or crashes before the answer comes must be able to send the same again.
      if (kept.attempt === undefined) await write({ ...kept, attempt })
      return { refresh_token: kept.refreshToken, attempt }
    },
    async settleRenewal(sent, refreshToken) {
      // Another client of the same store may have moved on meanwhile; what it keeps is newer.
      if ((await read())?.refreshToken !== sent.refresh_token) return
      await (refreshToken === undefined ? signedOut() : write({ refreshToken }))
    },
    async signedIn(refreshToken) {
      if (refreshToken !== undefined) await write({ refreshToken })
    },
    async prepareSignOut() {
      const kept = await read()
      return kept && { refresh_token: kept.refreshToken }
    },
    signedOut,
  }
}

function parse(text: string | null): Kept | undefined {
  try {
    const kept: Kept | null = JSON.parse(text ?? 'null')
    return typeof kept?.refreshToken === 'string' ? kept : undefined
  } catch {
    return undefined
  }
}

/** A store that lasts as long as the process. */
export function memoryStore(): Store {
  const items = new Map<string, string>()
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: key => items.delete(key),
  }
}
