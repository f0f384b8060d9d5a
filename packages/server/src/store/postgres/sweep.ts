// Deletes what nobody can present any more, and blanks where old audit rows came from: a little at a time. Nodes that
// sweep at once take different rows.
import { forgetAfterMs } from '../attempts.ts'
import type { Sweep } from '../store.ts'
import type { Query } from './pool.ts'

const keepEndedSeconds = 7 * 86_400
const atOnce = 1_000

/** Whether there is more to do. */
export async function sweep(query: Query, { now, placesSeconds, rowsSeconds }: Sweep): Promise<boolean> {
  let isMore = false
  const take = async (sql: string, value: number): Promise<void> => {
    if ((await query(sql, [value])).count === atOnce) isMore = true
  }
  const clear = (table: string, key: string, condition: string, value: number): Promise<void> =>
    take(
      `DELETE FROM ${table} WHERE ${key} IN ` +
        `(SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)`,
      value,
    )
  await clear('revocations', 'seq', 'expires_at <= $1', now)
  await clear('sessions', 'id', 'expires_at <= $1', now - keepEndedSeconds)
  await clear('one_time', 'id', 'expires_at <= $1', now - keepEndedSeconds)
  await clear('attempts', 'bucket', 'last_at_ms <= $1', now * 1000 - forgetAfterMs)
  await clear('reserved_names', 'canonical_name', 'reserved_until <= $1', now)
  if (rowsSeconds !== undefined) await clear('audit', 'seq', 'at_ms <= $1', (now - rowsSeconds) * 1000)
  await take(
    'UPDATE audit SET address = NULL, device = NULL WHERE seq IN ' +
      '(SELECT seq FROM audit WHERE at_ms <= $1 AND (address IS NOT NULL OR device IS NOT NULL) ' +
      `ORDER BY at_ms LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)`,
    (now - placesSeconds) * 1000,
  )
  return isMore
}
