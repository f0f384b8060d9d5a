// Deletes what nobody can present any more, a little at a time. Nodes that sweep at once take different rows.
import { forgetAfterMs } from '../attempts.ts'
import type { Query } from './pool.ts'

const keepEndedSeconds = 7 * 86_400
const atOnce = 1_000

export async function sweep(
  query: Query,
  { now, auditRetentionSeconds }: { now: number; auditRetentionSeconds: number },
): Promise<void> {
  const clear = (table: string, key: string, condition: string, value: number) =>
    query(
      `DELETE FROM ${table} WHERE ${key} IN ` +
        `(SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)`,
      [value],
    )
  await clear('revocations', 'seq', 'expires_at <= $1', now)
  await clear('sessions', 'id', 'expires_at <= $1', now - keepEndedSeconds)
  await clear('one_time', 'id', 'expires_at <= $1', now - keepEndedSeconds)
  await clear('attempts', 'bucket', 'last_at_ms <= $1', now * 1000 - forgetAfterMs)
  await clear('reserved_names', 'canonical_name', 'reserved_until <= $1', now)
  await clear('audit', 'seq', 'at_ms <= $1', (now - auditRetentionSeconds) * 1000)
}
