// The session as the frameworks' bindings show it: one value that changes, and the two acts of a login page.
import type { Client, SignIn } from './client.ts'
import type { Session, User } from './session.ts'

/**
 * `loading` until it is known whether there is a session. `unreachable`: it cannot be known, because the login server
 * could not be reached; it is asked again once the browser is online.
 */
export type SessionStatus = 'loading' | 'signed-in' | 'signed-out' | 'unreachable'

export interface SessionState {
  readonly user: User | undefined
  readonly status: SessionStatus
}

/** The acts, the same functions for as long as the client is. */
export interface SessionActs {
  signIn(fields: SignIn): Promise<Session>
  signOut(options?: { readonly all?: boolean }): Promise<void>
}

export interface SessionView extends SessionActs {
  current(): SessionState
  /** Calls the listener after each change. Gives the end of the watching. */
  watch(listener: () => void): () => void
}

/** What is shown where nobody can know yet, as on a server. */
export const loading: SessionState = { user: undefined, status: 'loading' }

/** Looks at a client's session while somebody watches. */
export function viewSession(client: Client): SessionView {
  let state = loading
  let stop = (): void => {}
  const watchers = new Set<() => void>()

  const show = (session: Session | undefined): void =>
    become(session?.user, session ? 'signed-in' : 'signed-out')
  const become = (user: User | undefined, status: SessionStatus): void => {
    if (state.status === status && JSON.stringify(state.user) === JSON.stringify(user)) return
    state = { user, status }
    for (const watcher of [...watchers]) watcher()
  }
  const ask = (): void => {
    client.getSession().then(show, () => {
      if (state.status === 'loading') become(undefined, 'unreachable')
    })
  }
  const askAgain = (): void => {
    if (state.status === 'unreachable') ask()
  }
  const start = (): void => {
    const unlisten = client.onAuthStateChange((_event, session) => show(session))
    globalThis.addEventListener?.('online', askAgain)
    ask()
    stop = () => {
      unlisten()
      globalThis.removeEventListener?.('online', askAgain)
    }
  }

  return {
    signIn: client.signIn,
    signOut: client.signOut,
    current: () => state,
    watch(listener) {
      // One function watching twice is two watchers.
      const watcher = (): void => listener()
      watchers.add(watcher)
      if (watchers.size === 1) start()
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) stop()
      }
    },
  }
}
