// Guesses at passwords: counted before anything is compared, by one counter for all spellings of a name and for its
// address. A delay, never a lock.
import { createHmac } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { UserRecord } from '../store/records.ts'
import type { AuthContext } from './context.ts'
import { canonicalName } from './username.ts'

/** An attempt that was counted. */
export interface Attempt {
  /**
   * Whether the account itself has to wait, though this spelling of it need not. It is refused as a wrong password is:
   * a wait would tell that an address belongs to the account that somebody else is guessing at.
   */
  isWaiting: boolean
  /** Forgets the failures so far; for after the last factor. */
  succeed(): Promise<void>
}

/** The table has at most this many rows, whatever is guessed; two names share one with a chance of one in a million. */
const bucketBits = 20

/**
 * Counts an attempt at the password of whoever answers to `name`, existing or not: the same work, the same answers.
 * Throws `rate_limited` with the seconds to wait.
 */
export async function countAttempt(
  context: AuthContext,
  { name, user }: { name: string; user: UserRecord | undefined },
): Promise<Attempt> {
  if (context.rules.limits === 'off') return { isWaiting: false, succeed: async () => undefined }
  const given = canonicalName(name)
  const buckets = [
    bucketOf(context, 'given', given),
    bucketOf(context, 'account', user?.canonicalName ?? given),
  ]
  const nowMs = context.clock()
  const wait = await context.store.countAttempts(buckets, nowMs)
  if (wait?.waiting === 0) {
    throw new LatchkeyError('rate_limited', {
      retryAfterSeconds: Math.max(1, Math.ceil((wait.untilMs - nowMs) / 1000)),
    })
  }
  return { isWaiting: wait !== undefined, succeed: () => context.store.clearAttempts(buckets) }
}

/** Names are kept as places in a table that nobody can look up without the master key. */
function bucketOf({ master }: AuthContext, kind: string, name: string): number {
  const digest = createHmac('sha256', master.throttle).update(`${kind}\0${name}`).digest()
  return digest.readUInt32BE(0) >>> (32 - bucketBits)
}
