// The engine on one page: how a token is judged. Shape, header, key, signature, claims, revocation, in this order and
// never back. Nothing that the token says is believed before its signature; everything after the choice of the key
// is synchronous. Options are read in verifier.ts, exceptions are made there too.
import { decodeProvenSegment } from '../base/base64url.ts'
import type { Clock } from '../base/clock.ts'
import { type JsonObject, parseStrictObject } from '../base/json.ts'
import type { Key } from '../keys/key.ts'
import type { KeySource } from '../keys/key-set.ts'
import { type ClaimCheck, type ClaimRules, lifetimeOf } from './claims.ts'
import { freezeParsed, freezePlain, type HeaderRules, type KnownHeaders, readHeader } from './header.ts'
import { scratchFor } from './scratch.ts'
import { isSignedBy, isSignedByLater } from './signature.ts'
import { pathOf, type SchemaResult, type StandardSchema } from './standard-schema.ts'
import {
  type Claims,
  type Header,
  Refusal,
  refusalOf,
  type SignedToken,
  type Verdict,
  type Verified,
} from './verdict.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** Answers whether a token was revoked, from memory. May throw LatchkeyError `revocations_stale`. */
export interface RevocationSource {
  isRevoked(token: SignedToken): boolean
}

/** What one verifier asks of a token; made once. */
export interface Rules {
  readonly maxTokenLength: number
  readonly headerRules: HeaderRules
  readonly knownHeaders: KnownHeaders
  readonly keys: KeySource
  /** Whether `EdDSA` stands for Ed25519 and Ed448 (RFC 9864 2.2). */
  readonly acceptsEdDsa: boolean
  readonly claimRules: ClaimRules
  readonly checkClaims: ClaimCheck
  readonly schema: StandardSchema | undefined
  readonly revocations: RevocationSource | undefined
  readonly cache: VerifiedTokens | undefined
  readonly clock: Clock
}

/** A token whose header is read and checked. Nothing about it is proven yet. */
export class Candidate {
  readonly token: string
  readonly header: Header
  readonly firstDot: number
  readonly lastDot: number
  readonly isKnown: boolean

  constructor(token: string, header: Header, dots: { firstDot: number; lastDot: number; isKnown: boolean }) {
    this.token = token
    this.header = header
    this.firstDot = dots.firstDot
    this.lastDot = dots.lastDot
    this.isKnown = dots.isKnown
  }
}

const malformed = (): Refusal => new Refusal('token_malformed')

/** Rungs one and two: shape and header (RFC 7515 5.2, RFC 7519 7.2). */
function readCandidate(rules: Rules, token: unknown): Candidate | Refusal {
  if (typeof token !== 'string') return malformed()
  if (token.length > rules.maxTokenLength) return new Refusal('token_too_long')
  const firstDot = token.indexOf('.')
  const lastDot = token.indexOf('.', firstDot + 1)
  if (firstDot <= 0 || lastDot < 0) return malformed()
  const thirdDot = token.indexOf('.', lastDot + 1)
  if (thirdDot >= 0) {
    const fourthDot = token.indexOf('.', thirdDot + 1)
    const hasFiveParts = fourthDot >= 0 && !token.includes('.', fourthDot + 1)
    return hasFiveParts ? new Refusal('token_encrypted') : malformed()
  }
  const known = rules.knownHeaders.find(token, firstDot)
  if (known !== undefined) return new Candidate(token, known, { firstDot, lastDot, isKnown: true })
  const header = readHeader(token.slice(0, firstDot), rules.headerRules)
  if (header instanceof Refusal) return header
  return new Candidate(token, header, { firstDot, lastDot, isKnown: false })
}

/** Rung three: the key. Undefined where the source must load first. */
function keysFor(rules: Rules, candidate: Candidate): readonly Key[] | Refusal | undefined {
  const { header } = candidate
  const keys = rules.keys.find(header)
  if (keys === undefined) return undefined
  // RFC 9864 deprecates the name: it counts where the verifier, or the key itself, was made for it.
  const isOldName = header.alg === 'EdDSA' && !rules.acceptsEdDsa
  const meant = isOldName ? keys.filter(key => key.alg === 'EdDSA') : keys
  return meant.length === 0 ? new Refusal('key_not_found') : meant
}

/** Rung four: the signature, by any of the keys that the header may mean. */
function isSigned(keys: readonly Key[], { token, lastDot }: Candidate): boolean {
  for (const key of keys) if (isSignedBy(key, token, lastDot)) return true
  return false
}

async function isSignedLater(keys: readonly Key[], { token, lastDot }: Candidate): Promise<boolean> {
  for (const key of keys) if (await isSignedByLater(key, token, lastDot)) return true
  return false
}

/** How long the cache may keep a verdict: between two instants, and under keys of one generation. */
interface Lifetime {
  readonly fromMs: number
  readonly endMs: number
  readonly generation: number
}

/** When a token was judged, and by the keys of which generation. */
interface Circumstances {
  readonly nowMs: number
  readonly generation: number
}

/** Rung five: the claims, of a token whose signature was valid. */
function judgeClaims(
  rules: Rules,
  candidate: Candidate,
  { nowMs, generation }: Circumstances,
): Verdict | Promise<Verdict> {
  const { token, header, firstDot, lastDot, isKnown } = candidate
  if (!isKnown) rules.knownHeaders.remember(token, firstDot, header)
  const claims = readClaims(token, firstDot, lastDot)
  if (claims instanceof Refusal) return claims
  const refusal = rules.checkClaims(claims, nowMs)
  if (refusal !== undefined) return refusal
  // Before the schema sees the claims: it may change them.
  const lifetime =
    rules.cache === undefined ? undefined : { ...lifetimeOf(claims, rules.claimRules), generation }
  if (rules.schema === undefined) {
    if (lifetime !== undefined) freezeParsed(claims)
    return admit(rules, candidate, { signed: claims, claims, lifetime })
  }
  // What was signed is asked about later, whatever the schema does to the claims.
  const signed = rules.revocations === undefined ? claims : { ...claims }
  const result = rules.schema['~standard'].validate(claims)
  if (result instanceof Promise) {
    return result.then(settled => judgeSchema(rules, candidate, { signed, settled, lifetime }))
  }
  return judgeSchema(rules, candidate, { signed, settled: result, lifetime })
}

function readClaims(token: string, firstDot: number, lastDot: number): JsonObject | Refusal {
  // The signature's check is over: its scratch is free.
  const scratch = scratchFor(token.length)
  const bytes = decodeProvenSegment(token.slice(firstDot + 1, lastDot), scratch)
  if (bytes < 0) return malformed()
  return parseStrictObject(scratch, bytes) ?? new Refusal('claims_malformed')
}

/** The issues' own sentences are left out: some libraries put the value into them. */
function judgeSchema(
  rules: Rules,
  candidate: Candidate,
  {
    signed,
    settled,
    lifetime,
  }: { signed: Claims; settled: SchemaResult<unknown>; lifetime: Lifetime | undefined },
): Verdict {
  // Neither issues nor a value is no answer, and no admission: a promise of another make, for example.
  if (settled.issues === undefined && !('value' in settled)) {
    return new Refusal('internal_error', { detail: 'The schema gave neither a value nor issues.' })
  }
  if (settled.issues !== undefined) {
    const errors = settled.issues.map(issue => ({
      path: pathOf(issue),
      message: 'This does not fit the schema.',
    }))
    return new Refusal('schema_mismatch', { errors })
  }
  // The verifier's type says what the schema gives.
  const claims = settled.value as Claims
  return admit(rules, candidate, {
    signed,
    claims,
    lifetime: lifetime !== undefined && freezePlain(claims) ? lifetime : undefined,
  })
}

/**
 * The last rung: revocation, asked with what was signed: a schema may have left the session's id out. What holds, and
 * has a lifetime because its claims are frozen, is remembered.
 */
function admit(
  rules: Rules,
  { token, header }: Candidate,
  { signed, claims, lifetime }: { signed: Claims; claims: Claims; lifetime: Lifetime | undefined },
): Verdict {
  const verified: Verified = { ok: true, claims, header }
  const asked = signed === claims ? verified : { claims: signed, header }
  if (rules.revocations !== undefined && isRevoked(rules.revocations, asked))
    return new Refusal('token_revoked')
  if (lifetime !== undefined) {
    const { fromMs, endMs, generation } = lifetime
    rules.cache?.add({ token, asked, verified: Object.freeze(verified), fromMs, endMs }, generation)
  }
  return verified
}

/** Only a plain "no" is one. */
function isRevoked(revocations: RevocationSource, asked: SignedToken): boolean {
  return revocations.isRevoked(asked) !== false
}

/** A verdict from the cache, with revocation asked again. */
function remembered(rules: Rules, token: unknown, nowMs: number): Verdict | undefined {
  if (rules.cache === undefined || typeof token !== 'string' || token.length > rules.maxTokenLength)
    return undefined
  const entry = rules.cache.find(token, nowMs, rules.keys.generation)
  if (entry === undefined) return undefined
  if (rules.revocations === undefined || !isRevoked(rules.revocations, entry.asked)) return entry.verified
  rules.cache.remove(token)
  return new Refusal('token_revoked')
}

/**
 * Judges a token with the keys at hand. A Candidate comes back when the source must load keys for it first; a promise
 * only when the schema answers with one. Never throws.
 */
export function judge(rules: Rules, token: unknown): Verdict | Candidate | Promise<Verdict> {
  try {
    const nowMs = rules.clock()
    const known = remembered(rules, token, nowMs)
    if (known !== undefined) return known
    const candidate = readCandidate(rules, token)
    if (candidate instanceof Refusal) return candidate
    const { generation } = rules.keys
    const keys = keysFor(rules, candidate)
    if (keys === undefined) return candidate
    if (keys instanceof Refusal) return keys
    if (!isSigned(keys, candidate)) return new Refusal('signature_invalid')
    const verdict = judgeClaims(rules, candidate, { nowMs, generation })
    return verdict instanceof Promise
      ? settle(rules, verdict, { token: candidate.token, generation })
      : verdict
  } catch (error) {
    return refusalOf(error)
  }
}

/** A verdict that had to be waited for. A key that was taken away meanwhile does not count any more. */
async function settle(
  rules: Rules,
  verdict: Promise<Verdict>,
  { token, generation }: { token: string; generation: number },
): Promise<Verdict> {
  try {
    const settled = await verdict
    return rules.keys.generation === generation ? settled : await judgeSettled(rules, token)
  } catch (error) {
    return refusalOf(error)
  }
}

/** Loads the keys that a candidate needs and judges again. Never rejects. */
export async function judgeAfterLoading(rules: Rules, candidate: Candidate): Promise<Verdict> {
  try {
    await rules.keys.load?.(candidate.header)
    const verdict = await judge(rules, candidate.token)
    return verdict instanceof Candidate ? new Refusal('key_not_found') : verdict
  } catch (error) {
    return refusalOf(error)
  }
}

/** The same ladder with the signature checked in the thread pool, so that the event loop stays free. Never rejects. */
export async function judgeLater(rules: Rules, token: unknown): Promise<Verdict> {
  try {
    const known = remembered(rules, token, rules.clock())
    if (known !== undefined) return known
    const candidate = readCandidate(rules, token)
    if (candidate instanceof Refusal) return candidate
    let { generation } = rules.keys
    let keys = keysFor(rules, candidate)
    if (keys === undefined) {
      await rules.keys.load?.(candidate.header)
      generation = rules.keys.generation
      keys = keysFor(rules, candidate)
    }
    if (keys === undefined) return new Refusal('key_not_found')
    if (keys instanceof Refusal) return keys
    if (!(await isSignedLater(keys, candidate))) return new Refusal('signature_invalid')
    const verdict = Promise.resolve(judgeClaims(rules, candidate, { nowMs: rules.clock(), generation }))
    return await settle(rules, verdict, { token: candidate.token, generation })
  } catch (error) {
    return refusalOf(error)
  }
}

async function judgeSettled(rules: Rules, token: unknown): Promise<Verdict> {
  const verdict = await judge(rules, token)
  return verdict instanceof Candidate ? judgeAfterLoading(rules, verdict) : verdict
}
