// What was revoked within one longest access lifetime, in this process's memory: one look-up a request.
import { RevocationSet } from 'latchkey'
import type { RevocationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

export interface Revocations {
  /** Whether tokens with one of these are dead: what a token calls its session, its own id, its key's id. */
  isRevoked(...ids: readonly unknown[]): boolean
  /** Applies what this process has just committed, before it answers. */
  apply(entries: readonly RevocationRecord[]): void
  /** Reads what other processes wrote since the last read, and forgets a part of what nothing concerns any more. */
  catchUp(): Promise<void>
  /** Whether the log could not be read for so long that a revocation elsewhere may have been missed. */
  isStale(): boolean
  readonly size: number
}

const staleAfterMs = 10_000
/** Places of the set that are looked at with each read: a million come round in a minute or two. */
const slotsAtOnce = 4_096

/** A set that has read the whole live log once: no guarded request may pass before that. */
export async function openRevocations(store: Store, clock: () => number): Promise<Revocations> {
  const revoked = new RevocationSet()
  let cursor = 0
  let readAtMs = 0

  const now = (): number => Math.floor(clock() / 1000)
  const apply = (entries: readonly RevocationRecord[]): void => {
    for (const { id, expiresAt } of entries) revoked.add(id, expiresAt)
  }
  const catchUp = async (): Promise<void> => {
    const startedMs = performance.now()
    const log = await store.readRevocations(cursor, now())
    apply(log.entries)
    cursor = log.cursor
    readAtMs = startedMs
    revoked.forget(now(), slotsAtOnce)
  }

  await catchUp()
  return {
    isRevoked: (...ids) => ids.some(id => typeof id === 'string' && revoked.has(id)),
    apply,
    catchUp,
    isStale: () => performance.now() - readAtMs > staleAfterMs,
    get size() {
      return revoked.size
    },
  }
}
