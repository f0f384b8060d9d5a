// What a request is called in the log, in traces of proxies and in what a user quotes.
import { randomBytes } from 'node:crypto'

/**
 * The name that a request brings as `X-Request-Id`, such as a proxy gives, or a new one. Only what is safe to log and to
 * answer is taken: 1 to 64 letters, digits, dots, hyphens and underscores. It is a name and proves nothing.
 */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id')
  return given !== null && /^[\w.-]{1,64}$/.test(given) ? given : randomBytes(9).toString('base64url')
}
