// Sessions outside a browser: the refresh token lies in a store that the application gives, together with the attempt
// of a renewal that has no answer yet, and what this device is known by, which outlives the session.
import type { Credential } from './credential.ts'
import { randomId } from './random.ts'

/** A keeper of texts, such as a keychain, a file or AsyncStorage. It holds a refresh token: choose a safe one. */
export interface Store {
  getItem(key: string): Promise<string | null> | string | null
  setItem(key: string, value: string): Promise<unknown> | unknown
  removeItem(key: string): Promise<unknown> | unknown
}

interface Kept {
  refreshToken?: string
  attempt?: string
  deviceToken?: string
}

export function storeCredential(key: string, store: Store): Credential {
  const read = async (): Promise<Kept> => parse(await store.getItem(key))
  const write = async (kept: Kept): Promise<unknown> => store.setItem(key, JSON.stringify(kept))
  const signedOut = async (): Promise<void> => {
    const { deviceToken } = await read()
    await (deviceToken === undefined ? store.removeItem(key) : write({ deviceToken }))
  }
  return {
    fetchCredentials: 'omit',
    async prepareSignIn() {
      const { deviceToken } = await read()
      return deviceToken === undefined ? {} : { device_token: deviceToken }
    },
    async prepareRenewal() {
      const kept = await read()
      if (kept.refreshToken === undefined) return undefined
      const attempt = kept.attempt ?? randomId()
      // Before it is sent: whoever sleeps or crashes before the answer comes must be able to send the same again.
      if (kept.attempt === undefined) await write({ ...kept, attempt })
      return { refresh_token: kept.refreshToken, attempt }
    },
    async settleRenewal(sent, refreshToken) {
      const { attempt: _settled, ...kept } = await read()
      // Another client of the same store may have moved on meanwhile; what it keeps is newer.
      if (kept.refreshToken !== sent.refresh_token) return
      await (refreshToken === undefined ? signedOut() : write({ ...kept, refreshToken }))
    },
    async signedIn({ refreshToken, deviceToken }) {
      if (refreshToken !== undefined)
        await write({ refreshToken, ...(deviceToken !== undefined && { deviceToken }) })
    },
    async prepareSignOut() {
      const { refreshToken } = await read()
      return refreshToken === undefined ? undefined : { refresh_token: refreshToken }
    },
    signedOut,
  }
}

function parse(text: string | null): Kept {
  try {
    const kept: unknown = JSON.parse(text ?? 'null')
    if (typeof kept !== 'object' || kept === null) return {}
    const texts = Object.entries(kept).filter(([, value]) => typeof value === 'string')
    return Object.fromEntries(texts)
  } catch {
    return {}
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
