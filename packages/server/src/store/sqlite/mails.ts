// The verbs of the mail queue.
import type { MailRecord, NewMail } from '../records.ts'
import type { Connection } from './connection.ts'
import { mailFromRow, type Row } from './rows.ts'

export function queueMail(db: Connection, mail: NewMail): void {
  db.prepare(
    'INSERT INTO mails (purpose, user_id, address, one_time_id, created_at, attempts, due_at) VALUES (?, ?, ?, ?, ?, 0, ?)',
  ).run(
    mail.purpose,
    mail.userId ?? null,
    mail.address,
    mail.oneTimeId ?? null,
    mail.createdAt,
    mail.createdAt,
  )
}

export function takeMails(
  db: Connection,
  { now, busyUntil, limit }: { now: number; busyUntil: number; limit: number },
): MailRecord[] {
  return db
    .prepare(
      'UPDATE mails SET due_at = ?, attempts = attempts + 1 WHERE id IN ' +
        '(SELECT id FROM mails WHERE due_at <= ? ORDER BY due_at, id LIMIT ?) ' +
        'RETURNING id, purpose, user_id, address, one_time_id, created_at, attempts',
    )
    .all(busyUntil, now, limit)
    .map(row => mailFromRow(row as Row))
}

export function mailSent(db: Connection, id: number): void {
  db.prepare('DELETE FROM mails WHERE id = ?').run(id)
}

export function mailFailed(
  db: Connection,
  { id, retryAt }: { id: number; retryAt: number | undefined },
): void {
  if (retryAt === undefined) mailSent(db, id)
  else db.prepare('UPDATE mails SET due_at = ? WHERE id = ?').run(retryAt, id)
}
