// Reads that give more than one row: lists with pages, and the figures.
import type {
  ApiKeyRecord,
  AuditEvent,
  AuditRecord,
  ClientRecord,
  SessionRecord,
  UserId,
  UserRecord,
} from '../records.ts'
import type { AuditLog, AuditQuery, Figures, Page, PageRequest } from '../store.ts'
import type { Connection } from './connection.ts'
import {
  apiKeyColumns,
  apiKeyFromRow,
  auditFromRow,
  clientColumns,
  clientFromRow,
  type Row,
  sessionColumns,
  sessionFromRow,
  userColumns,
  userFromRow,
} from './rows.ts'

/** One row more than asked for tells whether there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : undefined }
}

/** Users in the order of their ids; a search finds the beginning of a name or a whole address. */
export function listUsers(
  db: Connection,
  query: PageRequest & { search: string | undefined },
): Page<UserRecord> {
  const { search, cursor = '', limit } = query
  const rows =
    search === undefined
      ? db.prepare(`SELECT ${userColumns} FROM users WHERE id > ? ORDER BY id LIMIT ?`).all(cursor, limit + 1)
      : db
          .prepare(
            `SELECT ${userColumns} FROM users WHERE id > ? AND id IN ` +
              '(SELECT id FROM users WHERE canonical_name >= ? AND canonical_name < ? UNION SELECT id FROM users WHERE email = ?) ' +
              'ORDER BY id LIMIT ?',
          )
          .all(cursor, search, `${search}\u{10ffff}`, search, limit + 1)
  return pageOf(
    rows.map(row => userFromRow(row as Row)),
    limit,
    user => user.id,
  )
}

export function listClients(db: Connection, { cursor = '', limit }: PageRequest): Page<ClientRecord> {
  const rows = db
    .prepare(`SELECT ${clientColumns} FROM clients WHERE id > ? ORDER BY id LIMIT ?`)
    .all(cursor, limit + 1)
  return pageOf(
    rows.map(row => clientFromRow(row as Row)),
    limit,
    client => client.id,
  )
}

export function hasUserWithRole(db: Connection, role: string): boolean {
  return (
    db.prepare('SELECT 1 FROM users, json_each(users.roles) WHERE json_each.value = ? LIMIT 1').get(role) !==
    undefined
  )
}

export function sessionsOfUser(db: Connection, id: UserId, now: number): SessionRecord[] {
  return db
    .prepare(
      `SELECT ${sessionColumns} FROM sessions WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ? AND idle_expires_at > ? ` +
        'ORDER BY created_at DESC, id DESC',
    )
    .all(id, now, now)
    .map(row => sessionFromRow(row as Row))
}

export function apiKeysOfUser(db: Connection, id: UserId): ApiKeyRecord[] {
  return db
    .prepare(
      `SELECT ${apiKeyColumns} FROM api_keys WHERE user_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, id`,
    )
    .all(id)
    .map(row => apiKeyFromRow(row as Row))
}

export function listAudit(db: Connection, query: AuditQuery): Page<AuditRecord> {
  const filters = [
    query.cursor === undefined ? undefined : { sql: 'seq < ?', value: Number(query.cursor) },
    query.userId === undefined ? undefined : { sql: 'user_id = ?', value: query.userId },
    query.event === undefined ? undefined : { sql: 'event = ?', value: query.event },
    query.sinceMs === undefined ? undefined : { sql: 'at_ms >= ?', value: query.sinceMs },
    query.untilMs === undefined ? undefined : { sql: 'at_ms < ?', value: query.untilMs },
    query.search === undefined
      ? undefined
      : { sql: '? IN (user_id, actor, event, detail)', value: query.search },
  ].filter(filter => filter !== undefined)
  const where = filters.length === 0 ? '' : `WHERE ${filters.map(filter => filter.sql).join(' AND ')}`
  const rows = db
    .prepare(`SELECT * FROM audit ${where} ORDER BY seq DESC LIMIT ?`)
    .all(...filters.map(filter => filter.value), query.limit + 1)
  const page = pageOf(rows, query.limit, row => String(row['seq']))
  return { items: page.items.map(row => auditFromRow(row as Row)), next: page.next }
}

export function readAudit(db: Connection, cursor: number | undefined, limit: number): AuditLog {
  if (cursor === undefined)
    return { rows: [], cursor: Number(db.prepare('SELECT max(seq) AS seq FROM audit').get()?.['seq'] ?? 0) }
  const rows = db
    .prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(cursor, limit)
    .map(row => ({ seq: Number(row['seq']), record: auditFromRow(row as Row) }))
  return { rows, cursor: rows.at(-1)?.seq ?? cursor }
}

export function figures(db: Connection, now: number): Figures {
  const count = (sql: string, ...values: number[]): number =>
    Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get(...values)?.['n'])
  const events = db
    .prepare('SELECT event, count(*) AS n FROM audit WHERE at_ms > ? GROUP BY event')
    .all((now - 86_400) * 1000)
  return {
    users: count('users'),
    disabledUsers: count('users WHERE disabled_at IS NOT NULL'),
    liveSessions: count(
      'sessions WHERE revoked_at IS NULL AND expires_at > ? AND idle_expires_at > ?',
      now,
      now,
    ),
    apiKeys: count('api_keys WHERE revoked_at IS NULL'),
    waitingMails: count('mails'),
    events: Object.fromEntries(events.map(row => [row['event'] as AuditEvent, Number(row['n'])])),
  }
}
