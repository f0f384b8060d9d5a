// The verbs of counted attempts. Counting happens before the comparison and is the comparison's leave to run.
import { type AttemptRow, afterAttempt, waitOf } from '../attempts.ts'
import type { AttemptBucket, AttemptWait } from '../records.ts'
import type { Query } from './pool.ts'
import { instantMs } from './statements.ts'

/** Counts in each bucket in turn, up to the first that has to wait. `nowMs` is the database's own when it is not given. */
export async function countAttempts(
  query: Query,
  { buckets, nowMs }: { buckets: readonly AttemptBucket[]; nowMs: number | undefined },
): Promise<AttemptWait | undefined> {
  for (const [index, { place, policy }] of buckets.entries()) {
    const { row, atMs } = await lockedAttempts(query, place, nowMs)
    const waitMs = waitOf(row, policy, atMs)
    if (waitMs !== undefined) return { waiting: index, waitMs }
    const next = afterAttempt(row, policy, atMs)
    await query('UPDATE attempts SET failures = $1, last_at_ms = $2, next_at_ms = $3 WHERE bucket = $4', [
      next.failures,
      next.lastAtMs,
      next.nextAtMs,
      place,
    ])
  }
  return undefined
}

/**
 * The bucket's row, made if need be and locked: who guesses at another node waits for this attempt to be counted.
 * The instant is read with the lock held, so that no wait for it counts as time that has passed.
 */
async function lockedAttempts(
  query: Query,
  place: number,
  nowMs: number | undefined,
): Promise<{ row: AttemptRow; atMs: number }> {
  await query(
    'INSERT INTO attempts (bucket, failures, last_at_ms, next_at_ms) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING',
    [place],
  )
  const { rows } = await query(
    'WITH locked AS MATERIALIZED ' +
      '(SELECT failures, last_at_ms, next_at_ms FROM attempts WHERE bucket = $1 FOR NO KEY UPDATE) ' +
      `SELECT *, ${instantMs(2)} AS at_ms FROM locked`,
    [place, nowMs ?? null],
  )
  const [row] = rows
  // A success has just deleted it: an attempt that nobody counts must not be made.
  if (row === undefined) return lockedAttempts(query, place, nowMs)
  return {
    row: {
      failures: Number(row['failures']),
      lastAtMs: Number(row['last_at_ms']),
      nextAtMs: Number(row['next_at_ms']),
    },
    atMs: Number(row['at_ms']),
  }
}

export async function clearAttempts(query: Query, buckets: readonly AttemptBucket[]): Promise<void> {
  await query('DELETE FROM attempts WHERE bucket = ANY($1::bigint[])', [buckets.map(({ place }) => place)])
}
