// The verbs of one-time things. Consuming is one compare-and-swap, the only way to use one.
import type { AuditRecord, NewMail, OneTimeId, OneTimeRecord } from '../records.ts'
import { ownerOf } from '../sqlite/one-time.ts'
import { oneTimeColumns, oneTimeFromRow, rowFromOneTime } from '../sqlite/rows.ts'
import type { OneTimeUse } from '../store.ts'
import { queueMail } from './mails.ts'
import type { Query } from './pool.ts'
import { insert, instantMs, lockUser, writeAudit } from './statements.ts'

export interface OneTimeIssue {
  oneTime: OneTimeRecord
  mail: NewMail | undefined
  audit: AuditRecord | undefined
}

/** A new one replaces the user's older ones of the same purpose, and any older first administrator's link. */
export async function issueOneTime(query: Query, { oneTime, mail, audit }: OneTimeIssue): Promise<void> {
  const owner = ownerOf(oneTime)
  // A row of nobody is no row: nothing is locked, in the same time.
  if (owner !== null) await lockUser(query, owner)
  await query(
    'DELETE FROM one_time WHERE user_id IS NOT DISTINCT FROM $1 AND purpose = $2 AND consumed_at IS NULL',
    [owner, oneTime.purpose],
  )
  await insert(query, 'one_time', rowFromOneTime(oneTime))
  if (mail !== undefined) await queueMail(query, mail)
  if (audit !== undefined) await writeAudit(query, audit)
}

export async function findOneTime(query: Query, id: OneTimeId): Promise<OneTimeRecord | undefined> {
  const { rows } = await query(`SELECT ${oneTimeColumns} FROM one_time WHERE id = $1`, [id])
  return rows[0] && oneTimeFromRow(rows[0])
}

/** `nowMs`: the instant when it is not the database's own that counts. */
export async function consume(
  query: Query,
  { id, purpose }: OneTimeUse,
  nowMs: number | undefined,
): Promise<OneTimeRecord | undefined> {
  const { rows } = await query(
    `UPDATE one_time SET consumed_at = ${instantMs(3)} / 1000 ` +
      `WHERE id = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > ${instantMs(3)} / 1000 ` +
      `RETURNING ${oneTimeColumns}`,
    [id, purpose, nowMs ?? null],
  )
  return rows[0] && oneTimeFromRow(rows[0])
}
