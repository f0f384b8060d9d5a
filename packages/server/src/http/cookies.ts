// The cookies of browser sessions: their names, their attributes, and reading exactly one of each.
import { LatchkeyError } from 'latchkey'
import type { ColourScheme } from '../pages/frame.ts'

/** What a browser is given to keep of a session. */
interface Kept {
  refreshToken: string
  /** The pages' handle of the same session. */
  pageToken: string
  /** What tells this device the next time; undefined when it is kept already. */
  deviceToken: string | undefined
}

export interface SessionCookie {
  /** What the two are called. */
  readonly names: { readonly session: string; readonly page: string }
  /** The refresh token that a request carries; undefined when there is none. Throws `invalid_request` when it comes twice. */
  read(headers: Headers): string | undefined
  /** The pages' handle of a session, likewise. */
  readPage(headers: Headers): string | undefined
  /** What a device keeps on which somebody signed in before. It opens nothing: one that comes twice is none. */
  readDevice(headers: Headers): string | undefined
  /** Set-Cookie values. */
  set(kept: Kept, maxAgeSeconds: number): readonly string[]
  clear(): readonly string[]
}

/** Browsers keep a cookie for 400 days at the most (RFC 6265bis 5.5). */
const deviceSeconds = 400 * 86_400

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
  const deviceName = secure ? '__Host-latchkey-device' : `latchkey-device-${port}`
  const attributes = `${secure ? 'Path=/; Secure' : 'Path=/user'}; HttpOnly; SameSite=Strict`
  const pageAttributes = `Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Lax`
  const deviceAttributes = `Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Strict`
  return {
    names: { session: name, page: pageName },
    read: headers => readCookie(headers.get('cookie'), name),
    readPage: headers => readCookie(headers.get('cookie'), pageName),
    readDevice(headers) {
      const values = cookieValues(headers.get('cookie'), deviceName)
      return values.length === 1 ? values[0] : undefined
    },
    set: ({ refreshToken, pageToken, deviceToken }, maxAgeSeconds) => [
      `${name}=${refreshToken}; ${attributes}; Max-Age=${maxAgeSeconds}`,
      `${pageName}=${pageToken}; ${pageAttributes}; Max-Age=${maxAgeSeconds}`,
      ...(deviceToken === undefined
        ? []
        : [`${deviceName}=${deviceToken}; ${deviceAttributes}; Max-Age=${deviceSeconds}`]),
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
  const values = cookieValues(header, name)
  if (values.length > 1)
    throw new LatchkeyError('invalid_request', { detail: `The cookie ${name} comes twice.` })
  return values[0] === '' ? undefined : values[0]
}

function cookieValues(header: string | null, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map(pair => pair.replace(/^[ \t]+/, ''))
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1).trimEnd())
}
