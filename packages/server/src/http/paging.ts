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

/**
 * The instant that a parameter names, in milliseconds since 1970; undefined when it is not there. Throws
 * `validation_failed` for what is no ISO 8601 date or instant of the years 1970 to 9999.
 */
export function instantOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  const instant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (instant >= 0) return instant
  const message = 'Write a date or an instant with its zone, as 2026-01-31 or 2026-01-31T12:00:00Z.'
  throw new LatchkeyError('validation_failed', { errors: [{ path: name, message }] })
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
