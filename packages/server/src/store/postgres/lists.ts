// Reads that give more than one row: lists with pages, and the figures.
import { auditFilters } from '../audit-filters.ts'
import { openInvitations, placeOf, planMadeList } from '../made-list.ts'
import type {
  AuditEvent,
  AuditRecord,
  ClientRecord,
  OneTimeRecord,
  SessionRecord,
  UserId,
  UserRecord,
} from '../records.ts'
import { planSessionList, type SessionQuery, sessionPage } from '../session-list.ts'
import {
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
} from '../sqlite/rows.ts'
import type { AuditLog, AuditQuery, EventCounts, Figures, Page, PageRequest, UserQuery } from '../store.ts'
import { hasRole, planUserList, roleListsSql, type Statement, userPage } from '../user-list.ts'
import type { Query } from './pool.ts'

/** One row more than asked for tells whether there is a next page. */
function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : undefined }
}

export async function listUsers(query: Query, asked: UserQuery): Promise<Page<UserRecord>> {
  const { role } = asked
  const roleLists = role === undefined ? [] : (await roleListsOf(query)).filter(list => hasRole(list, role))
  const plan = planUserList(asked, { columns: userColumns, roleLists, indexedBy: () => '' })
  if (plan === undefined) return { items: [], next: undefined }
  const read = async (statement: Statement): Promise<UserRecord[]> =>
    (await ask(query, statement)).rows.map(userFromRow)
  const rows = await read(plan.users)
  const isShort = rows.length <= asked.limit
  const edge = plan.edge !== undefined && isShort ? await read(plan.edge) : []
  return userPage(rows, plan, { limit: asked.limit, edge })
}

/** Runs a statement whose places are marked as SQLite marks them. */
function ask(query: Query, { sql, values }: Statement): ReturnType<Query> {
  let place = 0
  return query(
    sql.replaceAll('?', () => `$${++place}`),
    values,
  )
}

async function roleListsOf(query: Query): Promise<string[]> {
  return (await query(roleListsSql)).rows.map(row => String(row['roles']))
}

export async function findUsers(query: Query, ids: readonly UserId[]): Promise<UserRecord[]> {
  const { rows } = await query(`SELECT ${userColumns} FROM users WHERE id = ANY($1::text[])`, [ids])
  return rows.map(userFromRow)
}

async function readMade(query: Query, plan: Statement | undefined): Promise<Row[]> {
  return plan === undefined ? [] : (await ask(query, plan)).rows
}

export async function listClients(query: Query, asked: PageRequest): Promise<Page<ClientRecord>> {
  const plan = planMadeList(asked, {
    from: `${clientColumns} FROM clients`,
    order: 'oldest',
    where: undefined,
  })
  return pageOf((await readMade(query, plan)).map(clientFromRow), asked.limit, placeOf)
}

export async function listInvitations(
  query: Query,
  { now, ...asked }: PageRequest & { now: number },
): Promise<Page<OneTimeRecord>> {
  const from = `${oneTimeColumns} FROM one_time`
  const plan = planMadeList(asked, { from, order: 'newest', where: openInvitations(now) })
  return pageOf((await readMade(query, plan)).map(oneTimeFromRow), asked.limit, placeOf)
}

export async function hasUserWithRole(query: Query, role: string): Promise<boolean> {
  return (await roleListsOf(query)).some(list => hasRole(list, role))
}

export async function sessionsOfUser(query: Query, id: UserId, now: number): Promise<SessionRecord[]> {
  const { rows } = await query(
    `SELECT ${sessionColumns} FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND idle_expires_at > $2 ` +
      'ORDER BY created_at DESC, id DESC',
    [id, now],
  )
  return rows.map(sessionFromRow)
}

export async function listSessions(query: Query, asked: SessionQuery): Promise<Page<SessionRecord>> {
  const plan = planSessionList(asked, sessionColumns)
  if (plan === undefined) return { items: [], next: undefined }
  const read = async (statement: Statement): Promise<SessionRecord[]> =>
    (await ask(query, statement)).rows.map(sessionFromRow)
  const rows = await read(plan.sessions)
  return sessionPage(rows, {
    limit: asked.limit,
    edge: rows.length > asked.limit ? [] : await read(plan.edge),
  })
}

export async function countLiveSessions(query: Query, at: number): Promise<number> {
  const { rows } = await query(
    'SELECT count(*) AS n FROM sessions WHERE created_at <= $1 AND (revoked_at IS NULL OR revoked_at > $1) ' +
      'AND expires_at > $1 AND idle_expires_at > $1',
    [at],
  )
  return Number(rows[0]?.['n'])
}

export async function listAudit(query: Query, asked: AuditQuery): Promise<Page<AuditRecord>> {
  const filters = auditFilters(asked)
  const where = filters.length === 0 ? '' : `WHERE ${filters.map(filter => filter.sql).join(' AND ')}`
  const { rows } = await ask(query, {
    sql: `SELECT * FROM audit ${where} ORDER BY seq DESC LIMIT ?`,
    values: [...filters.flatMap(filter => filter.values), asked.limit + 1],
  })
  const page = pageOf(rows, asked.limit, row => String(row['seq']))
  return { items: page.items.map(auditFromRow), next: page.next }
}

export async function countAudit(
  query: Query,
  { sinceMs, untilMs }: { sinceMs: number; untilMs: number },
): Promise<EventCounts> {
  const { rows } = await query(
    'SELECT event, count(*) AS n FROM audit WHERE at_ms >= $1 AND at_ms < $2 GROUP BY event',
    [sinceMs, untilMs],
  )
  // The column holds what writeAudit put there.
  return Object.fromEntries(rows.map(row => [row['event'] as AuditEvent, Number(row['n'])]))
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
  return {
    users: Number(row?.['users']),
    disabledUsers: Number(row?.['disabled']),
    liveSessions: Number(row?.['sessions']),
    apiKeys: Number(row?.['api_keys']),
    waitingMails: Number(row?.['mails']),
    events: await countAudit(query, {
      sinceMs: (now - 86_400) * 1000 + 1,
      untilMs: Number.MAX_SAFE_INTEGER,
    }),
  }
}
