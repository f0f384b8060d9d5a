// Pages of lists: `cursor` and `limit` in, `{items, next}` out.
import { LatchkeyError } from 'latchkey'
import type { Page, PageRequest } from '../store/store.ts'
import { json } from './reply.ts'

const defaultLimit = 50
const maxLimit = 200

/** Throws `validation_failed` for a limit that is no number from 1 to 200. */
export function pageRequest(query: URLSearchParams): PageRequest {
  const text = query.get('limit')
  const limit = text === null ? defaultLimit : Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new LatchkeyError('validation_failed', {
      errors: [{ path: 'limit', message: `A limit is 1 to ${maxLimit}.` }],
    })
  }
  return { cursor: query.get('cursor') ?? undefined, limit }
}

/** A page of a list that is short enough to be read whole; `q` finds any part of what `wordsOf` gives. */
export function pageOfAll<T>(
  all: readonly T[],
  query: URLSearchParams,
  { idOf, wordsOf }: { idOf(item: T): string; wordsOf(item: T): readonly (string | undefined)[] },
): Page<T> {
  const { cursor, limit } = pageRequest(query)
  const q = query.get('q')?.toLowerCase() ?? ''
  const found = all.filter(item => wordsOf(item).some(word => word?.toLowerCase().includes(q)))
  const start = cursor === undefined ? 0 : found.findIndex(item => idOf(item) === cursor) + 1
  const items = found.slice(start, start + limit)
  const last = items.at(-1)
  const isMore = start + limit < found.length && last !== undefined
  return { items, next: isMore ? idOf(last) : undefined }
}

export function shownPage<T>(page: Page<T>, show: (item: T) => object): Response {
  return json({ items: page.items.map(show), next: page.next ?? null })
}
