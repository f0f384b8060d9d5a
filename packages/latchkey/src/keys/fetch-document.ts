// Fetches one small document from an address that somebody named: within a time, a size and an origin, and never
// from a place that only this network can reach when it was a stranger who named it (RFC 8725bis 3.10).
import { lookup } from 'node:dns/promises'
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { LatchkeyError } from '../base/errors.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** Every address of a host name. The ones that are judged are the ones that are connected to. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export interface DocumentRequest {
  readonly url: URL
  readonly timeoutMs: number
  readonly maxBytes: number
  /** The tag of the copy at hand: an unchanged document is then not sent again (RFC 9110 13.1.2). */
  readonly etag?: string | undefined
  /**
   * The issuer in whose metadata `url` was found. Private addresses are then refused, but for a URL of the issuer's
   * own origin, which the application named itself.
   */
  readonly fromMetadataOf?: URL | undefined
  readonly resolve?: Resolve | undefined
}

export type FetchedDocument = {
  readonly etag: string | undefined
  /** How long the answer says it may be kept, its age taken off (RFC 9111 4.2); undefined when it says nothing. */
  readonly freshSeconds: number | undefined
} & ({ readonly kind: 'document'; readonly bytes: Buffer } | { readonly kind: 'unchanged' })

const maxRedirects = 3
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/**
 * What is wrong with a URL as the place of such a document, if anything: it must be https, or http on the loopback,
 * and carry no name and password.
 */
export function documentUrlProblem(url: URL): string | undefined {
  if (url.username !== '' || url.password !== '') return 'carries a user name or a password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol !== 'http:') return 'is not an https URL'
  const host = hostOf(url)
  const isLoopback = host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host)
  return isLoopback ? undefined : 'is not an https URL, which it must be off the loopback'
}

/** Fetches the document. Throws LatchkeyError `keys_unavailable`, whatever the reason; the detail says it. */
export async function fetchDocument(request: DocumentRequest): Promise<FetchedDocument> {
  const signal = AbortSignal.timeout(request.timeoutMs)
  try {
    return await follow(request, signal)
  } catch (cause) {
    if (cause instanceof LatchkeyError) throw cause
    if (signal.aborted) throw unavailable(request.url, `did not answer within ${request.timeoutMs} ms`, cause)
    throw unavailable(request.url, 'could not be reached', cause)
  }
}

async function follow(request: DocumentRequest, signal: AbortSignal): Promise<FetchedDocument> {
  let { url } = request
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const addresses = await allowedAddresses(url, request, signal)
    const response = await ask({ ...request, url }, addresses, signal)
    const next = redirectOf(response, url)
    if (next === undefined) return read(response, { ...request, url })
    response.destroy()
    if (next.origin !== url.origin) throw unavailable(url, 'redirects to another origin')
    url = next
  }
  throw unavailable(url, `redirects more than ${maxRedirects} times`)
}

function unavailable(url: URL, problem: string, cause?: unknown): LatchkeyError {
  // The query stays out: it may be what lets the application in.
  return new LatchkeyError('keys_unavailable', { detail: `${url.origin}${url.pathname} ${problem}.`, cause })
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

async function allowedAddresses(
  url: URL,
  { fromMetadataOf, resolve = resolveBySystem }: DocumentRequest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const problem = documentUrlProblem(url)
  if (problem !== undefined) throw unavailable(url, problem)
  const host = hostOf(url)
  const addresses = isIP(host) ? [host] : await within(signal, resolve(host))
  if (addresses.length === 0) throw unavailable(url, 'has no address')
  if (url.protocol === 'http:' && !addresses.every(isLoopbackAddress)) {
    throw unavailable(url, 'is plain http and resolves off the loopback')
  }
  const isStrange = fromMetadataOf !== undefined && url.origin !== fromMetadataOf.origin
  if (isStrange && !addresses.every(isPublicAddress)) {
    throw unavailable(url, 'was found in metadata and resolves to an address that is not public')
  }
  return addresses
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

function within<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  signal.throwIfAborted()
  return new Promise((settle, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
    promise.then(settle, fail)
  })
}

function ask(
  request: DocumentRequest,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, etag } = request
  const options: RequestOptions = {
    // A connection of its own, to the addresses that were judged: asking DNS once more could give another answer.
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
    maxHeaderSize: 16_384,
    headers: {
      accept: 'application/jwk-set+json, application/json',
      'accept-encoding': 'identity',
      ...(etag !== undefined && { 'if-none-match': etag }),
    },
  }
  return new Promise((settle, fail) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp
    start(url, options, settle).once('error', fail).end()
  })
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const list = addresses.map(address => ({ address, family: isIP(address) }))
  return (_hostname, { all }, callback) => {
    const [first = { address: '', family: 0 }] = list
    if (all) callback(null, list)
    else callback(null, first.address, first.family)
  }
}

function redirectOf(response: IncomingMessage, from: URL): URL | undefined {
  const { location } = response.headers
  if (!redirectStatuses.has(response.statusCode ?? 0)) return undefined
  if (location === undefined || !URL.canParse(location, from)) throw unavailable(from, 'redirects to nowhere')
  return new URL(location, from)
}

async function read(
  response: IncomingMessage,
  { url, etag, maxBytes }: DocumentRequest,
): Promise<FetchedDocument> {
  const { headers, statusCode } = response
  const kept = { etag: headers.etag, freshSeconds: freshSecondsOf(headers) }
  try {
    if (statusCode === 304 && etag !== undefined)
      return { kind: 'unchanged', ...kept, etag: headers.etag ?? etag }
    if (statusCode !== 200) throw unavailable(url, `answered with status ${statusCode}`)
    // What was asked for plainly and comes packed could unpack to any size.
    if ((headers['content-encoding'] ?? 'identity') !== 'identity')
      throw unavailable(url, 'answered in a packed form')
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maxBytes) throw unavailable(url, `answered with more than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
    return { kind: 'document', bytes: Buffer.concat(chunks, length), ...kept }
  } finally {
    response.destroy()
  }
}

function freshSecondsOf(headers: IncomingHttpHeaders): number | undefined {
  const control = headers['cache-control'] ?? ''
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(control)) return 0
  const [, maxAge] = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(control) ?? []
  if (maxAge === undefined) return undefined
  const [age = '0'] = /^\d{1,10}$/.exec(headers.age ?? '') ?? []
  return Math.max(0, Number(maxAge) - Number(age))
}
