// How long a bucket of attempts has to wait: the judgement that every engine makes inside its transaction.
import type { AttemptBucket } from './records.ts'

/** What a bucket remembers: attempts in a row that did not succeed, and when the next one may be made. */
export interface AttemptRow {
  failures: number
  lastAtMs: number
  nextAtMs: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

interface AttemptPolicy {
  /** Attempts in a row before the first wait. */
  free: number
  /** The first wait; each next one is twice as long. */
  firstWaitMs: number
  longestWaitMs: number
  /** After so many in a row each costs `exhaustedWaitMs`. A delay still, and never a lock. */
  exhaustedAfter: number
  exhaustedWaitMs: number
  /** A bucket that was left alone for this long begins anew. */
  forgetAfterMs: number
}

/** What is counted, a row each. */
const policies = {
  /** Guesses at a password; a hundred in a row by NIST SP 800-63B-4 3.2.2. */
  password: {
    free: 10,
    firstWaitMs: second,
    longestWaitMs: 15 * minute,
    exhaustedAfter: 100,
    exhaustedWaitMs: hour,
    forgetAfterMs: 24 * hour,
  },
  /** Wrong secrets of a client. */
  client: {
    free: 10,
    firstWaitMs: second,
    longestWaitMs: minute,
    exhaustedAfter: Number.POSITIVE_INFINITY,
    exhaustedWaitMs: minute,
    forgetAfterMs: hour,
  },
  /** Mails to one address that somebody asked for: five, then none until an hour after the last. */
  mail: {
    free: 5,
    firstWaitMs: hour,
    longestWaitMs: hour,
    exhaustedAfter: Number.POSITIVE_INFINITY,
    exhaustedWaitMs: hour,
    forgetAfterMs: hour,
  },
} as const satisfies Record<AttemptBucket['policy'], AttemptPolicy>

/** No bucket is remembered for longer after its last attempt. */
export const forgetAfterMs = Math.max(...Object.values(policies).map(policy => policy.forgetAfterMs))

/** How long a bucket waits from now on; undefined when an attempt may be made. */
export function waitOf(
  row: AttemptRow | undefined,
  policy: AttemptBucket['policy'],
  nowMs: number,
): number | undefined {
  if (row === undefined || row.nextAtMs <= nowMs) return undefined
  const waitMs = row.nextAtMs - nowMs
  const { longestWaitMs, exhaustedWaitMs } = policies[policy]
  // A clock that was set back must not make anybody wait longer than the rules say.
  return waitMs > Math.max(longestWaitMs, exhaustedWaitMs) ? undefined : waitMs
}

/** The bucket after one more attempt, counted as failed until somebody says otherwise. */
export function afterAttempt(
  row: AttemptRow | undefined,
  policy: AttemptBucket['policy'],
  nowMs: number,
): AttemptRow {
  const isFresh = row === undefined || nowMs - row.lastAtMs >= policies[policy].forgetAfterMs
  const failures = isFresh ? 1 : row.failures + 1
  return { failures, lastAtMs: nowMs, nextAtMs: nowMs + waitAfter(failures, policies[policy]) }
}

function waitAfter(failures: number, policy: AttemptPolicy): number {
  if (failures < policy.free) return 0
  if (failures >= policy.exhaustedAfter) return policy.exhaustedWaitMs
  return Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (failures - policy.free))
}
