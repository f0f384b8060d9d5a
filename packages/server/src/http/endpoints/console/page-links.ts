// The addresses under a list: its beginning and its next page, with the filters that stand in the address.
import { type PageLinks, pageSize } from '../../../pages/console/pager.tsx'
import type { PageRequest } from '../../../store/store.ts'
import type { Call } from '../../call.ts'

export function consolePage({ query }: Call): PageRequest {
  return { cursor: query.get('cursor') || undefined, limit: pageSize }
}

export function pageLinks({ request, query }: Call, next: string | undefined): PageLinks {
  const url = new URL(request.url)
  const at = (cursor: string | undefined): string => {
    const kept = new URLSearchParams(url.search)
    kept.delete('cursor')
    kept.delete('done')
    if (cursor !== undefined) kept.set('cursor', cursor)
    const text = kept.toString()
    return text === '' ? url.pathname : `${url.pathname}?${text}`
  }
  return {
    first: query.get('cursor') ? at(undefined) : undefined,
    next: next === undefined ? undefined : at(next),
  }
}
