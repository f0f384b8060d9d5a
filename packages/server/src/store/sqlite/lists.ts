// Reads that give more than one row: lists with pages, and the figures.

import { auditFilters } from '../audit-filters.ts'
import { openInvitations, placeOf, planMadeList } from '../made-list.ts'
import type {
  ApiKeyRecord,
  AuditEvent,
  AuditRecord,
  ClientRecord,
  OneTimeRecord,
  SessionRecord,
  UserId,
  UserRecord,
} from '../records.ts'
import { planSessionList, type SessionQuery, sessionPage } from '../session-list.ts'
import type { AuditLog, AuditQuery, EventCounts, Figures, Page, PageRequest, UserQuery } from '../store.ts'
import { hasRole, planUserList, roleListsSql, type Statement, userPage } from '../user-list.ts'
import type { Connection } from './connection.ts'
import {
  apiKeyColumns,
  apiKeyFromRow,
  auditFromRow,
  clientColumns,
  clientFromRow,
  oneTimeColumns,
  oneTimeFromRow,
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

export function listUsers(db: Connection, query: UserQuery): Page<UserRecord> {
  const { role } = query
  const roleLists = role === undefined ? [] : roleListsOf(db).filter(list => hasRole(list, role))
  const indexedBy = (index: string | undefined): string => (index === undefined ? '' : `INDEXED BY ${index}`)
  const plan = planUserList(query, { columns: userColumns, roleLists, indexedBy })
  if (plan === undefined) return { items: [], next: undefined }
  const read = ({ sql, values }: Statement): UserRecord[] =>
    db
      .prepare(sql)
      .all(...values)
      .map(row => userFromRow(row as Row))
  const rows = read(plan.users)
  const isShort = rows.length <= query.limit
  const edge = plan.edge !== undefined && isShort ? read(plan.edge) : []
  return userPage(rows, plan, { limit: query.limit, edge })
}

function roleListsOf(db: Connection): string[] {
  return db
    .prepare(roleListsSql)
    .all()
    .map(row => String(row['roles']))
}

export function findUsers(db: Connection, ids: readonly UserId[]): UserRecord[] {
  return db
    .prepare(`SELECT ${userColumns} FROM users WHERE id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(ids))
    .map(row => userFromRow(row as Row))
}

function readMade(db: Connection, plan: Statement | undefined): Row[] {
  if (plan === undefined) return []
  return db.prepare(plan.sql).all(...plan.values) as Row[]
}

export function listClients(db: Connection, query: PageRequest): Page<ClientRecord> {
  const plan = planMadeList(query, {
    from: `${clientColumns} FROM clients`,
    order: 'oldest',
    where: undefined,
  })
  return pageOf(readMade(db, plan).map(clientFromRow), query.limit, placeOf)
}

export function listInvitations(
  db: Connection,
  { now, ...query }: PageRequest & { now: number },
): Page<OneTimeRecord> {
  const from = `${oneTimeColumns} FROM one_time`
  const plan = planMadeList(query, { from, order: 'newest', where: openInvitations(now) })
  return pageOf(readMade(db, plan).map(oneTimeFromRow), query.limit, placeOf)
}

export function hasUserWithRole(db: Connection, role: string): boolean {
  return roleListsOf(db).some(list => hasRole(list, role))
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

export function listSessions(db: Connection, query: SessionQuery): Page<SessionRecord> {
  const plan = planSessionList(query, sessionColumns)
  if (plan === undefined) return { items: [], next: undefined }
  const read = ({ sql, values }: Statement): SessionRecord[] =>
    db
      .prepare(sql)
      .all(...values)
      .map(row => sessionFromRow(row as Row))
  const rows = read(plan.sessions)
  return sessionPage(rows, { limit: query.limit, edge: rows.length > query.limit ? [] : read(plan.edge) })
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
  const filters = auditFilters(query)
  const where = filters.length === 0 ? '' : `WHERE ${filters.map(filter => filter.sql).join(' AND ')}`
  const rows = db
    .prepare(`SELECT * FROM audit ${where} ORDER BY seq DESC LIMIT ?`)
    .all(...filters.flatMap(filter => filter.values), query.limit + 1)
  const page = pageOf(rows, query.limit, row => String(row['seq']))
  return { items: page.items.map(row => auditFromRow(row as Row)), next: page.next }
}

export function countAudit(
  db: Connection,
  { sinceMs, untilMs }: { sinceMs: number; untilMs: number },
): EventCounts {
  const rows = db
    .prepare('SELECT event, count(*) AS n FROM audit WHERE at_ms >= ? AND at_ms < ? GROUP BY event')
    .all(sinceMs, untilMs)
  return countsOf(rows)
}

function countsOf(rows: readonly Record<string, unknown>[]): EventCounts {
  // The column holds what writeAudit put there.
  return Object.fromEntries(rows.map(row => [row['event'] as AuditEvent, Number(row['n'])]))
}

/** A part of the sessions at a time, so that what else this thread does waits for a part only. */
const sessionsAtOnce = 10_000

/** Counts one part; `next` is where to go on, undefined after the last. */
export function countLivePart(
  db: Connection,
  { after, at }: { after: string; at: number },
): { live: number; next: string | undefined } {
  const row = db
    .prepare(
      'SELECT max(id) AS last, count(*) AS seen, ' +
        'coalesce(sum(created_at <= ? AND (revoked_at IS NULL OR revoked_at > ?) AND expires_at > ? AND idle_expires_at > ?), 0) AS live ' +
        `FROM (SELECT id, created_at, revoked_at, expires_at, idle_expires_at FROM sessions WHERE id > ? ORDER BY id LIMIT ${sessionsAtOnce})`,
    )
    .get(at, at, at, at, after)
  const isLast = Number(row?.['seen']) < sessionsAtOnce
  return { live: Number(row?.['live']), next: isLast ? undefined : String(row?.['last']) }
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

/** All but the live sessions: those are counted in parts. */
export function figures(db: Connection, now: number): Omit<Figures, 'liveSessions'> {
  const count = (sql: string): number => Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.['n'])
  return {
    users: count('users'),
    disabledUsers: count('users WHERE disabled_at IS NOT NULL'),
    apiKeys: count('api_keys WHERE revoked_at IS NULL'),
    waitingMails: count('mails'),
    events: countAudit(db, { sinceMs: (now - 86_400) * 1000 + 1, untilMs: Number.MAX_SAFE_INTEGER }),
  }
}
