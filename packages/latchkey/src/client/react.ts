'use client'

// React: the provider holds the client's session, the hook reads it. Works with React 18 and newer.
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react'
import type { Client } from './client.ts'
import {
  loading,
  type SessionActs,
  type SessionState,
  type SessionView,
  viewSession,
} from './session-view.ts'

export type { SessionState, SessionStatus } from './session-view.ts'

const SessionContext = createContext<SessionView | undefined>(undefined)

/** Gives the components inside it the session of `client`. Make the client once, outside of components. */
export function LatchkeyProvider(props: {
  readonly client: Client
  readonly children?: ReactNode
}): ReactElement {
  const view = useMemo(() => viewSession(props.client), [props.client])
  return createElement(SessionContext.Provider, { value: view }, props.children)
}

/**
 * Who is signed in, and the acts of a login page. The component renders again when that changes; rendered on a server
 * it is `loading`. Throws a TypeError outside of a LatchkeyProvider.
 */
export function useSession(): SessionState & SessionActs {
  const view = useContext(SessionContext)
  if (view === undefined) throw new TypeError('useSession needs a LatchkeyProvider around it')
  const state = useSyncExternalStore(view.watch, view.current, () => loading)
  return { ...state, signIn: view.signIn, signOut: view.signOut }
}
