// How the list of everybody's live sessions is asked for, in SQL that both engines read. As with users, a page looks at
// so many rows and no more: sessions that have ended are kept for a while, in between.
import { placeOf, readPlace } from './made-list.ts'
import type { SessionRecord } from './records.ts'
import type { Page, PageRequest } from './store.ts'
import type { Statement } from './user-list.ts'

/** Rows that one page may look at. */
const reach = 5_000

export type SessionQuery = PageRequest & { now: number }

/** The page and the last row it may look at; undefined for a cursor that we did not give. */
export function planSessionList(
  { cursor, limit, now }: SessionQuery,
  columns: string,
): { sessions: Statement; edge: Statement } | undefined {
  const place = cursor === undefined ? undefined : readPlace(cursor)
  if (cursor !== undefined && place === undefined) return undefined
  const from = cursor === undefined ? '' : 'WHERE (created_at, id) < (?, ?)'
  const values = place === undefined ? [] : [place.createdAt, place.id]
  const order = 'ORDER BY created_at DESC, id DESC'
  const rows = `SELECT ${columns} FROM sessions ${from} ${order} LIMIT`
  return {
    sessions: {
      sql:
        `SELECT * FROM (${rows} ${reach}) AS seen ` +
        `WHERE revoked_at IS NULL AND expires_at > ? AND idle_expires_at > ? ${order} LIMIT ?`,
      values: [...values, now, now, limit + 1],
    },
    edge: { sql: `${rows} 2 OFFSET ${reach - 1}`, values },
  }
}

/** The page out of its rows; one that ends where its reach does leads on although it is not full. */
export function sessionPage(
  rows: readonly SessionRecord[],
  { limit, edge }: { limit: number; edge: readonly SessionRecord[] },
): Page<SessionRecord> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : edge.length > 1 ? edge[0] : undefined
  return { items, next: last && placeOf(last) }
}
