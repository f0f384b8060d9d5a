// What is known of the connection under a request: whose address counts, whether it is encrypted, whether it is
// this machine's own. Forwarding headers count only as far as the trusted proxies reach.
import { isIP } from 'node:net'
import { isLoopbackHost, type TrustedProxies } from '../config.ts'

/** The socket's side of a request, as whoever holds the socket hands it over; empty where there is none. */
export interface Connection {
  readonly address?: string | undefined
  readonly encrypted?: boolean | undefined
}

/** The address of the caller, the proxies' own left out; undefined when there is no socket to ask. */
export function callerAddress(
  headers: Pick<Headers, 'get'>,
  connection: Connection,
  trusted: TrustedProxies,
): string | undefined {
  const socket = plainAddress(connection.address)
  if (socket === undefined || !hasProxies(trusted)) return socket
  const path = [...listOf(headers.get('x-forwarded-for')).map(plainAddress), socket]
  if (trusted.kind === 'hops') {
    // Counted from our end: what stands further out was written by the caller.
    return path[Math.max(0, path.length - 1 - trusted.hops)] ?? socket
  }
  for (let at = path.length - 1; at >= 0; at--) {
    const address = path[at]
    if (address === undefined) return path[at + 1]
    if (!isTrusted(address, trusted)) return address
  }
  return path[0]
}

/** Whether a request travelled in the clear behind a trusted proxy, and so must be refused before its body is read. */
export function isUnencrypted(
  request: { headers: Headers; url: string },
  connection: Connection,
  settings: { trustProxy: TrustedProxies; issuer: string },
): boolean {
  if (!hasProxies(settings.trustProxy)) return false
  const peer = plainAddress(connection.address)
  if (
    settings.trustProxy.kind === 'addresses' &&
    peer !== undefined &&
    !isTrusted(peer, settings.trustProxy)
  ) {
    // Somebody went past the proxy: what they claim about themselves counts for nothing.
    return connection.encrypted !== true
  }
  const schemes = listOf(request.headers.get('x-forwarded-proto'))
  const scheme = (
    schemes.length === 1 ? schemes[0] : schemes[schemes.length - hopsOf(settings.trustProxy)]
  )?.toLowerCase()
  if (scheme === undefined && connection.encrypted === true) return false
  return scheme !== 'https' && !isFromLoopback(request, connection, settings.issuer)
}

/**
 * Whether a request has the privileges of this machine: socket, Host and issuer are loopback and no forwarding
 * header is there. A page that rebinds its own name to 127.0.0.1 brings its own Host and is none.
 */
export function isFromLoopback(
  request: { headers: Headers; url: string },
  connection: Connection,
  issuer: string,
): boolean {
  const address = plainAddress(connection.address)
  if (address === undefined || !isLoopbackHost(address) || !isLoopbackHost(new URL(issuer).hostname))
    return false
  if (forwardingHeaders.some(name => request.headers.has(name))) return false
  return isLoopbackHost(new URL(request.url).hostname)
}

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

function hasProxies(trusted: TrustedProxies): boolean {
  return trusted.kind === 'addresses' || trusted.hops > 0
}

function hopsOf(trusted: TrustedProxies): number {
  return trusted.kind === 'hops' ? trusted.hops : 1
}

function isTrusted(address: string, trusted: TrustedProxies): boolean {
  return trusted.kind === 'addresses' && trusted.list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function listOf(header: string | null): string[] {
  return header === null ? [] : header.split(',').map(part => part.trim())
}

/** An address without port, brackets or the IPv4-in-IPv6 prefix; undefined when it is no address. */
function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const bare = text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '')
  const withoutPort = isIP(bare) === 0 ? bare.replace(/:\d+$/, '') : bare
  return isIP(withoutPort) === 0 ? undefined : withoutPort
}
