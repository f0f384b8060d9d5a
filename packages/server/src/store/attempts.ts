// How long a bucket of attempts has to wait: the judgement that every engine makes inside its transaction.

/** What a bucket remembers: attempts in a row that did not succeed, and when the next one may be made. */
export interface AttemptRow {
  failures: number
  lastAtMs: number
  nextAtMs: number
}

/** Attempts in a row before the first wait. */
const freeAttempts = 10
const longestWaitMs = 15 * 60_000
/** After a hundred in a row (NIST SP 800-63B-4 3.2.2) each costs this. A delay still, and never a lock. */
const exhaustedWaitMs = 60 * 60_000
const exhaustedAfter = 100
/** A bucket that was left alone for this long begins anew. */
export const forgetAfterMs = 24 * 60 * 60_000

/** The instant until which a bucket waits; undefined when an attempt may be made now. */
export function waitsUntil(row: AttemptRow | undefined, nowMs: number): number | undefined {
  if (row === undefined || row.nextAtMs <= nowMs) return undefined
  // A clock that was set back must not make anybody wait longer than the rules say.
  return row.nextAtMs - nowMs > exhaustedWaitMs ? undefined : row.nextAtMs
}

/** The bucket after one more attempt, counted as failed until somebody says otherwise. */
export function afterAttempt(row: AttemptRow | undefined, nowMs: number): AttemptRow {
  const isFresh = row === undefined || nowMs - row.lastAtMs >= forgetAfterMs
  const failures = isFresh ? 1 : row.failures + 1
  return { failures, lastAtMs: nowMs, nextAtMs: nowMs + waitAfter(failures) }
}

function waitAfter(failures: number): number {
  if (failures < freeAttempts) return 0
  if (failures >= exhaustedAfter) return exhaustedWaitMs
  return Math.min(longestWaitMs, 1_000 * 2 ** (failures - freeAttempts))
}
