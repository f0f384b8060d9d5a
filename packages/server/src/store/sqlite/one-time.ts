// The verbs of one-time things. Consuming is one compare-and-swap, the only way to use one.
import type { AuditRecord, NewMail, OneTimeId, OneTimeRecord } from '../records.ts'
import type { OneTimeUse } from '../store.ts'
import { type Connection, writeAudit } from './connection.ts'
import { queueMail } from './mails.ts'
import { oneTimeColumns, oneTimeFromRow, placeholders, type Row, rowFromOneTime } from './rows.ts'

export interface OneTimeIssue {
  oneTime: OneTimeRecord
  mail: NewMail | undefined
  audit: AuditRecord | undefined
}

/** A new one replaces the user's older ones of the same purpose, and any older first administrator's link. */
export function issueOneTime(db: Connection, { oneTime, mail, audit }: OneTimeIssue): void {
  db.prepare('DELETE FROM one_time WHERE user_id IS ? AND purpose = ? AND consumed_at IS NULL').run(
    ownerOf(oneTime),
    oneTime.purpose,
  )
  db.prepare(`INSERT INTO one_time (${oneTimeColumns}) VALUES (${placeholders(oneTimeColumns)})`).run(
    rowFromOneTime(oneTime),
  )
  if (mail !== undefined) queueMail(db, mail)
  if (audit !== undefined) writeAudit(db, audit)
}

/**
 * Whose older things a new one replaces. One of nobody replaces nothing, by the same statement as one of somebody, so
 * that time does not tell which it is: no user has the thing's own id.
 */
export function ownerOf({ id, userId, purpose }: OneTimeRecord): string | null {
  return userId ?? (purpose === 'first_admin' ? null : id)
}

export function findOneTime(db: Connection, id: OneTimeId): OneTimeRecord | undefined {
  const row = db.prepare(`SELECT ${oneTimeColumns} FROM one_time WHERE id = ?`).get(id)
  return row === undefined ? undefined : oneTimeFromRow(row as Row)
}

export function consume(db: Connection, { id, purpose, now }: OneTimeUse): OneTimeRecord | undefined {
  const { changes } = db
    .prepare(
      'UPDATE one_time SET consumed_at = ? WHERE id = ? AND purpose = ? AND consumed_at IS NULL AND expires_at > ?',
    )
    .run(now, id, purpose, now)
  return changes === 1 ? findOneTime(db, id) : undefined
}
