// The prepared verifier: options are read once, here, and a wrong one is a TypeError before the first token comes.
import { type Clock, systemClock } from '../base/clock.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { secondsOfTimespan, type Timespan } from '../base/timespan.ts'
import { type Algorithm, algorithms, requireAlgorithm } from '../keys/algorithms.ts'
import { isKey, type Key } from '../keys/key.ts'
import { algorithmsOf, fixedKeys, isKeySource, isNameOf, type KeySource } from '../keys/key-set.ts'
import { type ClaimRules, prepareClaimCheck } from './claims.ts'
import { KnownHeaders, shortMediaType } from './header.ts'
import { isStandardSchema, type SchemaOutput, type StandardSchema } from './standard-schema.ts'
import { type Claims, type Header, Refusal, type Verdict } from './verdict.ts'
import { usualCacheSize, VerifiedTokens } from './verified-tokens.ts'
import {
  Candidate,
  judge,
  judgeAfterLoading,
  judgeLater,
  type RevocationSource,
  type Rules,
} from './verify.ts'

/** What a token's claims must be; shared by `createVerifier` and `verify`. */
export interface ClaimOptions {
  /** The issuer, or the ones that count. Compared exactly. */
  readonly issuer?: string | readonly string[] | undefined
  /** The audiences that this verifier belongs to: the token must name one of them. */
  readonly audience?: string | readonly string[] | undefined
  /** What `sub` must be. */
  readonly subject?: string | undefined
  /** What `jti` must be. */
  readonly jwtid?: string | undefined
  /** What `nonce` must be. */
  readonly nonce?: string | undefined
  /** Accepted header types; '' for an absent one. With `at+jwt` among them and '' not, `exp` is required too. */
  readonly typ?: string | readonly string[] | undefined
  /** The longest time since `iat`, in seconds or as '10m'. Requires `iat`. */
  readonly maxAge?: Timespan | undefined
  /** How far clocks may differ, 0 to 60 seconds or as '30s'; for every time claim. 0 unless given. */
  readonly clockTolerance?: Timespan | undefined
  /** Claims that must be there, neither null nor empty. */
  readonly requiredClaims?: readonly string[] | undefined
  /** Expired tokens hold as well, and nothing else is waived: to end the session of a token that has ended itself. */
  readonly unsafeIgnoreExpiration?: boolean | undefined
}

type GivenKeys = Key | readonly Key[] | KeySource

/** `key` and `keys` mean the same: a key, keys, or a source of keys. One of the two is needed. */
type KeysOption =
  | { readonly key: GivenKeys; readonly keys?: undefined }
  | { readonly keys: GivenKeys; readonly key?: undefined }

/** What `createVerifier` is told: its settings, and `key` or `keys`. */
export type VerifierOptions = VerifierSettings & KeysOption

/** The options of a verifier but for its keys. */
export interface VerifierSettings extends ClaimOptions {
  /** Narrows what the keys allow. `EdDSA`, the old name of Ed25519 and Ed448, is accepted where it stands here. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** Verified tokens are remembered, 16,384 of them unless a size is given. Claims are frozen then. */
  readonly cache?: boolean | { readonly size: number } | undefined
  /** Asked about every token that holds otherwise, one from the cache too. */
  readonly revocations?: RevocationSource | undefined
  /** A Standard Schema (Zod, Valibot, ArkType …): checks the claims and gives them their type. */
  readonly schema?: StandardSchema | undefined
  /** Milliseconds since 1970. */
  readonly clock?: Clock | undefined
  /** Longer tokens are refused unread; 8192 unless given. */
  readonly maxTokenLength?: number | undefined
}

/** A token in its parts. `payload` is another name of `claims`. */
export interface CompleteToken<Payload = Claims> {
  readonly header: Header
  readonly claims: Payload
  readonly payload: Payload
  readonly signature: string
}

/** Made by `createVerifier`: call it with a token. */
export interface Verifier<Payload = Claims> {
  /** The claims of a token that holds; throws LatchkeyError otherwise. */
  (token: string): Payload
  /** The verdict; never throws, whatever comes in. */
  safe(token: unknown): Verdict<Payload>
  /** Fetches keys where they must be fetched, and checks the signature in the thread pool. */
  async(token: string): Promise<Payload>
  /** Header, claims and signature. */
  complete(token: string): CompleteToken<Payload>
  /** The verdict at once when the keys are at hand, else a promise of it. Never throws, never rejects. */
  check(token: unknown): Verdict<Payload> | Promise<Verdict<Payload>>
}

const optionNames: readonly (keyof VerifierSettings | keyof KeysOption)[] = [
  'key',
  'keys',
  'algorithms',
  'issuer',
  'audience',
  'subject',
  'jwtid',
  'nonce',
  'typ',
  'maxAge',
  'clockTolerance',
  'requiredClaims',
  'unsafeIgnoreExpiration',
  'cache',
  'revocations',
  'schema',
  'clock',
  'maxTokenLength',
]

const usualTokenLength = 8192
const mostTokenLength = 1_048_576
const mostToleranceSeconds = 60

/**
 * Prepares a verifier. It allows exactly the algorithms of its keys, narrowed by `algorithms`; checks `exp`, `nbf` and
 * the kinds of all registered claims always, anything else where an option asks. RFC 7515 5.2, 7519 7.2, 8725 3.
 * Codes: `token_malformed`, `token_too_long`, `token_encrypted`, `header_invalid`, `alg_not_allowed`,
 * `crit_unsupported`, `typ_mismatch`, `key_not_found`, `keys_unavailable`, `signature_invalid`, `claims_malformed`,
 * `claim_missing`, `claim_invalid`, `claim_mismatch`, `token_expired`, `token_not_active`, `token_too_old`,
 * `issuer_mismatch`, `audience_mismatch`, `subject_mismatch`, `schema_mismatch`, `token_revoked`, `revocations_stale`;
 * `internal_error` when a source of keys, a schema or a source of revocations fails.
 */
export function createVerifier<Schema extends StandardSchema>(
  options: VerifierOptions & { readonly schema: Schema },
): Verifier<SchemaOutput<Schema>>
/** Prepares a verifier without a schema: its claims are `Claims`; what it checks and its codes are the same. */
export function createVerifier(options: VerifierOptions): Verifier
export function createVerifier(options: VerifierOptions): Verifier {
  const rules = prepareRules(options)
  const safe = (token: unknown): Verdict => atOnce(judge(rules, token))
  const check = (token: unknown): Verdict | Promise<Verdict> => {
    const verdict = judge(rules, token)
    return verdict instanceof Candidate ? judgeAfterLoading(rules, verdict) : verdict
  }
  const verifier = (token: string): Claims => claimsOf(safe(token))
  return Object.assign(verifier, {
    safe,
    check,
    async: async (token: string): Promise<Claims> => claimsOf(await judgeLater(rules, token)),
    complete: (token: string): CompleteToken => completeOf(safe(token), token),
  })
}

function claimsOf(verdict: Verdict): Claims {
  if (verdict.ok) return verdict.claims
  throw verdict.error
}

/** The parts of a token that holds; throws its error otherwise. */
export function completeOf(verdict: Verdict, token: string): CompleteToken {
  if (!verdict.ok) throw verdict.error
  const { header, claims } = verdict
  return { header, claims, payload: claims, signature: token.slice(token.lastIndexOf('.') + 1) }
}

/** A synchronous call cannot wait for keys or for a schema: it refuses. */
function atOnce(verdict: Verdict | Candidate | Promise<Verdict>): Verdict {
  if (verdict instanceof Candidate) {
    return new Refusal('keys_unavailable', {
      detail: 'The keys must be fetched first: call .async or .check.',
    })
  }
  if (verdict instanceof Promise) {
    return new Refusal('internal_error', {
      detail: 'The schema answers with a promise: call .async or .check.',
    })
  }
  return verdict
}

/** Reads and checks options. Throws TypeErrors. */
export function prepareRules(options: VerifierOptions): Rules {
  refuseUnknownOptions('createVerifier', options, optionNames)
  const { source: keys, algorithms: own } = keysOf(options)
  const allowed = readAlgorithms(options.algorithms, own)
  const types = readList(options.typ, 'typ')?.map(shortMediaType)
  const claimRules = readClaimRules(options, types)
  const { revocations, schema, clock = systemClock, maxTokenLength = usualTokenLength } = options
  if (revocations !== undefined && typeof revocations?.isRevoked !== 'function') {
    throw new TypeError('createVerifier: revocations must have a function isRevoked')
  }
  if (schema !== undefined && !isStandardSchema(schema)) {
    throw new TypeError('createVerifier: schema must be a Standard Schema')
  }
  if (typeof clock !== 'function') throw new TypeError('createVerifier: clock must be a function')
  if (!Number.isInteger(maxTokenLength) || maxTokenLength < 1 || maxTokenLength > mostTokenLength) {
    throw new TypeError(`createVerifier: maxTokenLength is 1 to ${mostTokenLength} characters`)
  }
  return {
    maxTokenLength,
    headerRules: { algorithms: allowed ?? own, types },
    knownHeaders: new KnownHeaders(),
    keys,
    acceptsEdDsa: allowed?.includes('EdDSA') === true,
    claimRules,
    checkClaims: prepareClaimCheck(claimRules),
    schema,
    revocations,
    cache: readCache(options.cache),
    clock,
  }
}

interface PreparedKeys {
  readonly source: KeySource
  /** What the keys are for, where they are known and never change. */
  readonly algorithms?: readonly Algorithm[]
}

function keysOf({ key, keys }: VerifierOptions): PreparedKeys {
  if ((key === undefined) === (keys === undefined))
    throw new TypeError('createVerifier: give one of key and keys')
  const given: unknown = key ?? keys
  if (isKey(given) || Array.isArray(given)) {
    const list = isKey(given) ? [given] : given
    // `fixedKeys` refuses what is no key.
    return { source: fixedKeys(list), algorithms: algorithmsOf(list) }
  }
  if (isKeySource(given)) return { source: given }
  throw new TypeError('createVerifier: a key is made by createKey; keys are Key[], a keyring or remoteKeys')
}

function readAlgorithms(
  names: unknown,
  own: readonly Algorithm[] | undefined,
): readonly Algorithm[] | undefined {
  if (names === undefined) return undefined
  if (!Array.isArray(names) || names.length === 0)
    throw new TypeError('createVerifier: algorithms must be a list of names')
  const allowed = names.map(name => requireAlgorithm(name, 'createVerifier: algorithms'))
  const secrets = allowed.filter(name => algorithms[name].kty === 'oct').length
  if (secrets > 0 && secrets < allowed.length) {
    throw new TypeError('createVerifier: HMAC and public-key algorithms never stand in one list')
  }
  // Keys at hand that no allowed algorithm can use are a mistake, not a quiet refusal of every token.
  if (own !== undefined && !own.some(alg => allowed.some(name => isNameOf(name, alg))))
    throw new TypeError('createVerifier: none of the keys is for an allowed algorithm')
  return allowed
}

function readList(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every(item => typeof item === 'string')) {
    throw new TypeError(`createVerifier: ${name} must be text or a list of texts; patterns are not accepted`)
  }
  if (name !== 'typ' && list.includes('')) throw new TypeError(`createVerifier: ${name} must not be empty`)
  return [...list]
}

function readText(value: unknown, name: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new TypeError(`createVerifier: ${name} must be text`)
}

function readClaimRules(options: VerifierOptions, types: readonly string[] | undefined): ClaimRules {
  const { maxAge, unsafeIgnoreExpiration = false } = options
  const toleranceSeconds = secondsOfTimespan(options.clockTolerance ?? 0, 'createVerifier: clockTolerance')
  // `'false'` must not switch a check off.
  if (typeof unsafeIgnoreExpiration !== 'boolean')
    throw new TypeError('createVerifier: unsafeIgnoreExpiration must be true or false')
  if (toleranceSeconds < 0 || toleranceSeconds > mostToleranceSeconds) {
    throw new TypeError(`createVerifier: clockTolerance is 0 to ${mostToleranceSeconds} seconds`)
  }
  const maxAgeSeconds = maxAge === undefined ? undefined : secondsOfTimespan(maxAge, 'createVerifier: maxAge')
  if (maxAgeSeconds !== undefined && maxAgeSeconds <= 0)
    throw new TypeError('createVerifier: maxAge must be positive')
  const required =
    options.requiredClaims === undefined ? [] : (readList(options.requiredClaims, 'requiredClaims') ?? [])
  const isAccessToken = types?.includes('at+jwt') === true && !types.includes('')
  return {
    issuer: readList(options.issuer, 'issuer'),
    audience: readList(options.audience, 'audience'),
    subject: readText(options.subject, 'subject'),
    jwtid: readText(options.jwtid, 'jwtid'),
    nonce: readText(options.nonce, 'nonce'),
    requiredClaims: isAccessToken && !required.includes('exp') ? [...required, 'exp'] : required,
    maxAgeSeconds,
    toleranceSeconds,
    ignoreExpiration: unsafeIgnoreExpiration,
    ignoreNotBefore: false,
  }
}

function readCache(cache: unknown): VerifiedTokens | undefined {
  if (cache === false) return undefined
  if (cache === undefined || cache === true) return new VerifiedTokens(usualCacheSize)
  const size: unknown =
    typeof cache === 'object' && cache !== null && 'size' in cache ? cache.size : undefined
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 16_777_216) {
    throw new TypeError('createVerifier: cache is true, false or { size }, 1 to 16777216 entries')
  }
  return new VerifiedTokens(size)
}
