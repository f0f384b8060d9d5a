// What an audit query filters by, in SQL that both engines read.
import type { AuditQuery } from './store.ts'
import type { Statement } from './user-list.ts'

/** Rows stand in the order of their writing; the clocks that date them are not further apart than this. */
const slackMs = 300_000

/**
 * The conditions of a query, all of which hold. Spans of time are turned into places in the log first, so that a month
 * of long ago is not looked for from today on.
 */
export function auditFilters(query: AuditQuery): Statement[] {
  const { cursor, userId, event, search, sinceMs, untilMs } = query
  return [
    cursor === undefined ? undefined : { sql: 'seq < ?', values: [placeOf(cursor)] },
    userId === undefined ? undefined : { sql: 'user_id = ?', values: [userId] },
    event === undefined ? undefined : { sql: 'event = ?', values: [event] },
    search === undefined ? undefined : { sql: '? IN (user_id, actor, event, detail)', values: [search] },
    sinceMs === undefined
      ? undefined
      : {
          sql: 'seq >= coalesce((SELECT seq FROM audit WHERE at_ms >= ? ORDER BY at_ms LIMIT 1), 0) AND at_ms >= ?',
          values: [sinceMs - slackMs, sinceMs],
        },
    untilMs === undefined
      ? undefined
      : {
          sql: 'seq <= coalesce((SELECT seq FROM audit WHERE at_ms < ? ORDER BY at_ms DESC LIMIT 1), 0) AND at_ms < ?',
          values: [untilMs + slackMs, untilMs],
        },
  ].filter(one => one !== undefined)
}

/** Where a page begins; a cursor that we did not give begins nowhere. */
function placeOf(cursor: string): number {
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0
}
