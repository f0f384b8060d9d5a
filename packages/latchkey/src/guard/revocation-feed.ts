// What a Latchkey server revokes, known here without a question a request: one connection to its feed, a set in
// memory, and a choice for the time when the feed cannot be heard.
import { LatchkeyError } from '../base/errors.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { randomSeed } from '../base/random.ts'
import { secondsOfTimespan, type Timespan } from '../base/timespan.ts'
import { documentUrlProblem } from '../keys/fetch-document.ts'
import { RevocationSet } from '../token/revocation-set.ts'
import type { RevocationSource } from '../token/verify.ts'
import { readEvents, type StreamEvent } from './event-stream.ts'
import { type FeedPlace, NotAdmitted, openFeed, tokenOf } from './feed-connection.ts'

export interface RevocationFeedOptions {
  /** The server's address: its issuer. */
  readonly url: string | URL
  /** A client of the server with the scope `revocations:read`: `latchkey client add`. */
  readonly clientId: string
  readonly clientSecret: string
  /** How old what is known may be, 10 seconds or more. Default 60 seconds. */
  readonly maxStale?: Timespan | undefined
  /** What becomes of requests beyond that: refused with 503, or let through unchecked. Default 'deny'. */
  readonly whenStale?: 'deny' | 'allow' | undefined
}

export interface RevocationFeedStatus {
  /** `connecting`: nothing is known yet, and no request passes. `stale`: beyond `maxStale`. */
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'stale'
  readonly url: string
  /** How many ids are known to be revoked. */
  readonly entries: number
  /** How old what is known is, in milliseconds; undefined before the first snapshot. */
  readonly ageMs: number | undefined
  /** Connections made so far. */
  readonly connections: number
  /** Why the latest connection ended or could not be made; undefined while it holds. */
  readonly problem: string | undefined
}

export interface RevocationFeed extends RevocationSource {
  status(): RevocationFeedStatus
  /** Settles when the first snapshot is in. */
  ready(): Promise<void>
  /** Hangs up, for good. */
  close(): void
}

const optionNames = ['url', 'clientId', 'clientSecret', 'maxStale', 'whenStale']
/** Heartbeats come every 5 seconds: after three that did not, the connection is dead, whatever it says. */
const silentAfterMs = 16_000
const waitMs = { least: 500, most: 10_000 }
const maxEventLength = 1024 * 1024
const forgetEachMs = 60_000

/**
 * Subscribes to a server's revocations. Hand it to as many guards as there are; it holds one connection. Throws a
 * TypeError for options that cannot be meant. A guard refuses with `revocations_stale` (503) until the first snapshot
 * is in, and when nothing was heard for `maxStale`.
 */
export function revocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { place, maxStaleMs, whenStale } = checked(options)
  const set = new RevocationSet()
  const ending = new AbortController()
  const first = Promise.withResolvers<void>()
  let lastEventId: string | undefined
  /** When what is known was true; undefined before the first snapshot. */
  let trueAtMs: number | undefined
  /**
   * The server's time at the origin of `performance`. What expires does so by its clock: this machine's may jump
   * ahead and back, and what was forgotten meanwhile is not told again.
   */
  let serverOriginMs = Number.NEGATIVE_INFINITY
  let isLive = false
  let connections = 0
  let problem: string | undefined

  const ageMs = (): number | undefined => (trueAtMs === undefined ? undefined : performance.now() - trueAtMs)
  let hasWarned = false
  /** Waiting does not mend this, and who starts the application sees nothing but 503s. */
  const warnOnce = (sentence: string): void => {
    if (hasWarned) return
    hasWarned = true
    process.emitWarning(`revocationFeed: ${sentence}`, {
      type: 'LatchkeyWarning',
      code: 'LATCHKEY_FEED_REFUSED',
    })
  }
  const isStale = (): boolean => (ageMs() ?? Number.POSITIVE_INFINITY) > maxStaleMs
  const take = (event: StreamEvent): void => {
    const { revoked, ageMs: told } = readData(event.data)
    for (const [id, expiresAt] of revoked) set.add(id, expiresAt)
    if (event.event === 'complete') {
      isLive = true
      problem = undefined
      first.resolve()
    }
    // Before that an id would promise a snapshot that is not here yet.
    if (isLive && event.id !== undefined) lastEventId = event.id
    if (isLive && told !== undefined) trueAtMs = performance.now() - told
  }
  const listen = async (token: string): Promise<void> => {
    const hearing = new AbortController()
    const signal = AbortSignal.any([ending.signal, hearing.signal])
    const { bytes, servedAtMs } = await openFeed(place, token, lastEventId, signal)
    serverOriginMs = servedAtMs - performance.now()
    // Who waits for the first event is kept alive by it; nobody is afterwards.
    const watchdog = setTimeout(() => hearing.abort(), silentAfterMs)
    try {
      for await (const event of readEvents(bytes, maxEventLength)) {
        watchdog.refresh().unref()
        take(event)
      }
    } finally {
      clearTimeout(watchdog)
      isLive = false
      // Whoever sends what cannot be read is not listened to any longer.
      hearing.abort()
    }
  }
  const run = async (): Promise<void> => {
    let delayMs = waitMs.least
    while (!ending.signal.aborted) {
      const before = trueAtMs
      try {
        connections += 1
        await listen(await tokenOf(place, ending.signal))
        problem = 'the server closed the connection'
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
        if (error instanceof NotAdmitted) warnOnce(problem)
      }
      delayMs = before === trueAtMs ? Math.min(delayMs * 2, waitMs.most) : waitMs.least
      // Guards that lost one server together do not come to the next one together.
      await pause(delayMs * (0.5 + randomSeed() / 2 ** 32), ending.signal)
    }
  }
  const forget = (): void =>
    set.forget(Math.floor(Math.min(Date.now(), serverOriginMs + performance.now()) / 1000))
  const forgetting = setInterval(forget, forgetEachMs)
  forgetting.unref()
  void run()

  return {
    isRevoked({ claims, header }) {
      if (trueAtMs === undefined) throw new LatchkeyError('revocations_stale', { detail: 'no snapshot yet' })
      if (isStale() && whenStale === 'deny') throw new LatchkeyError('revocations_stale')
      const { sid, jti } = claims
      return (
        (typeof sid === 'string' && set.has(sid)) ||
        (typeof jti === 'string' && set.has(jti)) ||
        (typeof header.kid === 'string' && set.has(header.kid))
      )
    },
    status: () => ({
      state: trueAtMs === undefined ? 'connecting' : isStale() ? 'stale' : isLive ? 'live' : 'reconnecting',
      url: place.url.href,
      entries: set.size,
      ageMs: ageMs(),
      connections,
      problem,
    }),
    ready: () => first.promise,
    close() {
      clearInterval(forgetting)
      ending.abort()
    },
  }
}

interface EventData {
  readonly revoked: readonly (readonly [id: string, expiresAt: number])[]
  readonly ageMs: number | undefined
}

/** Throws when it is not what a feed says: what cannot be read may have been a revocation. */
function readData(text: string): EventData {
  const data: unknown = JSON.parse(text)
  const { revoked = [], age_ms: age } = (data ?? {}) as { revoked?: unknown; age_ms?: unknown }
  const isRead = Array.isArray(revoked) && revoked.every(isEntry) && (age === undefined || isCount(age))
  if (!isRead) throw new Error('the server sent an event that cannot be read')
  return { revoked, ageMs: age }
}

function isEntry(entry: unknown): entry is [string, number] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && isCount(entry[1])
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function checked(options: RevocationFeedOptions): {
  place: FeedPlace
  maxStaleMs: number
  whenStale: 'deny' | 'allow'
} {
  refuseUnknownOptions('revocationFeed', options, optionNames)
  const { clientId, clientSecret, maxStale = '60s', whenStale = 'deny' } = options
  if (
    typeof clientId !== 'string' ||
    typeof clientSecret !== 'string' ||
    clientId === '' ||
    clientSecret === ''
  )
    throw new TypeError(
      'revocationFeed: clientId and clientSecret are needed. The server makes them: ' +
        'npx latchkey client add <name> --scope revocations:read',
    )
  if (whenStale !== 'deny' && whenStale !== 'allow')
    throw new TypeError("revocationFeed: whenStale is 'deny' or 'allow'")
  const maxStaleSeconds = secondsOfTimespan(maxStale, 'revocationFeed: maxStale')
  if (!(maxStaleSeconds >= 10)) throw new TypeError('revocationFeed: maxStale is 10 seconds or more')
  if (!URL.canParse(options.url)) throw new TypeError('revocationFeed: url is not a URL')
  const url = new URL(options.url)
  const problem = documentUrlProblem(url)
  if (problem !== undefined) throw new TypeError(`revocationFeed: the url ${problem}`)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  // RFC 6749 2.3.1: each form-encoded before they are joined.
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':')
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  return { place: { url, authorization }, maxStaleMs: maxStaleSeconds * 1000, whenStale }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    timer.unref()
    signal.addEventListener('abort', over)
  })
}
