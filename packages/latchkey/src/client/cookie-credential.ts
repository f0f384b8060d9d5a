// Browser sessions: the refresh token is a cookie that no script sees. Only the attempt is kept here; it opens nothing.
import type { Credential } from './credential.ts'
import { randomId } from './random.ts'

export function cookieCredential(name: string): Credential {
  const attempt = persistent(`${name}.attempt`)
  const forget = async (): Promise<void> => attempt.set(undefined)
  return {
    fetchCredentials: 'include',
    prepareSignIn: async () => ({ session: 'cookie' }),
    async prepareRenewal() {
      const kept = attempt.get() ?? randomId()
      attempt.set(kept)
      return { attempt: kept }
    },
    settleRenewal: forget,
    signedIn: forget,
    prepareSignOut: async () => ({}),
    signedOut: forget,
  }
}

/** A text that outlives the page, where the browser allows it. */
function persistent(key: string): { get(): string | undefined; set(value: string | undefined): void } {
  let kept: string | undefined
  const use = (act: (storage: Storage) => void): void => {
    try {
      act(localStorage)
    } catch {
      // Storage is switched off: what is kept lasts as long as the page.
    }
  }
  return {
    get() {
      use(storage => {
        kept = storage.getItem(key) ?? undefined
      })
      return kept
    },
    set(value) {
      kept = value
      use(storage => (value === undefined ? storage.removeItem(key) : storage.setItem(key, value)))
    },
  }
}
