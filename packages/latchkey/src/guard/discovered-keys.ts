// The keys of an issuer that is known by name only: its metadata says where they are (RFC 8414 3, OpenID Connect
// Discovery 4). The metadata is believed only when it names this very issuer.
import { type Clock, systemClock } from '../base/clock.ts'
import { LatchkeyError } from '../base/errors.ts'
import { parseStrictObject } from '../base/json.ts'
import { steadyClock } from '../base/steady-clock.ts'
import type { Algorithm } from '../keys/algorithms.ts'
import { documentUrlProblem, type FetchedDocument, fetchDocument } from '../keys/fetch-document.ts'
import type { Key } from '../keys/key.ts'
import type { KeyQuery, KeySource } from '../keys/key-set.ts'
import { type RemoteKeySet, remoteKeys } from '../keys/remote-key-set.ts'

export interface DiscoveryOptions {
  readonly algorithms?: readonly Algorithm[] | undefined
  readonly clock?: Clock | undefined
}

const timeoutMs = 5000
const maxBytes = 1_048_576
/** The metadata is read again at most this often, when keys have to be loaded anyway. */
const keptMs = 3_600_000
const longestPauseMs = 30_000

class DiscoveredKeys implements KeySource {
  readonly #issuer: string
  readonly #options: DiscoveryOptions
  readonly #clock: Clock

  #keys: RemoteKeySet | undefined
  #jwksUri: string | undefined
  #earlierGenerations = 0
  #readAgainAtMs = 0
  #failures = 0
  #failure: unknown
  #underWay: Promise<void> | undefined

  constructor(issuer: string, options: DiscoveryOptions) {
    this.#issuer = issuer
    this.#options = options
    this.#clock = steadyClock(options.clock ?? systemClock)
  }

  get generation(): number {
    return this.#earlierGenerations + (this.#keys?.generation ?? 0)
  }

  find(query: KeyQuery): readonly Key[] | undefined {
    return this.#keys?.find(query)
  }

  /** Rejects with LatchkeyError `keys_unavailable`. */
  async load(query: KeyQuery): Promise<void> {
    if (this.#underWay !== undefined || this.#clock() >= this.#readAgainAtMs) await this.#discover()
    if (this.#keys === undefined) throw this.#unavailable()
    await this.#keys.load(query)
  }

  /** One reading at a time; never rejects. A failure keeps the keys that were found before. */
  #discover(): Promise<void> {
    this.#underWay ??= readMetadata(this.#issuer)
      .then(jwksUri => this.#found(jwksUri))
      .catch(error => this.#failed(error))
      .finally(() => {
        this.#underWay = undefined
      })
    return this.#underWay
  }

  #found(jwksUri: string): void {
    if (jwksUri !== this.#jwksUri) {
      // The keys before are gone: whatever a cache holds of theirs ends with their generation.
      if (this.#keys !== undefined) this.#earlierGenerations = this.generation + 1
      this.#keys = remoteKeys(jwksUri, { ...this.#options, fromMetadataOf: this.#issuer })
      this.#jwksUri = jwksUri
    }
    this.#failures = 0
    this.#readAgainAtMs = this.#clock() + keptMs
  }

  #failed(error: unknown): void {
    this.#failure = error
    this.#readAgainAtMs = this.#clock() + Math.min(longestPauseMs, 1000 * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 16)
  }

  #unavailable(): LatchkeyError {
    const { detail } = this.#failure instanceof LatchkeyError ? this.#failure : {}
    return new LatchkeyError('keys_unavailable', {
      detail: detail ?? 'The metadata of the issuer cannot be read.',
      cause: this.#failure,
      retryAfterSeconds: Math.max(1, Math.ceil((this.#readAgainAtMs - this.#clock()) / 1000)),
    })
  }
}

/**
 * A source of the keys that `issuer` publishes, found through its metadata when the first token asks. https only, but
 * for the loopback. Throws a TypeError for an issuer that is not such a URL.
 */
export function discoveredKeys(issuer: string, options: DiscoveryOptions = {}): KeySource {
  const url = typeof issuer === 'string' ? URL.parse(issuer) : null
  if (url === null || url.search !== '' || url.hash !== '' || issuer.includes('?') || issuer.includes('#'))
    throw new TypeError('protect: discover needs an issuer that is a URL without query and fragment')
  const problem = documentUrlProblem(url)
  if (problem !== undefined) throw new TypeError(`protect: discover: the issuer ${problem}`)
  return new DiscoveredKeys(issuer, options)
}

async function readMetadata(issuer: string): Promise<string> {
  const { url, document } = await fetchFirst(placesOf(issuer))
  const bytes = document.kind === 'document' ? document.bytes : Buffer.alloc(0)
  const metadata = parseStrictObject(bytes, bytes.length)
  const place = `${url.origin}${url.pathname}`
  if (metadata === undefined) throw unusable(`${place} is not a JSON object.`)
  // RFC 8414 3.3: identical, code point by code point, or none of it may be used.
  if (metadata['issuer'] !== issuer) throw unusable(`${place} speaks of another issuer.`)
  const jwksUri = metadata['jwks_uri']
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw unusable(`${place} names no jwks_uri.`)
  return jwksUri
}

/** RFC 8414 3.1 puts the well-known part before the issuer's path; OpenID Connect Discovery 4.1 behind it. */
function placesOf(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    new URL(`${origin}/.well-known/oauth-authorization-server${path}`),
    new URL(`${origin}${path}/.well-known/openid-configuration`),
  ]
}

async function fetchFirst(places: readonly URL[]): Promise<{ url: URL; document: FetchedDocument }> {
  let failure: unknown
  for (const url of places) {
    try {
      return { url, document: await fetchDocument({ url, timeoutMs, maxBytes }) }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function unusable(detail: string): LatchkeyError {
  return new LatchkeyError('keys_unavailable', { detail })
}
