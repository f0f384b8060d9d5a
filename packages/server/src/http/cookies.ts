// The cookies of browser sessions: their names, their attributes, and reading exactly one of each.
import { LatchkeyError } from 'latchkey'

export interface HostCookie {
  /** The value a request carries; undefined when there is none. The session's throws `invalid_request` when it comes twice. */
  read(headers: Headers): string | undefined
  /** A Set-Cookie value. */
  set(value: string, maxAgeSeconds: number): string
  clear(): string
}

/** The refresh token of a browser session. */
export function sessionCookie(issuer: string): HostCookie {
  return hostCookie(issuer, 'latchkey', name => {
    throw new LatchkeyError('invalid_request', { detail: `The cookie ${name} comes twice.` })
  })
}

/** What a browser keeps in which somebody has signed in before. It opens nothing: what cannot be read is none. */
export function deviceCookie(issuer: string): HostCookie {
  return hostCookie(issuer, 'latchkey-device', () => undefined)
}

/** Browsers keep a cookie for 400 days at the most (RFC 6265bis 5.5). */
export const deviceCookieSeconds = 400 * 86_400

/**
 * `__Host-<name>` over https: no other host and no plain-text page can plant one. On an http loopback, where
 * browsers refuse that prefix, the name carries the port, so that two servers on one machine keep apart.
 */
function hostCookie(issuer: string, plainName: string, onTwo: (name: string) => undefined): HostCookie {
  const url = new URL(issuer)
  const secure = url.protocol === 'https:'
  const name = secure ? `__Host-${plainName}` : `${plainName}-${url.port || '80'}`
  const attributes = `${secure ? 'Path=/; Secure' : 'Path=/user'}; HttpOnly; SameSite=Strict`
  return {
    read(headers) {
      const values = cookieValues(headers.get('cookie'), name)
      if (values.length > 1) return onTwo(name)
      return values[0] === '' ? undefined : values[0]
    },
    set: (value, maxAgeSeconds) => `${name}=${value}; ${attributes}; Max-Age=${maxAgeSeconds}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  }
}

function cookieValues(header: string | null, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map(pair => pair.replace(/^[ \t]+/, ''))
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1).trimEnd())
}
