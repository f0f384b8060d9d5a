// A cookie travels by itself, so a write that a foreign page started must not pass with it (RFC 6750 5.3).
// Reads only what browsers set and pages cannot: Sec-Fetch-Site, Origin.
import type { GuardRequest } from './request.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request with a cookie may count: a reading method, a request of the same origin, of one of `origins`,
 * or of a client that is no browser. A WebSocket handshake is a GET that browsers send across origins without
 * a preflight, so it is judged as a write.
 */
export function isFromOwnOrigin(request: GuardRequest, origins: ReadonlySet<string>): boolean {
  const isWebSocket = request.header?.('upgrade') !== undefined
  if (!isWebSocket && safeMethods.has(request.method ?? '')) return true
  const origin = request.header?.('origin')
  if (origin !== undefined && origins.has(origin)) return true
  const site = request.header?.('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  if (origin === undefined) return true
  // Some runtimes leave Host out, and `null` has none: nothing is no host that both have.
  const host = hostOf(origin)
  return host !== undefined && host === request.header?.('host')
}

function hostOf(origin: string): string | undefined {
  const at = origin.indexOf('://')
  return at < 0 ? undefined : origin.slice(at + 3)
}
