// Whose tokens count. A guard is a list of verifiers; what a token says of itself chooses exactly one of them, and
// none is tried after it: a key of one issuer never verifies a token of another (RFC 8725 3.8).
import { LatchkeyError } from '../base/errors.ts'
import { createKey } from '../keys/create-key.ts'
import type { Key } from '../keys/key.ts'
import { isKeySource, type KeySource } from '../keys/key-set.ts'
import { remoteKeys } from '../keys/remote-key-set.ts'
import { decode } from '../token/decode.ts'
import { shortMediaType } from '../token/header.ts'
import { Refusal, type Verdict } from '../token/verdict.ts'
import { type KnownToken, VerifiedTokens } from '../token/verified-tokens.ts'
import { createVerifier } from '../token/verifier.ts'
import type { RevocationSource } from '../token/verify.ts'
import { discoveredKeys } from './discovered-keys.ts'
import { toleranceOf } from './guard-rules.ts'
import { legacyTypes, legacyVerifier } from './legacy.ts'
import type { AnyGuardOptions, KeyOptions, TokenOptions } from './options.ts'

/** Judges a token: at once when everything is at hand, else a promise. Never throws, never rejects. */
export interface TokenJudge {
  check(token: string): Verdict | Promise<Verdict>
}

/** One verifier's share of the options. */
interface Row extends KeyOptions, TokenOptions {
  readonly issuer: string | readonly string[] | undefined
}

const longestTokenToChooseBy = 8192

/** The one judge of a guard's tokens. Throws TypeErrors for options that cannot be meant. */
export function tokenJudge(options: AnyGuardOptions): TokenJudge {
  const revocations = options.revocations && guarded(options.revocations)
  const rows = rowsOf(options)
  const verifiers = rows.map(row => ({
    issuer: row.issuer,
    verifier: verifierOf(row, options, revocations),
  }))
  const [first] = verifiers
  if (first === undefined) throw new TypeError('protect: there are no issuers')
  const chosenByIssuer = (iss: unknown): TokenJudge | undefined =>
    options.issuers === undefined && verifiers.length === 1
      ? first.verifier
      : verifiers.find(({ issuer }) => issuer === iss)?.verifier
  if (options.legacy === undefined)
    return verifiers.length === 1 ? first.verifier : chosenBy(chosenByIssuer, options)

  refuseOverlap(rows, options)
  const toleranceSeconds = toleranceOf(options)
  const legacy = legacyVerifier(options.legacy, { toleranceSeconds, revocations, clock: options.clock })
  return chosenBy((iss, header) => (legacy.owns(header) ? legacy : chosenByIssuer(iss)), options)
}

type Choice = (iss: unknown, header: Readonly<Record<string, unknown>>) => TokenJudge | undefined

/** Who judged a token. It says nothing of the token, which is judged there each time. */
interface Chosen extends KnownToken {
  readonly judge: TokenJudge
}

/**
 * Nothing that is read here is believed: it chooses who judges, and the chosen one checks it again. Who was chosen for
 * a token that held is remembered, because reading it costs ten times what finding its verdict does.
 */
function chosenBy(choose: Choice, { cache }: AnyGuardOptions): TokenJudge {
  const size = typeof cache === 'object' ? cache.size : undefined
  const chosen = cache === false ? undefined : new VerifiedTokens<Chosen>(size)
  return {
    check(token) {
      if (token.length > longestTokenToChooseBy) return new Refusal('token_malformed')
      const known = chosen?.find(token, 0, 0)
      if (known !== undefined) return known.judge.check(token)
      const parts = decode(token, { complete: true })
      if (parts === null) return new Refusal('token_malformed')
      const judge = choose(parts.payload['iss'], parts.header)
      if (judge === undefined) return new Refusal('issuer_mismatch', { claim: 'iss' })
      const verdict = judge.check(token)
      if (!(verdict instanceof Promise) && verdict.ok) chosen?.add({ token, judge, ...always }, 0)
      return verdict
    },
  }
}

const always = { fromMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY }

function rowsOf(options: AnyGuardOptions): readonly Row[] {
  const { issuers, issuer, audience, algorithms, typ, discover } = options
  const own = { issuer, audience, algorithms, typ }
  if (issuers !== undefined) {
    const beside = givenSources(options)
    if (beside.length > 0 || issuer !== undefined)
      throw new TypeError(
        'protect: with issuers, each has its own issuer and keys; nothing of that beside them',
      )
    const rows = issuers.map(one => ({ ...own, ...one }))
    if (!rows.every(row => typeof row.issuer === 'string'))
      throw new TypeError('protect: issuers: each has an issuer, which is text')
    refuseTwins(rows.map(row => row.issuer))
    return rows
  }
  if (discover !== undefined && typeof discover !== 'boolean')
    throw new TypeError('protect: discover is true or false')
  if (discover !== true) return [{ ...own, ...sourceOf(options) }]
  const names: readonly unknown[] = Array.isArray(issuer) ? issuer : [issuer]
  if (names.length === 0 || !names.every(name => typeof name === 'string'))
    throw new TypeError('protect: discover needs the issuer, or a list of issuers')
  refuseTwins(names)
  // Other sources beside `discover` are refused with each row.
  return names.map(name => ({ ...own, ...sourceOf(options), issuer: name as string }))
}

function sourceOf({ secret, keys, jwks, discover }: KeyOptions): KeyOptions {
  return { secret, keys, jwks, discover }
}

function givenSources({ secret, keys, jwks, discover }: KeyOptions): string[] {
  return Object.entries({ secret, keys, jwks, discover: discover === true ? true : undefined })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
}

function refuseTwins(names: readonly unknown[]): void {
  if (new Set(names).size < names.length) throw new TypeError('protect: an issuer stands there twice')
}

function isOpen(row: Row): boolean {
  return row.issuer === undefined && row.jwks === undefined
}

function typesOf(row: Row): string | readonly string[] {
  return row.typ ?? (isOpen(row) ? ['at+jwt', ...legacyTypes] : ['at+jwt'])
}

function verifierOf(
  row: Row,
  options: AnyGuardOptions,
  revocations: RevocationSource | undefined,
): TokenJudge {
  const keys = keysOf(row, options)
  if (!isOpen(row) && (row.issuer === undefined || row.audience === undefined)) {
    throw new TypeError(
      'protect: say whose tokens count and for whom they must be meant: give issuer and audience',
    )
  }
  return createVerifier({
    keys,
    typ: typesOf(row),
    requiredClaims: ['exp'],
    clockTolerance: toleranceOf(options),
    issuer: row.issuer,
    audience: row.audience,
    algorithms: row.algorithms,
    cache: options.cache,
    revocations,
    clock: options.clock,
  })
}

function keysOf(row: Row, { clock }: AnyGuardOptions): Key | readonly Key[] | KeySource {
  const given = givenSources(row)
  if (given.length !== 1) {
    throw new TypeError(
      `protect: give exactly one source of keys, of secret, keys, jwks, discover; given: ${given.join(', ') || 'none'}`,
    )
  }
  const { secret, keys, jwks, issuer, algorithms } = row
  if (secret !== undefined)
    return (algorithms ?? ['HS256' as const]).map(alg => createKey({ secret }, { alg }))
  if (jwks !== undefined) return remoteKeys(jwks, { algorithms, clock })
  if (keys !== undefined) return keys
  // `rowsOf` has checked that the issuer of a row with `discover` is one text; in `issuers` the type says so.
  return discoveredKeys(issuer as string, { algorithms, clock })
}

/** Old and new tokens must differ in something that can be seen: otherwise two secrets would be tried in turn. */
function refuseOverlap(rows: readonly Row[], { legacy }: AnyGuardOptions): void {
  for (const row of rows) {
    const types = [typesOf(row)].flat().map(typ => shortMediaType(typ).toUpperCase())
    const overlaps =
      legacyTypes.some(typ => types.includes(typ)) &&
      legacy?.algorithms?.some(alg => row.secret !== undefined || mayVerify(row.keys, alg))
    if (overlaps) {
      throw new TypeError(
        "protect: legacy tokens and new ones look alike: give the new ones a type (createSigner({ typ: 'at+jwt' })) and protect({ typ: 'at+jwt' })",
      )
    }
  }
}

function mayVerify(keys: KeyOptions['keys'], alg: string): boolean {
  if (keys === undefined) return false
  if (isKeySource(keys)) return (keys.find({ alg })?.length ?? 0) > 0
  return [keys].flat().some(key => (key as Key).alg === alg)
}

/** A source that fails tells nothing: the request is refused with 503, as if its list were out of date. */
function guarded(revocations: RevocationSource): RevocationSource {
  if (typeof revocations?.isRevoked !== 'function')
    throw new TypeError('protect: revocations must have a function isRevoked')
  return {
    isRevoked(token) {
      try {
        return revocations.isRevoked(token)
      } catch (cause) {
        const isSaid = cause instanceof LatchkeyError && cause.status === 503
        throw isSaid ? cause : new LatchkeyError('revocations_stale', { cause })
      }
    },
  }
}
