// The two questions of a subscriber to its server: for an access token, and for the feed. What is heard there is read in
// event-stream.ts and kept in revocation-feed.ts.
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { createGunzip } from 'node:zlib'

/** The server, and who asks. */
export interface FeedPlace {
  /** Ends with a slash. */
  readonly url: URL
  /** The client's credentials as HTTP Basic. */
  readonly authorization: string
}

export interface OpenFeed {
  readonly bytes: AsyncIterable<Uint8Array>
  /** The server's clock when it answered, in milliseconds since 1970. */
  readonly servedAtMs: number
}

const answerWithinMs = 10_000
const maxTokenAnswer = 1024 * 1024

/** An access token of the client (RFC 6749 4.4). */
export async function tokenOf({ url, authorization }: FeedPlace, signal: AbortSignal): Promise<string> {
  const response = await ask(new URL('oauth/token', url), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&scope=revocations%3Aread',
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  })
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > maxTokenAnswer) break
  }
  if (response.statusCode !== 200) throw refusal('the token', response.statusCode)
  const { access_token: token } = JSON.parse(text) as { access_token?: unknown }
  if (typeof token !== 'string') throw new Error('the server gave no access token')
  return token
}

/** Opens the feed, from the event after `lastEventId` on where the server still knows that one. */
export async function openFeed(
  { url }: FeedPlace,
  token: string,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<OpenFeed> {
  const impatience = new AbortController()
  const timer = setTimeout(() => impatience.abort(), answerWithinMs)
  const response = await ask(new URL('revocations', url), {
    method: 'GET',
    headers: {
      accept: 'text/event-stream',
      'accept-encoding': 'gzip',
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: AbortSignal.any([signal, impatience.signal]),
  }).finally(() => clearTimeout(timer))
  if (response.statusCode !== 200) {
    response.destroy()
    throw refusal('the feed', response.statusCode)
  }
  const { 'content-type': type = 'nothing', 'content-encoding': packing, date = '' } = response.headers
  if (!/^text\/event-stream\b/i.test(type)) {
    response.destroy()
    throw new Error(`the server answered ${type} to the request for the feed, not text/event-stream`)
  }
  // An application that has ended otherwise is not kept alive by its feed.
  response.socket.unref()
  const servedAtMs = Date.parse(date) || Date.now()
  if (packing !== 'gzip') return { bytes: response, servedAtMs }
  const unpacked = createGunzip()
  response.once('error', error => unpacked.destroy(error))
  return { bytes: response.pipe(unpacked), servedAtMs }
}

/** The client is not known, or may not read the feed. */
export class NotAdmitted extends Error {}

function refusal(what: string, status: number | undefined): Error {
  const sentence = `the server answered ${status} to the request for ${what}`
  return status === 401 || status === 403
    ? new NotAdmitted(
        `${sentence}. Check the client id and secret, and that the client has the scope revocations:read`,
      )
    : new Error(sentence)
}

interface Question extends RequestOptions {
  body?: string
}

function ask(url: URL, { body, ...options }: Question): Promise<IncomingMessage> {
  return new Promise((settle, fail) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp
    // A connection of its own: one from a pool could be closed under a request that was just sent.
    start(url, { ...options, agent: false }, settle)
      .once('error', fail)
      .end(body)
  })
}
