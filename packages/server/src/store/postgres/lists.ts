// Reads that give more than one row: lists with pages, and the figures.
import type { AuditEvent, AuditRecord, ClientRecord, SessionRecord, UserId, UserRecord } from '../records.ts'
import {
  auditFromRow,
  clientColumns,
  clientFromRow,
  sessionColumns,
  sessionFromRow,
  userColumns,
  userFromRow,
} from '../sqlite/rows.ts'
import type { AuditLog, AuditQuery, Figures, Page, PageRequest } from '../store.ts'
import type { Query } from './pool.ts'

/** One row more than asked for tells whether there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : undefined }
}

/** Users in the order of their ids; a search finds the beginning of a name or a whole address. */
export async function listUsers(
  query: Query,
  { search, cursor = '', limit }: PageRequest & { search: string | undefined },
): Promise<Page<UserRecord>> {
  const { rows } =
    search === undefined
      ? await query(`SELECT ${userColumns} FROM users WHERE id > $1 ORDER BY id LIMIT $2`, [
          cursor,
          limit + 1,
        ])
      : await query(
          `SELECT ${userColumns} FROM users WHERE id > $1 AND id IN ` +
            '(SELECT id FROM users WHERE canonical_name >= $3 AND canonical_name < $4 UNION SELECT id FROM users WHERE email = $3) ' +
            'ORDER BY id LIMIT $2',
          [cursor, limit + 1, search, `${search}\u{10ffff}`],
        )
  return pageOf(rows.map(userFromRow), limit, user => user.id)
}

export async function listClients(
  query: Query,
  { cursor = '', limit }: PageRequest,
): Promise<Page<ClientRecord>> {
  const { rows } = await query(`SELECT ${clientColumns} FROM clients WHERE id > $1 ORDER BY id LIMIT $2`, [
    cursor,
    limit + 1,
  ])
  return pageOf(rows.map(clientFromRow), limit, client => client.id)
}

export async function hasUserWithRole(query: Query, role: string): Promise<boolean> {
  const { count } = await query(
    'SELECT 1 FROM users WHERE roles::jsonb @> jsonb_build_array($1::text) LIMIT 1',
    [role],
  )
  return count > 0
}

export async function sessionsOfUser(query: Query, id: UserId, now: number): Promise<SessionRecord[]> {
  const { rows } = await query(
    `SELECT ${sessionColumns} FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND idle_expires_at > $2 ` +
      'ORDER BY created_at DESC, id DESC',
    [id, now],
  )
  return rows.map(sessionFromRow)
}

export async function listAudit(query: Query, asked: AuditQuery): Promise<Page<AuditRecord>> {
  const { rows } = await query(
    'SELECT * FROM audit WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR user_id = $2) ' +
      'AND ($3::text IS NULL OR event = $3) AND ($4::text IS NULL OR $4 IN (user_id, actor, event, detail)) ' +
      'AND ($5::bigint IS NULL OR at_ms >= $5) AND ($6::bigint IS NULL OR at_ms < $6) ' +
      'ORDER BY seq DESC LIMIT $7',
    [
      placeOf(asked.cursor),
      asked.userId ?? null,
      asked.event ?? null,
      asked.search ?? null,
      asked.sinceMs ?? null,
      asked.untilMs ?? null,
      asked.limit + 1,
    ],
  )
  const page = pageOf(rows, asked.limit, row => String(row['seq']))
  return { items: page.items.map(auditFromRow), next: page.next }
}

/** Where a page begins; a cursor that we did not give begins nowhere. */
function placeOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0
}

/**
 * Rows in the order of their transactions, and only those before the oldest one that still runs: nothing can come in
 * behind the cursor. Rows of one transaction are not torn apart.
 */
export async function readAudit(query: Query, cursor: number | undefined, limit: number): Promise<AuditLog> {
  if (cursor === undefined) {
    const { rows } = await query('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin')
    return { rows: [], cursor: Number(rows[0]?.['xmin']) - 1 }
  }
  const { rows } = await query(
    'SELECT *, xid::text AS settled FROM audit WHERE xid > $1::text::xid8 ' +
      'AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid FETCH FIRST $2 ROWS WITH TIES',
    [String(cursor), limit],
  )
  return {
    rows: rows
      .map(row => ({ seq: Number(row['seq']), record: auditFromRow(row) }))
      .toSorted((one, other) => one.seq - other.seq),
    cursor: Number(rows.at(-1)?.['settled'] ?? cursor),
  }
}

const counts = `
  SELECT
    (SELECT count(*) FROM users) AS users,
    (SELECT count(*) FROM users WHERE disabled_at IS NOT NULL) AS disabled,
    (SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > $1 AND idle_expires_at > $1) AS sessions,
    (SELECT count(*) FROM api_keys WHERE revoked_at IS NULL) AS api_keys,
    (SELECT count(*) FROM mails) AS mails`

export async function figures(query: Query, now: number): Promise<Figures> {
  const [row] = (await query(counts, [now])).rows
  const events = await query('SELECT event, count(*) AS n FROM audit WHERE at_ms > $1 GROUP BY event', [
    (now - 86_400) * 1000,
  ])
  return {
    users: Number(row?.['users']),
    disabledUsers: Number(row?.['disabled']),
    liveSessions: Number(row?.['sessions']),
    apiKeys: Number(row?.['api_keys']),
    waitingMails: Number(row?.['mails']),
    // The column holds what writeAudit put there.
    events: Object.fromEntries(events.rows.map(one => [one['event'] as AuditEvent, Number(one['n'])])),
  }
}
