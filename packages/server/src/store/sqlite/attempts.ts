// The verbs of counted attempts. Counting happens before the comparison and is the comparison's leave to run.
import { type AttemptRow, afterAttempt, waitsUntil } from '../attempts.ts'
import type { Connection } from './connection.ts'

/** Counts in each bucket in turn, up to the first that has to wait. */
export function countAttempts(
  db: Connection,
  { buckets, nowMs }: { buckets: readonly number[]; nowMs: number },
): { waiting: number; untilMs: number } | undefined {
  for (const [index, bucket] of buckets.entries()) {
    const row = findAttempts(db, bucket)
    const untilMs = waitsUntil(row, nowMs)
    if (untilMs !== undefined) return { waiting: index, untilMs }
    const next = afterAttempt(row, nowMs)
    db.prepare(
      'INSERT OR REPLACE INTO attempts (bucket, failures, last_at_ms, next_at_ms) VALUES (?, ?, ?, ?)',
    ).run(bucket, next.failures, next.lastAtMs, next.nextAtMs)
  }
  return undefined
}

export function clearAttempts(db: Connection, buckets: readonly number[]): void {
  for (const bucket of buckets) db.prepare('DELETE FROM attempts WHERE bucket = ?').run(bucket)
}

function findAttempts(db: Connection, bucket: number): AttemptRow | undefined {
  const row = db.prepare('SELECT failures, last_at_ms, next_at_ms FROM attempts WHERE bucket = ?').get(bucket)
  if (row === undefined) return undefined
  return {
    failures: Number(row['failures']),
    lastAtMs: Number(row['last_at_ms']),
    nextAtMs: Number(row['next_at_ms']),
  }
}
