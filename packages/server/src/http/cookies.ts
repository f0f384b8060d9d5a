// The cookie of browser sessions: its name, its attributes, and reading exactly one of it.
import { LatchkeyError } from 'latchkey'

export interface SessionCookie {
  /** The value a request carries; undefined when there is none. Throws `invalid_request` when it comes twice. */
  read(headers: Headers): string | undefined
  /** A Set-Cookie value. */
  set(refreshToken: string, maxAgeSeconds: number): string
  clear(): string
}

/**
 * `__Host-latchkey` over https: no other host and no plain-text page can plant one. On an http loopback, where
 * browsers refuse that prefix, the name carries the port, so that two servers on one machine keep apart.
 */
export function sessionCookie(issuer: string): SessionCookie {
  const url = new URL(issuer)
  const secure = url.protocol === 'https:'
  const name = secure ? '__Host-latchkey' : `latchkey-${url.port || '80'}`
  const attributes = `${secure ? 'Path=/; Secure' : 'Path=/user'}; HttpOnly; SameSite=Strict`
  return {
    read: headers => readCookie(headers.get('cookie'), name),
    set: (refreshToken, maxAgeSeconds) => `${name}=${refreshToken}; ${attributes}; Max-Age=${maxAgeSeconds}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  }
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
