// The keys that another service publishes at a URL. Fetched when first needed, kept as long as the publisher says,
// looked at again ahead of time; however many tokens ask, one request is under way at most.
import { type Clock, systemClock } from '../base/clock.ts'
import { LatchkeyError } from '../base/errors.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { steadyClock } from '../base/steady-clock.ts'
import { secondsOfTimespan, type Timespan } from '../base/timespan.ts'
import { type Algorithm, requireAlgorithm } from './algorithms.ts'
import {
  type DocumentRequest,
  documentUrlProblem,
  type FetchedDocument,
  fetchDocument,
  type Resolve,
} from './fetch-document.ts'
import type { Key } from './key.ts'
import { isFor, type KeyQuery, type KeySource } from './key-set.ts'
import { type KnownKeys, type RefusedKey, readKeySet } from './key-set-document.ts'

export interface RemoteKeysOptions {
  /** The algorithms that the publisher's keys may have; needed where RSA keys name none and sign other than RS256. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** How long keys are good when the answer has no Cache-Control. Default 5 minutes. */
  readonly maxAge?: Timespan | undefined
  /**
   * The least time between two requests on account of an unknown key id, or the time that the publisher gives where
   * that is shorter. Default 30 seconds, at least 1.
   */
  readonly cooldown?: Timespan | undefined
  /** How long keys stay in use past their time while the publisher cannot be reached. Default 1 hour. */
  readonly staleIfError?: Timespan | undefined
  /** For the whole request, names resolved and redirects followed. Default 5 seconds. */
  readonly timeout?: Timespan | undefined
  /** Default 1 MiB. */
  readonly maxBytes?: number | undefined
  /** Default 100. */
  readonly maxKeys?: number | undefined
  /**
   * The issuer in whose metadata the URL was found. A URL that is not of that issuer's own origin is then refused
   * when it leads to a private address.
   */
  readonly fromMetadataOf?: string | URL | undefined
  /** Gives a host name's addresses instead of the system. */
  readonly resolve?: Resolve | undefined
  readonly clock?: Clock | undefined
}

export interface RemoteKeysStatus {
  /** Without its query. */
  readonly url: string
  /** `stale`: past their time, and used because the publisher cannot be reached. */
  readonly state: 'empty' | 'fresh' | 'stale' | 'unavailable'
  readonly keys: readonly { readonly kid: string | undefined; readonly alg: Algorithm }[]
  readonly refused: readonly RefusedKey[]
  /** Milliseconds since 1970; undefined before the first success. */
  readonly fetchedAtMs: number | undefined
  readonly freshUntilMs: number | undefined
  /** Requests made so far. */
  readonly requests: number
  /** Why the latest request failed; undefined when it did not. */
  readonly problem: string | undefined
}

const optionNames = [
  'algorithms',
  'maxAge',
  'cooldown',
  'staleIfError',
  'timeout',
  'maxBytes',
  'maxKeys',
  'fromMetadataOf',
  'resolve',
  'clock',
] as const satisfies readonly (keyof RemoteKeysOptions)[]

const longestFreshSeconds = 86_400
/** Looked at again when this part of the time has passed, so that no request waits for it. */
const refreshAfter = 0.8
/** Of keys that a token does not choose among by its key id: whoever sends junk has no more of them tried. */
const mostTried = 16
const none: readonly Key[] = Object.freeze([])

/** Made by `remoteKeys`. */
export class RemoteKeySet implements KeySource {
  readonly #request: DocumentRequest
  readonly #rules: { readonly algorithms: readonly Algorithm[] | undefined; readonly maxKeys: number }
  readonly #maxAgeMs: number
  readonly #cooldownMs: number
  readonly #staleIfErrorMs: number
  readonly #clock: Clock

  #keys: readonly Key[] = none
  readonly #byKid = new Map<string, Key[]>()
  readonly #known: KnownKeys = new Map()
  #refused: readonly RefusedKey[] = []
  #etag: string | undefined
  #generation = 0

  #isUsable = false
  #fetchedAtMs: number | undefined
  #freshUntilMs = 0
  #usableUntilMs = 0
  #refreshAtMs = 0
  #askAgainAtMs = 0
  #failure: LatchkeyError | undefined
  #failures = 0
  #requests = 0
  #underWay: Promise<void> | undefined

  constructor(url: URL, options: RemoteKeysOptions) {
    const { algorithms, maxBytes = 1_048_576, maxKeys = 100, fromMetadataOf, resolve } = options
    this.#request = {
      url,
      timeoutMs: millisecondsOf(options.timeout ?? 5, 'timeout'),
      maxBytes: requireCount(maxBytes, 'maxBytes'),
      fromMetadataOf: fromMetadataOf === undefined ? undefined : requireUrl(fromMetadataOf, 'fromMetadataOf'),
      resolve,
    }
    this.#rules = {
      algorithms: algorithms?.map(name => requireAlgorithm(name, 'remoteKeys: algorithms')),
      maxKeys: requireCount(maxKeys, 'maxKeys'),
    }
    this.#maxAgeMs = millisecondsOf(options.maxAge ?? 300, 'maxAge')
    this.#cooldownMs = Math.max(1000, millisecondsOf(options.cooldown ?? 30, 'cooldown'))
    this.#staleIfErrorMs = millisecondsOf(options.staleIfError ?? 3600, 'staleIfError')
    this.#clock = steadyClock(options.clock ?? systemClock)
  }

  /** Grows when a key was taken away, and when nobody vouches for the keys any more. */
  get generation(): number {
    this.#keepFresh()
    return this.#generation
  }

  /** The keys that may have signed; undefined when the publisher has to be asked first. */
  find(query: KeyQuery): readonly Key[] | undefined {
    if (!this.#keepFresh()) return undefined
    const named = this.#named(query)
    if (named !== undefined) return named
    // After a failure nobody can say that the key is unknown: `load` will.
    if (this.#failure !== undefined || this.#clock() >= this.#askAgainAtMs) return undefined
    return this.#unnamed(query)
  }

  /**
   * Asks the publisher, unless it was asked a moment ago. Rejects with LatchkeyError `keys_unavailable` when there
   * are no keys to go by, or when it cannot be known whether the key that is asked for exists.
   */
  async load(query: KeyQuery): Promise<void> {
    if (this.#underWay !== undefined || this.#clock() >= this.#askAgainAtMs) await this.#refresh()
    if (!this.#isUsable || (this.#failure !== undefined && this.#named(query) === undefined))
      throw this.#unavailable()
  }

  get status(): RemoteKeysStatus {
    const { origin, pathname } = this.#request.url
    const now = this.#clock()
    const isUsable = this.#isUsable && now < this.#usableUntilMs
    const isFresh = now < this.#freshUntilMs
    const without = this.#failure === undefined ? 'empty' : 'unavailable'
    return {
      url: origin + pathname,
      state: isUsable ? (isFresh ? 'fresh' : 'stale') : without,
      keys: this.#keys.map(({ kid, alg }) => ({ kid, alg })),
      refused: this.#refused,
      fetchedAtMs: this.#fetchedAtMs,
      freshUntilMs: this.#fetchedAtMs === undefined ? undefined : this.#freshUntilMs,
      requests: this.#requests,
      problem: this.#failure?.detail,
    }
  }

  /** The keys of a named kid, or those of the algorithm when the token names none; undefined for an unknown one. */
  #named(query: KeyQuery): readonly Key[] | undefined {
    const keys = query.kid === undefined ? this.#keys : this.#byKid.get(query.kid)
    const fitting = fittingOf(keys ?? none, query)
    return fitting.length > 0 || (query.kid !== undefined && keys !== undefined) ? fitting : undefined
  }

  /** Keys without a kid may have signed any token. */
  #unnamed(query: KeyQuery): readonly Key[] {
    const nameless = this.#keys.filter(key => key.kid === undefined)
    return fittingOf(nameless, query)
  }

  /** Whether the keys may be used now. Starts looking at them again ahead of time, and lets them go when it is over. */
  #keepFresh(): boolean {
    const now = this.#clock()
    if (now < this.#refreshAtMs || !this.#isUsable) return this.#isUsable
    if (now >= this.#usableUntilMs) {
      // What caches hold was verified by keys that nobody vouches for now: the next token asks for them anew.
      this.#isUsable = false
      this.#generation++
    } else if (this.#underWay === undefined) void this.#refresh()
    return this.#isUsable
  }

  /** One request at a time; who comes meanwhile waits for the same. Never rejects. */
  #refresh(): Promise<void> {
    this.#underWay ??= this.#fetch().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  async #fetch(): Promise<void> {
    this.#requests++
    try {
      const answer = await fetchDocument({ ...this.#request, etag: this.#etag })
      if (answer.kind === 'document') this.#replace(answer.bytes, answer.etag)
      this.#succeed(answer)
    } catch (error) {
      this.#fail(error)
    }
  }

  #replace(bytes: Buffer, etag: string | undefined): void {
    const { keys, refused } = readKeySet(bytes, this.#rules, this.#known)
    if (this.#keys.some(key => !keys.includes(key))) this.#generation++
    this.#keys = keys
    this.#refused = refused
    this.#etag = etag
    this.#byKid.clear()
    for (const key of keys) {
      if (key.kid !== undefined) this.#byKid.set(key.kid, [...(this.#byKid.get(key.kid) ?? []), key])
    }
  }

  #succeed({ freshSeconds }: FetchedDocument): void {
    const now = this.#clock()
    const said = freshSeconds === undefined ? this.#maxAgeMs : freshSeconds * 1000
    // A publisher that gives no time at all is not asked for each token; one that gives a short one rotates by it.
    const freshMs = Math.min(said > 0 ? said : this.#cooldownMs, longestFreshSeconds * 1000)
    this.#failure = undefined
    this.#failures = 0
    this.#fetchedAtMs = now
    this.#freshUntilMs = now + freshMs
    this.#usableUntilMs = this.#freshUntilMs
    this.#refreshAtMs = now + freshMs * refreshAfter
    this.#askAgainAtMs = now + Math.min(this.#cooldownMs, freshMs)
    this.#isUsable = true
  }

  #fail(error: unknown): void {
    const now = this.#clock()
    const pauseMs = Math.min(this.#cooldownMs, 1000 * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 16)
    this.#failure =
      error instanceof LatchkeyError
        ? error
        : new LatchkeyError('keys_unavailable', { detail: 'The key set cannot be read.', cause: error })
    this.#askAgainAtMs = now + pauseMs
    if (this.#fetchedAtMs !== undefined) this.#usableUntilMs = this.#freshUntilMs + this.#staleIfErrorMs
    const isUsable = this.#fetchedAtMs !== undefined && now < this.#usableUntilMs
    if (this.#isUsable && !isUsable) this.#generation++
    this.#isUsable = isUsable
    this.#refreshAtMs = Math.min(this.#askAgainAtMs, this.#usableUntilMs)
  }

  #unavailable(): LatchkeyError {
    return new LatchkeyError('keys_unavailable', {
      detail: this.#failure?.detail,
      cause: this.#failure,
      retryAfterSeconds: Math.max(1, Math.ceil((this.#askAgainAtMs - this.#clock()) / 1000)),
    })
  }
}

/**
 * The keys published at `url` (a JWK Set, RFC 7517 5) as a source for verifiers and guards. Nothing is fetched until
 * a token needs it. https only, but for the loopback. A token without a key id is tried with the keys of its algorithm
 * where these are 16 or fewer. Throws a TypeError for a URL or an option that cannot be used.
 */
export function remoteKeys(url: string | URL, options: RemoteKeysOptions = {}): RemoteKeySet {
  refuseUnknownOptions('remoteKeys', options, optionNames)
  const place = requireUrl(url, 'the URL')
  const problem = documentUrlProblem(place)
  // A URL from metadata is not the programmer's: it fails when it is asked, as everything else there.
  if (problem !== undefined && options.fromMetadataOf === undefined)
    throw new TypeError(`remoteKeys: the URL ${problem}`)
  return new RemoteKeySet(place, options)
}

function fittingOf(keys: readonly Key[], { alg }: KeyQuery): readonly Key[] {
  const [only] = keys
  if (keys.length === 1 && only !== undefined) return isFor(only, alg) ? keys : none
  const fitting = keys.filter(key => isFor(key, alg))
  return fitting.length > mostTried ? none : fitting
}

function requireUrl(value: string | URL, what: string): URL {
  if (value instanceof URL) return new URL(value)
  if (typeof value === 'string' && URL.canParse(value)) return new URL(value)
  throw new TypeError(`remoteKeys: ${what} must be an absolute URL`)
}

function requireCount(value: unknown, option: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`remoteKeys: ${option} must be a whole number above 0`)
}

function millisecondsOf(span: unknown, option: string): number {
  const seconds = secondsOfTimespan(span, `remoteKeys: ${option}`)
  if (seconds < 0) throw new TypeError(`remoteKeys: ${option} must not be negative`)
  return Math.ceil(seconds * 1000)
}
