// The verbs of counted attempts. Counting happens before the comparison and is the comparison's leave to run.
import { type AttemptRow, afterAttempt, waitsUntil } from '../attempts.ts'
import type { Query } from './pool.ts'

/** Counts in each bucket in turn, up to the first that has to wait. */
export async function countAttempts(
  query: Query,
  { buckets, nowMs }: { buckets: readonly number[]; nowMs: number },
): Promise<{ waiting: number; untilMs: number } | undefined> {
  for (const [index, bucket] of buckets.entries()) {
    const row = await lockedAttempts(query, bucket)
    const untilMs = waitsUntil(row, nowMs)
    if (untilMs !== undefined) return { waiting: index, untilMs }
    const next = afterAttempt(row, nowMs)
    await query('UPDATE attempts SET failures = $1, last_at_ms = $2, next_at_ms = $3 WHERE bucket = $4', [
      next.failures,
      next.lastAtMs,
      next.nextAtMs,
      bucket,
    ])
  }
  return undefined
}

/** The bucket's row, made if need be and locked: who guesses at another node waits for this attempt to be counted. */
async function lockedAttempts(query: Query, bucket: number): Promise<AttemptRow> {
  await query(
    'INSERT INTO attempts (bucket, failures, last_at_ms, next_at_ms) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING',
    [bucket],
  )
  const { rows } = await query(
    'SELECT failures, last_at_ms, next_at_ms FROM attempts WHERE bucket = $1 FOR NO KEY UPDATE',
    [bucket],
  )
  const [row] = rows
  return {
    failures: Number(row?.['failures'] ?? 0),
    lastAtMs: Number(row?.['last_at_ms'] ?? 0),
    nextAtMs: Number(row?.['next_at_ms'] ?? 0),
  }
}

export async function clearAttempts(query: Query, buckets: readonly number[]): Promise<void> {
  await query('DELETE FROM attempts WHERE bucket = ANY($1::bigint[])', [buckets])
}
