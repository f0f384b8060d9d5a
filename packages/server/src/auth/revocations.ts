// What was revoked within one longest access lifetime, in this process's memory: one look-up a request.
import { RevocationSet } from 'latchkey'
import type { RevocationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

export interface Revocations {
  /** Whether tokens with one of these are dead: what a token calls its session, its own id, its key's id. */
  isRevoked(...ids: readonly unknown[]): boolean
  /** Applies what this process has just committed, before it answers. */
  apply(entries: readonly RevocationRecord[]): void
  /** Reads what other processes wrote since the last read. A call during a read is served by one more read. */
  catchUp(): Promise<void>
  /** Whether the log could not be read for so long that a revocation elsewhere may have been missed. */
  isStale(): boolean
  /** Milliseconds since the log was last read. */
  ageMs(): number
  /** What is revoked now: an id, and when it may be forgotten. */
  entries(): IterableIterator<[id: string, expiresAt: number]>
  /** Calls with what is new to this process, from here or from elsewhere. Gives the way to end that. */
  subscribe(listener: (entries: readonly RevocationRecord[]) => void): () => void
  readonly size: number
}

/** As long as a guard elsewhere trusts its feed: a node without its database goes on for a minute. */
const staleAfterMs = 60_000
/** The whole log is read again this often, whatever the cursor says. */
const wholeEachMs = 60_000
/** Places of the set that are looked at with each read for what is over: a million come round in a while. */
const slotsAtOnce = 8_192

/** A set that has read the whole live log once: no guarded request may pass before that. */
export async function openRevocations(store: Store, clock: () => number): Promise<Revocations> {
  const set = new RevocationSet()
  const listeners = new Set<(entries: readonly RevocationRecord[]) => void>()
  let cursor: string | undefined
  let readAtMs = performance.now()
  let wholeAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  let isWanted = false

  const now = (): number => Math.floor(clock() / 1000)
  const apply = (entries: readonly RevocationRecord[]): void => {
    const fresh = entries.filter(({ id, expiresAt }) => set.add(id, expiresAt))
    if (fresh.length > 0) for (const listener of listeners) listener(fresh)
  }
  const read = async (): Promise<void> => {
    const startedMs = performance.now()
    const isWhole = startedMs - wholeAtMs > wholeEachMs
    const log = await store.readRevocations(isWhole ? undefined : cursor, now())
    apply(log.entries)
    cursor = log.cursor
    readAtMs = startedMs
    if (isWhole) wholeAtMs = startedMs
    set.forget(now(), slotsAtOnce)
  }
  const readUntilNobodyAsks = async (): Promise<void> => {
    do {
      isWanted = false
      await read()
    } while (isWanted)
  }
  const catchUp = (): Promise<void> => {
    isWanted = true
    reading ??= readUntilNobodyAsks().finally(() => {
      reading = undefined
    })
    return reading
  }

  await catchUp()
  return {
    isRevoked: (...ids) => ids.some(id => typeof id === 'string' && set.has(id)),
    apply,
    catchUp,
    isStale: () => performance.now() - readAtMs > staleAfterMs,
    ageMs: () => performance.now() - readAtMs,
    entries: () => set.entries(),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get size() {
      return set.size
    },
  }
}
