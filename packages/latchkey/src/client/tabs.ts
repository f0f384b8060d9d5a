// The other tabs of this origin, over a BroadcastChannel: they tell each other what became of the session, and one
// at a time works on it. The exclusion is Ricart and Agrawala's: who wants to work asks all others, and goes ahead
// when each has answered; who works, or asked first, answers afterwards. "First" is Lamport's: by time, then by name.
import type { ErrorCode } from '../base/errors.ts'
import { turnLimitMs } from './ask-server.ts'
import { randomId } from './random.ts'
import type { Grant } from './session.ts'

/** What became of the session: it has a new grant, or it ended, with the code when nobody wished it. */
export type News =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'ended'; readonly reason: ErrorCode | undefined }

type Message =
  | { readonly kind: 'hello' }
  | { readonly kind: 'here' }
  | { readonly kind: 'bye' }
  | { readonly kind: 'news'; readonly news: News }
  | { readonly kind: 'ask'; readonly time: number }
  | { readonly kind: 'later'; readonly to: string }
  | { readonly kind: 'go'; readonly to: string }

export interface Tabs {
  tell(news: News): void
  /** Waits until no other tab is at work; all that they told is heard by then. Gives the end of the work. */
  enter(): Promise<() => void>
}

/** One tab's wish to work, from its question to the end of its work. */
interface Turn {
  readonly time: number
  /** Who has not answered yet. */
  readonly awaited: Set<string>
  /** Who answered that they are first. */
  readonly busy: Set<string>
  /** Who waits until we are done. */
  readonly askers: Set<string>
  proceed(): void
}

/** A tab that says nothing for so long is frozen, or gone without a word. */
const silenceLimitMs = 500

/** Joins the tabs that share the session of this name. Where there are no channels, each is alone. */
export function joinTabs(name: string, hear: (news: News) => void): Tabs {
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : undefined
  const id = randomId()
  const others = new Set<string>()
  let turn: Turn | undefined
  let latestTime = 0

  const send = (message: Message): void => channel?.postMessage({ ...message, from: id })
  const stopAwaiting = (tab: string): void => {
    if (turn?.awaited.delete(tab) && turn.awaited.size === 0) turn.proceed()
  }

  const isOurs = (asked: { time: number; from: string }): boolean =>
    turn !== undefined && (turn.time < asked.time || (turn.time === asked.time && id < asked.from))

  const answers: {
    [K in Message['kind']]: (message: Extract<Message, { kind: K }> & { from: string }) => void
  } = {
    hello: () => send({ kind: 'here' }),
    here: () => {},
    news: ({ news }) => hear(news),
    ask(asked) {
      latestTime = Math.max(latestTime, asked.time)
      const isFirst = isOurs(asked)
      if (isFirst) turn?.askers.add(asked.from)
      send({ kind: isFirst ? 'later' : 'go', to: asked.from })
    },
    later: ({ to, from }) => to === id && turn?.busy.add(from),
    go: ({ to, from }) => to === id && stopAwaiting(from),
    bye({ from }) {
      others.delete(from)
      stopAwaiting(from)
    },
  }
  channel?.addEventListener('message', ({ data }) => {
    others.add(data.from)
    // A newer version of this in another tab may say more than we know.
    answers[data.kind as Message['kind']]?.(data)
  })
  globalThis.addEventListener?.('pagehide', () => send({ kind: 'bye' }))
  globalThis.addEventListener?.('pageshow', () => send({ kind: 'hello' }))
  send({ kind: 'hello' })

  const leave = (): void => {
    const askers = turn?.askers ?? []
    turn = undefined
    for (const to of askers) send({ kind: 'go', to })
  }

  return {
    tell: news => send({ kind: 'news', news }),
    async enter() {
      latestTime = Math.max(latestTime + 1, Date.now())
      const awaited = new Set(others)
      const busy = new Set<string>()
      const allAnswered = new Promise<void>(proceed => {
        turn = { time: latestTime, awaited, busy, askers: new Set(), proceed }
      })
      if (awaited.size === 0) return leave
      const giveUpOn = (isGone: (tab: string) => boolean): void => {
        for (const tab of [...awaited].filter(isGone)) {
          others.delete(tab)
          stopAwaiting(tab)
        }
      }
      const timers = [
        setTimeout(giveUpOn, silenceLimitMs, (tab: string) => !busy.has(tab)),
        setTimeout(giveUpOn, turnLimitMs, () => true),
      ]
      send({ kind: 'ask', time: latestTime })
      await allAnswered
      for (const timer of timers) clearTimeout(timer)
      return leave
    },
  }
}
