// One at a time: whoever changes the session (signs in, renews, signs out) takes turns with this tab's other callers
// and with the other tabs. Nothing here decides whether the session is right; the server stays right without it.
import { turnLimitMs } from './ask-server.ts'
import type { Tabs } from './tabs.ts'

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Turns among the callers of this tab and, with a `shared` name and its tabs, among those of all. */
export function takeTurns(shared?: { name: string; tabs: Tabs }): Turns {
  let last: Promise<unknown> = Promise.resolve()
  const alone: Turns = async work => {
    if (shared === undefined) return work()
    const unlock = await lock(shared.name)
    try {
      const leave = await shared.tabs.enter()
      try {
        return await work()
      } finally {
        leave()
      }
    } finally {
      unlock()
    }
  }
  return work => {
    const mine = last.then(() => alone(work))
    last = mine.catch(() => {})
    return mine
  }
}

/**
 * Takes a Web Lock and gives its release. Where there are no Web Locks, and when a tab sits on this one for longer
 * than any answer takes (a page stopped by a dialogue), goes on without: the server gives both the same successor.
 */
function lock(name: string): Promise<() => void> {
  const { locks } = globalThis.navigator ?? {}
  return new Promise(resolve => {
    const withoutIt = (): void => resolve(() => {})
    if (locks === undefined) return withoutIt()
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), turnLimitMs)
    const held = (): Promise<void> =>
      new Promise(release => {
        clearTimeout(timer)
        resolve(release)
      })
    locks.request(name, { signal: limit.signal }, held).catch(withoutIt)
  })
}
