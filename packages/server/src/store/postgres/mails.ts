// The verbs of the mail queue.
import type { MailRecord, NewMail } from '../records.ts'
import { mailFromRow } from '../sqlite/rows.ts'
import type { Query } from './pool.ts'
import { insert } from './statements.ts'

export async function queueMail(query: Query, mail: NewMail): Promise<void> {
  await insert(query, 'mails', {
    purpose: mail.purpose,
    user_id: mail.userId ?? null,
    address: mail.address,
    one_time_id: mail.oneTimeId ?? null,
    created_at: mail.createdAt,
    due_at: mail.createdAt,
  })
}

/** Rows that another node is taking are skipped, not waited for. */
export async function takeMails(
  query: Query,
  { now, busyUntil, limit }: { now: number; busyUntil: number; limit: number },
): Promise<MailRecord[]> {
  const { rows } = await query(
    'UPDATE mails SET due_at = $1, attempts = attempts + 1 WHERE id IN ' +
      '(SELECT id FROM mails WHERE due_at <= $2 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) ' +
      'RETURNING id, purpose, user_id, address, one_time_id, created_at, attempts',
    [busyUntil, now, limit],
  )
  return rows.map(mailFromRow)
}

export async function mailSent(query: Query, id: number): Promise<void> {
  await query('DELETE FROM mails WHERE id = $1', [id])
}

export async function mailFailed(query: Query, id: number, retryAt: number | undefined): Promise<void> {
  if (retryAt === undefined) await mailSent(query, id)
  else await query('UPDATE mails SET due_at = $1 WHERE id = $2', [retryAt, id])
}
