// Who wants to know what becomes of the session. Each is called on its own, in order, never while a turn is held: a
// listener may use the client as it likes, and one that throws stops nobody else.
import type { Session } from './session.ts'

/** What happened to the session. Each listener hears `INITIAL_SESSION` first, and once. */
export type AuthEvent = 'INITIAL_SESSION' | 'SIGNED_IN' | 'SIGNED_OUT' | 'TOKEN_REFRESHED' | 'USER_UPDATED'

/** Hears what happened and the session after it; undefined when nobody is signed in. */
export type AuthListener = (event: AuthEvent, session: Session | undefined) => void

export interface Listeners {
  /** Holds everything back until the result is called. */
  pause(): () => void
  say(event: AuthEvent, session: Session | undefined): void
  /** Runs something in its order among what is said. */
  run(act: () => void): void
  add(listener: AuthListener): Hearer
}

interface Hearer {
  /** Tells it what is there already, unless it has heard something. */
  begin(session: Session | undefined): void
  remove(): void
}

export function createListeners(): Listeners {
  const hearers = new Set<{ hear(event: AuthEvent, session: Session | undefined): void }>()
  const waiting: (() => void)[] = []
  let pauses = 0
  const flush = (): void => {
    if (pauses === 0) for (const act of waiting.splice(0)) queueMicrotask(act)
  }
  const run = (act: () => void): void => {
    waiting.push(act)
    flush()
  }
  return {
    pause() {
      pauses++
      return () => {
        pauses--
        flush()
      }
    },
    run,
    say(event, session) {
      for (const hearer of hearers) hearer.hear(event, session)
    },
    add(listener) {
      let hasBegun = false
      const hearer = {
        hear(event: AuthEvent, session: Session | undefined): void {
          const heard = hasBegun ? event : 'INITIAL_SESSION'
          hasBegun = true
          run(() => {
            if (hearers.has(hearer)) listener(heard, session)
          })
        },
      }
      hearers.add(hearer)
      return {
        begin(session) {
          if (!hasBegun) hearer.hear('INITIAL_SESSION', session)
        },
        remove: () => hearers.delete(hearer),
      }
    },
  }
}
