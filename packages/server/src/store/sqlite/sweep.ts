// Deletes what nobody can present any more, and blanks where old audit rows came from: a little at a time, so that no
// other write waits long.
import { forgetAfterMs } from '../attempts.ts'
import type { Sweep } from '../store.ts'
import type { Connection } from './connection.ts'

const keepEndedSeconds = 7 * 86_400
const atOnce = 1_000

/** Whether there is more to do. */
export function sweep(db: Connection, { now, placesSeconds, rowsSeconds }: Sweep): boolean {
  let isMore = false
  const take = (sql: string, value: number): void => {
    if (Number(db.prepare(sql).run(value).changes) === atOnce) isMore = true
  }
  const clear = (table: string, key: string, condition: string, value: number): void =>
    take(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${atOnce})`,
      value,
    )
  clear('revocations', 'seq', 'expires_at <= ?', now)
  clear('sessions', 'id', 'expires_at <= ?', now - keepEndedSeconds)
  clear('one_time', 'id', 'expires_at <= ?', now - keepEndedSeconds)
  clear('attempts', 'bucket', 'last_at_ms <= ?', now * 1000 - forgetAfterMs)
  clear('reserved_names', 'canonical_name', 'reserved_until <= ?', now)
  if (rowsSeconds !== undefined) clear('audit', 'seq', 'at_ms <= ?', (now - rowsSeconds) * 1000)
  take(
    'UPDATE audit SET address = NULL, device = NULL WHERE seq IN ' +
      '(SELECT seq FROM audit WHERE at_ms <= ? AND (address IS NOT NULL OR device IS NOT NULL) ' +
      `ORDER BY at_ms LIMIT ${atOnce})`,
    (now - placesSeconds) * 1000,
  )
  return isMore
}
