// How a list of users is asked for, in SQL that both engines read: an index that leads, and filters on what it gives.
// A page looks at so many rows and no more, so that a filter that finds nobody among a million blocks nobody either.
import type { UserRecord } from './records.ts'
import type { Page, UserQuery } from './store.ts'

/** Rows that one page may look at. */
const reach = 5_000
/** Lists of roles that are told apart; SQLite joins up to 500 selects. */
const mostRoleLists = 400

/** A statement with `?` for each value. */
export interface Statement {
  sql: string
  values: readonly (string | number)[]
}

interface Lead {
  /** Which SQLite has to be told by name: it keeps no statistics. Undefined for an index that it made itself. */
  index: string | undefined
  arms: readonly Statement[]
}

export interface UserListPlan {
  /** The page, with one user more when there are more. */
  users: Statement
  /** The last row that the page may look at, when there are more rows than that; undefined when nothing is filtered. */
  edge: Statement | undefined
  cursorOf(user: Pick<UserRecord, 'id' | 'createdAt' | 'canonicalName' | 'email'>): string
}

/** Every list of roles that somebody has, found by leaping through the index on them. */
export const roleListsSql = `
  WITH RECURSIVE lists (roles) AS (
    SELECT min(roles) FROM users WHERE roles <> '[]'
    UNION ALL
    SELECT (SELECT min(roles) FROM users WHERE roles <> '[]' AND roles > lists.roles) FROM lists WHERE lists.roles IS NOT NULL
  )
  SELECT roles FROM lists WHERE roles IS NOT NULL LIMIT ${mostRoleLists}`

export const hasRole = (roleList: string, role: string): boolean =>
  (JSON.parse(roleList) as string[]).includes(role)

/**
 * Plans a page; undefined when nobody can be on it. `roleLists` are those with the role that is asked for, and
 * `indexedBy` writes down which index leads, where the engine wants it.
 */
export function planUserList(
  query: UserQuery,
  {
    columns,
    roleLists,
    indexedBy,
  }: { columns: string; roleLists: readonly string[]; indexedBy(index: string | undefined): string },
): UserListPlan | undefined {
  if (query.role !== undefined && roleLists.length === 0) return undefined
  const key = keyOf(query)
  const from = fromCursor(query, key)
  if (from === undefined) return undefined
  const isFiltered = query.role !== undefined || query.disabled !== undefined || query.verified !== undefined
  const { index, arms } = leadOf(query, key, roleLists)
  const way = query.search === undefined && query.order === 'newest' ? 'DESC' : 'ASC'
  const order = `ORDER BY ${key.columns.map(column => `${column} ${way}`).join(', ')}`
  const rows = join(
    arms.map(arm =>
      join(
        [
          { sql: `SELECT ${columns} FROM users ${indexedBy(index)} WHERE ${arm.sql}`, values: arm.values },
          ...from,
        ],
        ' AND ',
      ),
    ),
    ' UNION ALL ',
  )
  const filter = join(filtersOf(query, roleLists), ' AND ')
  const { limit } = query
  return {
    users: isFiltered
      ? {
          sql: `SELECT * FROM (${rows.sql} ${order} LIMIT ${reach}) AS seen WHERE ${filter.sql} ${order} LIMIT ?`,
          values: [...rows.values, ...filter.values, limit + 1],
        }
      : { sql: `${rows.sql} ${order} LIMIT ?`, values: [...rows.values, limit + 1] },
    edge: isFiltered
      ? { sql: `${rows.sql} ${order} LIMIT 2 OFFSET ${reach - 1}`, values: rows.values }
      : undefined,
    cursorOf: key.cursorOf,
  }
}

/** The page out of its rows; one that ends where its reach does leads on although it is not full. */
export function userPage(
  rows: readonly UserRecord[],
  plan: UserListPlan,
  { limit, edge }: { limit: number; edge: readonly UserRecord[] },
): Page<UserRecord> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : edge.length > 1 ? edge[0] : undefined
  return { items, next: last === undefined ? undefined : plan.cursorOf(last) }
}

interface Key {
  columns: readonly string[]
  cursorOf: UserListPlan['cursorOf']
}

const keys = {
  time: { columns: ['created_at', 'id'], cursorOf: ({ id, createdAt }) => `${createdAt}.${id}` },
  name: { columns: ['canonical_name'], cursorOf: user => user.canonicalName },
  email: { columns: ['email'], cursorOf: user => user.email ?? '' },
} as const satisfies Record<string, Key>

function keyOf({ search, order, role, disabled }: UserQuery): Key {
  if (search !== undefined) return search.includes('@') ? keys.email : keys.name
  const isLed = role !== undefined || disabled === true
  return order === 'name' && !isLed ? keys.name : keys.time
}

/** No condition without a cursor; undefined for a cursor that we did not give. */
function fromCursor({ cursor, order, search }: UserQuery, key: Key): Statement[] | undefined {
  if (cursor === undefined) return []
  if (key !== keys.time) return [{ sql: `${key.columns[0]} > ?`, values: [cursor] }]
  const [, createdAt, id] = /^(\d{1,12})\.(.+)$/.exec(cursor) ?? []
  if (createdAt === undefined || id === undefined) return undefined
  const sign = search === undefined && order === 'newest' ? '<' : '>'
  return [{ sql: `(created_at, id) ${sign} (?, ?)`, values: [Number(createdAt), id] }]
}

const always: Statement = { sql: '1 = 1', values: [] }
const isDisabled: Statement = { sql: 'disabled_at IS NOT NULL', values: [] }

function leadOf({ search, role, disabled }: UserQuery, key: Key, roleLists: readonly string[]): Lead {
  if (search !== undefined) {
    const column = key.columns[0]
    const arm = { sql: `${column} >= ? AND ${column} < ?`, values: [search, `${search}\u{10ffff}`] }
    return { index: key === keys.email ? 'users_by_email' : undefined, arms: [arm] }
  }
  if (disabled === true) return { index: 'users_disabled', arms: [isDisabled] }
  if (role !== undefined) {
    const arms = roleLists.map(list => ({ sql: "roles = ? AND roles <> '[]'", values: [list] }))
    return { index: 'users_by_roles', arms }
  }
  return { index: key === keys.name ? undefined : 'users_by_time', arms: [always] }
}

function filtersOf({ role, disabled, verified }: UserQuery, roleLists: readonly string[]): Statement[] {
  return [
    role === undefined
      ? undefined
      : { sql: `roles IN (${roleLists.map(() => '?').join(', ')})`, values: roleLists },
    disabled === undefined
      ? undefined
      : { sql: `disabled_at IS ${disabled ? 'NOT NULL' : 'NULL'}`, values: [] },
    verified === undefined ? undefined : { sql: `email IS ${verified ? 'NOT NULL' : 'NULL'}`, values: [] },
  ].filter(one => one !== undefined)
}

function join(statements: readonly Statement[], between: string): Statement {
  return {
    sql: statements.map(one => one.sql).join(between),
    values: statements.flatMap(one => one.values),
  }
}
