// Deletes what nobody can present any more, a little at a time so that no other write waits long.
import { forgetAfterMs } from '../attempts.ts'
import type { Connection } from './connection.ts'

const keepEndedSeconds = 7 * 86_400
const atOnce = 1_000

export function sweep(
  db: Connection,
  { now, auditRetentionSeconds }: { now: number; auditRetentionSeconds: number },
): void {
  const clear = (table: string, key: string, condition: string, value: number): void => {
    db.prepare(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${atOnce})`,
    ).run(value)
  }
  clear('revocations', 'seq', 'expires_at <= ?', now)
  clear('sessions', 'id', 'expires_at <= ?', now - keepEndedSeconds)
  clear('one_time', 'id', 'expires_at <= ?', now - keepEndedSeconds)
  clear('attempts', 'bucket', 'last_at_ms <= ?', now * 1000 - forgetAfterMs)
  clear('reserved_names', 'canonical_name', 'reserved_until <= ?', now)
  clear('audit', 'seq', 'at_ms <= ?', (now - auditRetentionSeconds) * 1000)
}
