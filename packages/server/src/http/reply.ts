// Answers. An error becomes HTTP here and nowhere else (RFC 9457); whatever carries a credential is never stored.
import { LatchkeyError } from 'latchkey'
import type { Grant } from '../auth/context.ts'
import type { SessionCookie } from './cookies.ts'
import { freshLoginSeconds } from './fresh-login.ts'

const noStore = { 'cache-control': 'no-store' }

export function json(body: unknown, headers: Record<string, string> = noStore, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

export function noContent(headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 204, headers: { ...noStore, ...headers } })
}

/** The answer to a sign-in and a refresh. A browser session's refresh token travels in the cookie only. */
export function granted(grant: Grant, cookie: SessionCookie): Response {
  const body = {
    access_token: grant.accessToken,
    token_type: 'Bearer',
    expires_in: grant.expiresInSeconds,
    ...(grant.transport === 'body' && { refresh_token: grant.refreshToken }),
    refresh_expires_in: grant.refreshExpiresInSeconds,
    ...(grant.transport === 'body' && grant.deviceToken && { device_token: grant.deviceToken }),
    user: grant.user,
  }
  return withCookies(json(body), cookiesOf(grant, cookie))
}

/** The answer to a sign-in as the tutorial has it: the bare access token. */
export function bareToken(grant: Grant, cookie: SessionCookie): Response {
  const headers = { ...noStore, 'content-type': 'text/plain; charset=utf-8' }
  return withCookies(new Response(grant.accessToken, { headers }), cookiesOf(grant, cookie))
}

/** The cookies that keep a session in a browser; none for one that travels in bodies. */
export function cookiesOf(grant: Grant, cookie: SessionCookie): readonly string[] {
  const { refreshToken, pageToken, deviceToken } = grant
  return pageToken === undefined
    ? []
    : cookie.set({ refreshToken, pageToken, deviceToken }, grant.refreshExpiresInSeconds)
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** An error as the problem document that goes out. What is not ours to say becomes `internal_error`. */
export function asProblem(error: unknown): LatchkeyError {
  if (error instanceof LatchkeyError && error.status < 600) return error
  return new LatchkeyError('internal_error', { cause: error })
}

/** The status that an error is answered with where credentials are refused with `denyStatus`. */
export function statusOf(error: LatchkeyError, denyStatus: 401 | 403): number {
  const isDeny = error.status === 401 && error.code !== 'insufficient_user_authentication'
  return isDeny ? denyStatus : error.status
}

/**
 * A problem document. Credential refusals answer the deny status with a challenge (RFC 6750 3); an error of ours
 * keeps its detail for the log.
 */
export function problem(
  error: LatchkeyError,
  denyStatus: 401 | 403,
  headers: Record<string, string> = {},
): Response {
  const isDenial = error.status === 401 || error.code === 'insufficient_scope' || error.code === 'forbidden'
  const status = statusOf(error, denyStatus)
  const isOurs = error.status >= 500
  const body = {
    type: `urn:latchkey:problem:${error.code}`,
    title: error.title,
    status,
    ...(error.detail !== undefined && !isOurs && { detail: error.detail }),
    code: error.code,
    ...(error.errors !== undefined && { errors: error.errors }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...noStore,
      ...(isDenial && { 'www-authenticate': challenge(error) }),
      ...retryAfter(error),
      ...headers,
    },
  })
}

/** When to come back, for who came too often or too early. */
export function retryAfter({ status, retryAfterSeconds = 1 }: LatchkeyError): Record<string, string> {
  return status === 503 || status === 429 ? { 'retry-after': String(retryAfterSeconds) } : {}
}

/** The status of a page that refuses: 401 is for credentials in the request's head, which a browser would ask for. */
export function statusOfPage({ status }: LatchkeyError): number {
  return status === 401 ? 403 : status
}

/** What is told beyond OAuth's word for a token that is not valid (RFC 6750 3.1, RFC 9470 3). */
const notEnough: Readonly<Record<string, { name: string; more: string }>> = {
  insufficient_scope: { name: 'insufficient_scope', more: '' },
  // RFC 6750 has one word for "not enough".
  forbidden: { name: 'insufficient_scope', more: '' },
  insufficient_user_authentication: {
    name: 'insufficient_user_authentication',
    more: `, max_age="${freshLoginSeconds}"`,
  },
}

function challenge(error: LatchkeyError): string {
  if (error.code === 'missing_token') return 'Bearer'
  const { name, more } = notEnough[error.code] ?? { name: 'invalid_token', more: '' }
  return `Bearer error="${name}", error_description="${error.title}"${more}`
}
