// The options of a guard: read and checked once, when it is made. A wrong one is a TypeError before the first request.
import type { Clock } from '../base/clock.ts'
import { LatchkeyError } from '../base/errors.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { secondsOfTimespan, type Timespan } from '../base/timespan.ts'
import type { Algorithm } from '../keys/algorithms.ts'
import { createKey } from '../keys/create-key.ts'
import type { Key } from '../keys/key.ts'
import type { KeySource } from '../keys/key-set.ts'
import { remoteKeys } from '../keys/remote-key-set.ts'
import type { StandardSchema } from '../token/standard-schema.ts'
import type { Claims } from '../token/verdict.ts'
import type { VerifierOptions } from '../token/verifier.ts'
import type { RevocationSource } from '../token/verify.ts'
import type { CredentialSource } from './bearer.ts'
import type { ChallengeRules } from './challenge.ts'
import { type ClaimRequirements, schemaOfClaims } from './claim-requirements.ts'
import type { Requirements } from './requirements.ts'

/** Gives the claims that an API key stands for, undefined for one that does not count. */
export type ApiKeyResolver = (key: string) => Claims | undefined | Promise<Claims | undefined>

/** What `protect` takes in every framework. */
export interface GuardOptions<Native = unknown> {
  /** One source of keys is needed: the shared HMAC secret, 32 bytes or more; */
  readonly secret?: string | Uint8Array | undefined
  /** or keys made by `createKey`, a keyring, or any other source; */
  readonly keys?: Key | readonly Key[] | KeySource | undefined
  /** or the URL of a published key set. */
  readonly jwks?: string | URL | undefined
  /** Whose tokens count. Compared exactly. */
  readonly issuer?: string | readonly string[] | undefined
  /** Whom tokens must be meant for. */
  readonly audience?: string | readonly string[] | undefined
  /** Narrows what the keys allow. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** Accepted header types; '' for an absent one. */
  readonly typ?: string | readonly string[] | undefined
  /** Scopes that are all needed: one text with spaces between, or a list. */
  readonly scope?: string | readonly string[] | undefined
  /** Scopes of which one is enough. */
  readonly anyScope?: readonly string[] | undefined
  /** A role that the user must have, or several of which one is enough. */
  readonly role?: string | readonly string[] | undefined
  /** What further claims must be: a value, a list of values, a function for each; or a Standard Schema. */
  readonly claims?: ClaimRequirements | StandardSchema | undefined
  /** Lets requests without a credential through, without `auth`. A bad credential is refused all the same. */
  readonly optional?: boolean | undefined
  /** Where the credential stands: 'header' unless given. */
  readonly from?: CredentialSource<Native> | readonly CredentialSource<Native>[] | undefined
  /** How far clocks may differ, 0 to 60 seconds. */
  readonly clockTolerance?: Timespan | undefined
  /** What a missing or bad credential is answered with: 401 unless given (RFC 6750 3.1). */
  readonly denyStatus?: 401 | 403 | undefined
  /** Verified tokens are remembered, 16,384 of them unless a size is given. */
  readonly cache?: boolean | { readonly size: number } | undefined
  readonly revocations?: RevocationSource | undefined
  readonly apiKeys?: ApiKeyResolver | undefined
  /** The longest time since the user signed in (`auth_time`, RFC 9470). */
  readonly maxAuthAge?: Timespan | undefined
  /** How the user must have signed in (`acr`, RFC 9470). */
  readonly acr?: string | readonly string[] | undefined
  /** The URL of the protected resource's metadata, told in challenges (RFC 9728). */
  readonly resourceMetadata?: string | URL | undefined
  /** Told in challenges. */
  readonly realm?: string | undefined
  /** Milliseconds since 1970. */
  readonly clock?: Clock | undefined
}

export const guardOptionNames: readonly (keyof GuardOptions)[] = [
  'secret',
  'keys',
  'jwks',
  'issuer',
  'audience',
  'algorithms',
  'typ',
  'scope',
  'anyScope',
  'role',
  'claims',
  'optional',
  'from',
  'clockTolerance',
  'denyStatus',
  'cache',
  'revocations',
  'apiKeys',
  'maxAuthAge',
  'acr',
  'resourceMetadata',
  'realm',
  'clock',
]

/** Throws TypeErrors for names that no guard knows; adapters name what they add. */
export function refuseUnknownGuardOptions(options: unknown, added: readonly string[] = []): void {
  refuseUnknownOptions('protect', options, [...guardOptionNames, ...added])
}

/** The options of the verifier behind a guard. */
export function verifierOptionsOf(options: GuardOptions): VerifierOptions {
  const { issuer, audience, algorithms, cache, revocations, clock, claims } = options
  const keys = keysOf(options)
  const isOpen = issuer === undefined && options.jwks === undefined
  if (!isOpen && (issuer === undefined || audience === undefined)) {
    throw new TypeError(
      'protect: say whose tokens count and for whom they must be meant: give issuer and audience',
    )
  }
  const typ = options.typ ?? (isOpen ? ['at+jwt', 'JWT', ''] : ['at+jwt'])
  const schema = claims === undefined ? undefined : schemaOfClaims(claims)
  return {
    keys,
    typ,
    requiredClaims: ['exp'],
    clockTolerance: toleranceOf(options),
    issuer,
    audience,
    algorithms,
    cache,
    revocations: revocations && guarded(revocations),
    clock,
    schema,
  }
}

function keysOf({ secret, keys, jwks, algorithms }: GuardOptions): Key | readonly Key[] | KeySource {
  const given = Object.entries({ secret, keys, jwks }).filter(([, value]) => value !== undefined)
  if (given.length !== 1) {
    throw new TypeError(
      `protect: give exactly one source of keys, of secret, keys, jwks; given: ${given.map(([name]) => name).join(', ') || 'none'}`,
    )
  }
  if (secret !== undefined)
    return (algorithms ?? ['HS256' as const]).map(alg => createKey({ secret }, { alg }))
  if (jwks !== undefined) return remoteKeys(jwks, { algorithms })
  if (keys === undefined) throw new TypeError('protect: there are no keys')
  return keys
}

/** A source that fails tells nothing: the request is refused with 503, as if its list were out of date. */
function guarded(revocations: RevocationSource): RevocationSource {
  if (typeof revocations.isRevoked !== 'function')
    throw new TypeError('protect: revocations must have a function isRevoked')
  return {
    isRevoked(token) {
      try {
        return revocations.isRevoked(token)
      } catch (cause) {
        throw cause instanceof LatchkeyError ? cause : new LatchkeyError('revocations_stale', { cause })
      }
    },
  }
}

function toleranceOf({ clockTolerance = 0 }: GuardOptions): number {
  return secondsOfTimespan(clockTolerance, 'protect: clockTolerance')
}

/** What a route asks beyond a token that holds. */
export function requirementsOf(options: GuardOptions): Requirements {
  const { maxAuthAge } = options
  const maxAuthAgeSeconds =
    maxAuthAge === undefined ? undefined : secondsOfTimespan(maxAuthAge, 'protect: maxAuthAge')
  if (maxAuthAgeSeconds !== undefined && !(maxAuthAgeSeconds > 0))
    throw new TypeError('protect: maxAuthAge must be positive')
  return {
    scopes: scopesOf(options.scope, 'scope'),
    anyScopes: scopesOf(options.anyScope, 'anyScope'),
    roles: textsOf(options.role, 'role'),
    maxAuthAgeSeconds,
    acr:
      options.acr === undefined
        ? undefined
        : textsOf(options.acr, 'acr').map(value => quotable(value, 'acr')),
    toleranceSeconds: toleranceOf(options),
  }
}

export function challengeRulesOf(options: GuardOptions, requirements: Requirements): ChallengeRules {
  const { denyStatus = 401, realm, resourceMetadata } = options
  if (denyStatus !== 401 && denyStatus !== 403) throw new TypeError('protect: denyStatus is 401 or 403')
  return {
    denyStatus,
    realm: realm === undefined ? undefined : quotable(realm, 'realm'),
    resourceMetadata: resourceMetadata === undefined ? undefined : new URL(resourceMetadata).href,
    scopes: [...requirements.scopes, ...requirements.anyScopes],
    acr: requirements.acr,
    maxAuthAgeSeconds: requirements.maxAuthAgeSeconds,
  }
}

const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Scope names have no spaces, quotes or backslashes (RFC 6749 3.3). */
function scopesOf(value: unknown, option: string): readonly string[] {
  const names = typeof value === 'string' ? value.split(' ') : textsOf(value, option)
  if (value !== undefined && (names.length === 0 || !names.every(name => scopeName.test(name)))) {
    throw new TypeError(`protect: ${option} is one scope or more, without spaces or quotes in them`)
  }
  return names
}

function textsOf(value: unknown, option: string): readonly string[] {
  if (value === undefined) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every(item => typeof item === 'string' && item !== ''))
    throw new TypeError(`protect: ${option} must be text or a list of texts`)
  return [...list] as string[]
}

/** What stands between quotes in a challenge (RFC 6750 3). */
function quotable(value: string, option: string): string {
  if (typeof value === 'string' && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) return value
  throw new TypeError(`protect: ${option} must be printable ASCII without quotes and backslashes`)
}
