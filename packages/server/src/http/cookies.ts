// The cookies of browser sessions: their names, their attributes, and reading exactly one of each.
import { LatchkeyError } from 'latchkey'
import type { ColourScheme } from '../pages/frame.ts'

/** What a browser is given to keep of a session. */
interface Kept {
  refreshToken: string
  /** The pages' handle of the same session. */
  pageToken: string
}

export interface SessionCookie {
  /** What the two are called. */
  readonly names: { readonly session: string; readonly page: string }
  /** The refresh token that a request carries; undefined when there is none. Throws `invalid_request` when it comes twice. */
  read(headers: Headers): string | undefined
  /** The pages' handle of a session, likewise. */
  readPage(headers: Headers): string | undefined
  /** Set-Cookie values. */
  set(kept: Kept, maxAgeSeconds: number): readonly string[]
  clear(): readonly string[]
}

/**
 * `__Host-latchkey` over https: no other host and no plain-text page can plant one. On an http loopback, where
 * browsers refuse that prefix, the name carries the port, so that two servers on one machine keep apart.
 * The pages' cookie is Lax, so that a link from elsewhere to one's account finds one signed in; what it allows is
 * asked for by forms of our own pages only.
 */
export function sessionCookie(issuer: string): SessionCookie {
  const url = new URL(issuer)
  const secure = url.protocol === 'https:'
  const port = url.port || '80'
  const name = secure ? '__Host-latchkey' : `latchkey-${port}`
  const pageName = secure ? '__Host-latchkey-page' : `latchkey-page-${port}`
  const attributes = `${secure ? 'Path=/; Secure' : 'Path=/user'}; HttpOnly; SameSite=Strict`
  const pageAttributes = `Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Lax`
  return {
    names: { session: name, page: pageName },
    read: headers => readCookie(headers.get('cookie'), name),
    readPage: headers => readCookie(headers.get('cookie'), pageName),
    set: ({ refreshToken, pageToken }, maxAgeSeconds) => [
      `${name}=${refreshToken}; ${attributes}; Max-Age=${maxAgeSeconds}`,
      `${pageName}=${pageToken}; ${pageAttributes}; Max-Age=${maxAgeSeconds}`,
    ],
    clear: () => [`${name}=; ${attributes}; Max-Age=0`, `${pageName}=; ${pageAttributes}; Max-Age=0`],
  }
}

const schemeName = 'latchkey-scheme'

/** The colours that this browser asks for; it is no secret and no proof of anything. */
export function readColourScheme(headers: Headers): ColourScheme {
  const pairs = (headers.get('cookie') ?? '').split(';').map(pair => pair.trim())
  const value = pairs.find(pair => pair.startsWith(`${schemeName}=`))?.slice(schemeName.length + 1)
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** The Set-Cookie value that keeps a choice of colours for a year. */
export function colourSchemeCookie(scheme: ColourScheme, { secure }: { secure: boolean }): string {
  const age = scheme === 'system' ? 0 : 31_536_000
  return `${schemeName}=${scheme}; Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Lax; Max-Age=${age}`
}

function readCookie(header: string | null, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map(pair => pair.replace(/^[ \t]+/, ''))
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1).trimEnd())
  if (values.length > 1)
    throw new LatchkeyError('invalid_request', { detail: `The cookie ${name} comes twice.` })
  return values[0] === '' ? undefined : values[0]
}
