// Lists in the order in which their rows were made, in SQL that both engines read. A cursor is the place of the last
// row that was given: ids alone are in no order.
import type { PageRequest } from './store.ts'
import type { Statement } from './user-list.ts'

interface Made {
  createdAt: number
  id: string
}

/** Where a list goes on after this row. */
export const placeOf = ({ createdAt, id }: Made): string => `${createdAt}.${id}`

/** The row behind a cursor; undefined for what is none of ours. */
export function readPlace(cursor: string): Made | undefined {
  const [, createdAt, id] = /^(\d{1,12})\.(.+)$/.exec(cursor) ?? []
  return createdAt === undefined || id === undefined ? undefined : { createdAt: Number(createdAt), id }
}

/** One row more than asked for; undefined for a cursor that we did not give. */
export function planMadeList(
  { cursor, limit }: PageRequest,
  { from, order, where }: { from: string; order: 'oldest' | 'newest'; where: Statement | undefined },
): Statement | undefined {
  const place = cursor === undefined ? undefined : readPlace(cursor)
  if (cursor !== undefined && place === undefined) return undefined
  const [after, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC']
  const rest = place && { sql: `(created_at, id) ${after} (?, ?)`, values: [place.createdAt, place.id] }
  const conditions = [where, rest].filter(one => one !== undefined)
  const filter = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`
  return {
    sql: `SELECT ${from} ${filter} ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), limit + 1],
  }
}

/** Invitations that may still be used. */
export const openInvitations = (now: number): Statement => ({
  sql: "purpose = 'invite' AND consumed_at IS NULL AND expires_at > ?",
  values: [now],
})
