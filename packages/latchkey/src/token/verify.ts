// The engine on one page: how a token is judged. Shape, header, key, signature, claims, revocation, in this order and
// never back. Nothing that the token says is believed before its signature; everything after the choice of the key
// is synchronous. Options are read in verifier.ts, exceptions are made there too.
import { decodeProvenSegment } from '../base/base64url.ts'
import type { Clock } from '../base/clock.ts'
import { type JsonObject, parseStrictObject } from '../base/json.ts'
import type { Key } from '../keys/key.ts'
import type { KeySource } from '../keys/key-set.ts'
import { type ClaimCheck, type ClaimRules, lifetimeOf } from './claims.ts'
import { freezePlain, type HeaderRules, type KnownHeaders, readHeader } from './header.ts'
import { scratchFor } from './scratch.ts'
import { isSignedBy, isSignedByLater } from './signature.ts'
import { pathOf, type SchemaResult, type StandardSchema } from './standard-schema.ts'
import { type Claims, type Header, Refusal, refusalOf, type Verdict, type Verified } from './verdict.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** Answers whether a token was revoked, from memory. May throw LatchkeyError `revocations_stale`. */
export interface RevocationSource {
  isRevoked(token: { readonly claims: Claims; readonly header: Header }): boolean
}

/** What one verifier asks of a token; made once. */
export interface Rules {
  readonly maxTokenLength: number
  readonly headerRules: HeaderRules
  readonly knownHeaders: KnownHeaders
  readonly keys: KeySource
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
  if (firstDot <= 0 || lastDot <= firstDot + 1) return malformed()
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
  const keys = rules.keys.find(candidate.header)
  return keys !== undefined && keys.length === 0 ? new Refusal('key_not_found') : keys
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

/** Rung five: the claims, of a token whose signature was valid. */
function judgeClaims(rules: Rules, candidate: Candidate, nowMs: number): Verdict | Promise<Verdict> {
  const { token, header, firstDot, lastDot, isKnown } = candidate
  if (!isKnown) rules.knownHeaders.remember(token, firstDot, header)
  const claims = readClaims(token, firstDot, lastDot)
  if (claims === undefined) return new Refusal('claims_malformed')
  const refusal = rules.checkClaims(claims, nowMs)
  if (refusal !== undefined) return refusal
  if (rules.schema === undefined) return admit(rules, candidate, { given: claims, claims })
  const result = rules.schema['~standard'].validate(claims)
  if (result instanceof Promise) {
    return result.then(settled => judgeSchema(rules, candidate, { given: claims, settled }))
  }
  return judgeSchema(rules, candidate, { given: claims, settled: result })
}

function readClaims(token: string, firstDot: number, lastDot: number): JsonObject | undefined {
  // The signature's check is over: its scratch is free.
  const scratch = scratchFor(token.length)
  const bytes = decodeProvenSegment(token.slice(firstDot + 1, lastDot), scratch)
  return bytes < 0 ? undefined : parseStrictObject(scratch, bytes)
}

/** The issues' own sentences are left out: some libraries put the value into them. */
function judgeSchema(
  rules: Rules,
  candidate: Candidate,
  { given, settled }: { given: JsonObject; settled: SchemaResult<unknown> },
): Verdict {
  if (settled.issues !== undefined) {
    const errors = settled.issues.map(issue => ({
      path: pathOf(issue),
      message: 'This does not fit the schema.',
    }))
    return new Refusal('schema_mismatch', { errors })
  }
  // The verifier's type says what the schema gives.
  return admit(rules, candidate, { given, claims: settled.value as Claims })
}

/** The last rung: revocation. What holds is remembered. */
function admit(
  rules: Rules,
  candidate: Candidate,
  { given, claims }: { given: JsonObject; claims: Claims },
): Verdict {
  const verified: Verified = { ok: true, claims, header: candidate.header }
  const lifetime = rules.cache === undefined ? undefined : lifetimeOf(given, rules.claimRules)
  if (rules.revocations !== undefined && isRevoked(rules.revocations, verified))
    return new Refusal('token_revoked')
  if (lifetime !== undefined && freezePlain(claims)) {
    Object.freeze(verified)
    rules.cache?.add({ token: candidate.token, verified, ...lifetime }, rules.keys.generation)
  }
  return verified
}

/** Only a plain "no" is one. */
function isRevoked(revocations: RevocationSource, verified: Verified): boolean {
  return revocations.isRevoked(verified) !== false
}

/** A verdict from the cache, with revocation asked again. */
function remembered(rules: Rules, token: unknown, nowMs: number): Verdict | undefined {
  if (rules.cache === undefined || typeof token !== 'string') return undefined
  const entry = rules.cache.find(token, nowMs, rules.keys.generation)
  if (entry === undefined) return undefined
  if (rules.revocations === undefined || !isRevoked(rules.revocations, entry.verified)) return entry.verified
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
    const keys = keysFor(rules, candidate)
    if (keys === undefined) return candidate
    if (keys instanceof Refusal) return keys
    if (!isSigned(keys, candidate)) return new Refusal('signature_invalid')
    return settle(judgeClaims(rules, candidate, nowMs))
  } catch (error) {
    return refusalOf(error)
  }
}

function settle(verdict: Verdict | Promise<Verdict>): Verdict | Promise<Verdict> {
  return verdict instanceof Promise ? verdict.catch(refusalOf) : verdict
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
    let keys = keysFor(rules, candidate)
    if (keys === undefined) {
      await rules.keys.load?.(candidate.header)
      keys = keysFor(rules, candidate)
    }
    if (keys === undefined) return new Refusal('key_not_found')
    if (keys instanceof Refusal) return keys
    const { generation } = rules.keys
    if (!(await isSignedLater(keys, candidate))) return new Refusal('signature_invalid')
    // A key that was taken away while its signature was checked does not count any more.
    if (rules.keys.generation !== generation) return await judgeSettled(rules, token)
    return await judgeClaims(rules, candidate, rules.clock())
  } catch (error) {
    return refusalOf(error)
  }
}

async function judgeSettled(rules: Rules, token: unknown): Promise<Verdict> {
  const verdict = await judge(rules, token)
  return verdict instanceof Candidate ? judgeAfterLoading(rules, verdict) : verdict
}
