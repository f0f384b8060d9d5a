// The verbs of counted attempts. Counting happens before the comparison and is the comparison's leave to run.
import { type AttemptRow, afterAttempt, waitOf } from '../attempts.ts'
import type { AttemptBucket, AttemptWait } from '../records.ts'
import type { Connection } from './connection.ts'

/** Counts in each bucket in turn, up to the first that has to wait. */
export function countAttempts(
  db: Connection,
  { buckets, nowMs }: { buckets: readonly AttemptBucket[]; nowMs: number },
): AttemptWait | undefined {
  for (const [index, { place, policy }] of buckets.entries()) {
    const row = findAttempts(db, place)
    const waitMs = waitOf(row, policy, nowMs)
    if (waitMs !== undefined) return { waiting: index, waitMs }
    const next = afterAttempt(row, policy, nowMs)
    db.prepare(
      'INSERT OR REPLACE INTO attempts (bucket, failures, last_at_ms, next_at_ms) VALUES (?, ?, ?, ?)',
    ).run(place, next.failures, next.lastAtMs, next.nextAtMs)
  }
  return undefined
}

export function clearAttempts(db: Connection, buckets: readonly AttemptBucket[]): void {
  for (const { place } of buckets) db.prepare('DELETE FROM attempts WHERE bucket = ?').run(place)
}

function findAttempts(db: Connection, place: number): AttemptRow | undefined {
  const row = db.prepare('SELECT failures, last_at_ms, next_at_ms FROM attempts WHERE bucket = ?').get(place)
  if (row === undefined) return undefined
  return {
    failures: Number(row['failures']),
    lastAtMs: Number(row['last_at_ms']),
    nextAtMs: Number(row['next_at_ms']),
  }
}
