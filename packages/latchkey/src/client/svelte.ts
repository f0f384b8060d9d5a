// Svelte: the session as a readable store, so that `$session.user` follows it.
import { getContext, setContext } from 'svelte'
import type { Client } from './client.ts'
import { type SessionActs, type SessionState, type SessionView, viewSession } from './session-view.ts'

export type { SessionState, SessionStatus } from './session-view.ts'

const sessionKey = Symbol('latchkey')

/** A store as Svelte reads it. */
export interface SessionStore {
  /** Calls `run` with the value now and after each change. Gives the end of it. */
  subscribe(run: (value: SessionState & SessionActs) => void): () => void
}

/** Gives the components below the one that calls this, while it is set up, the session of `client`. */
export function provideSession(client: Client): SessionStore {
  const view = viewSession(client)
  setContext(sessionKey, view)
  return storeOf(view)
}

/**
 * Who is signed in and the acts of a login page, as a store. Call it while a component is set up. Throws a TypeError
 * where no component above called `provideSession`.
 */
export function useSession(): SessionStore {
  const view = getContext<SessionView | undefined>(sessionKey)
  if (view === undefined) throw new TypeError('useSession needs a component above that calls provideSession')
  return storeOf(view)
}

function storeOf(view: SessionView): SessionStore {
  const value = (): SessionState & SessionActs => ({
    ...view.current(),
    signIn: view.signIn,
    signOut: view.signOut,
  })
  return {
    subscribe(run) {
      run(value())
      return view.watch(() => run(value()))
    },
  }
}
