// Where a sign-in may lead on to: our own pages, and those of the origins in LATCHKEY_ORIGINS. Anything else could be
// a page that looks like ours (CWE-601).
import type { Services } from './call.ts'

export interface ReturnTo {
  /** A path of our own, or a whole URL of a listed origin, as a URL parser writes it. */
  href: string
  /** The other origin; undefined for our own. */
  origin: string | undefined
}

/**
 * Reads a `return_to`. Undefined for whatever is neither a path of ours that starts with one slash nor a whole URL of
 * a known origin. Browsers drop tabs and line breaks and take a backslash for a slash (WHATWG URL 4.4), so what has one
 * of these is refused before it is parsed.
 */
export function readReturnTo(text: string, { issuer, origins }: Services): ReturnTo | undefined {
  if (!/^[\x21-\x5b\x5d-\x7e]{1,2048}$/.test(text)) return undefined
  const own = new URL(issuer).origin
  const isPath = /^\/(?!\/)/.test(text)
  if (!isPath && !/^https?:\/\/[^/]/i.test(text)) return undefined
  if (!URL.canParse(text, own)) return undefined
  const url = new URL(text, own)
  if (url.username !== '' || url.password !== '') return undefined
  if (url.origin !== own) return origins.has(url.origin) ? { href: url.href, origin: url.origin } : undefined
  const path = url.pathname + url.search + url.hash
  // `/.//elsewhere` is a path that would be an address of its own.
  return path.startsWith('//') ? undefined : { href: path, origin: undefined }
}
