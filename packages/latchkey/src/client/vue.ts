// Vue: the provider holds the client's session, the composable reads it.
import {
  type ComputedRef,
  computed,
  defineComponent,
  type InjectionKey,
  inject,
  onScopeDispose,
  type PropType,
  provide,
  shallowRef,
} from 'vue'
import type { Client } from './client.ts'
import type { User } from './session.ts'
import { type SessionActs, type SessionStatus, type SessionView, viewSession } from './session-view.ts'

export type { SessionState, SessionStatus } from './session-view.ts'

const sessionKey: InjectionKey<SessionView> = Symbol('latchkey')

/** Gives the components inside it the session of `client`, which stays the same one for as long as this is mounted. */
export const LatchkeyProvider = defineComponent({
  name: 'LatchkeyProvider',
  props: { client: { type: Object as PropType<Client>, required: true } },
  setup(props, { slots }) {
    provide(sessionKey, viewSession(props.client))
    return () => slots['default']?.()
  },
})

/**
 * Who is signed in, as refs, and the acts of a login page. Call it in `setup`. Throws a TypeError outside of a
 * LatchkeyProvider.
 */
export function useSession(): SessionActs & {
  readonly user: ComputedRef<User | undefined>
  readonly status: ComputedRef<SessionStatus>
} {
  const view = inject(sessionKey, undefined)
  if (view === undefined) throw new TypeError('useSession needs a LatchkeyProvider around it')
  const state = shallowRef(view.current())
  const unwatch = view.watch(() => {
    state.value = view.current()
  })
  onScopeDispose(unwatch)
  return {
    user: computed(() => state.value.user),
    status: computed(() => state.value.status),
    signIn: view.signIn,
    signOut: view.signOut,
  }
}
