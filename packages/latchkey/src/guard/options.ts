// The options of a guard, as every framework's `protect` takes them. What they come to is in verifiers.ts (whose
// tokens count) and guard-rules.ts (what a route asks for, and how it refuses).
import type { Clock } from '../base/clock.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import type { Timespan } from '../base/timespan.ts'
import type { Algorithm } from '../keys/algorithms.ts'
import type { Key } from '../keys/key.ts'
import type { KeySource } from '../keys/key-set.ts'
import type { Claims } from '../token/verdict.ts'
import type { RevocationSource } from '../token/verify.ts'
import type { CredentialSource } from './bearer.ts'
import type { ClaimsOption } from './claim-requirements.ts'
import type { GuardRequest } from './request.ts'

/**
 * Gives the claims that an API key stands for, undefined for one that does not count. The request tells who asks, for
 * a resolver that counts refusals; it throws `rate_limited` for one too many.
 */
export type ApiKeyResolver = (
  key: string,
  request: GuardRequest,
) => Claims | undefined | Promise<Claims | undefined>

/** Where the keys are: exactly one of these. */
export interface KeyOptions {
  /** The shared HMAC secret, 32 bytes or more; */
  readonly secret?: string | Uint8Array | undefined
  /** or keys made by `createKey`, a keyring, or any other source; */
  readonly keys?: Key | readonly Key[] | KeySource | undefined
  /** or the URL of a published key set; */
  readonly jwks?: string | URL | undefined
  /** or the issuer's metadata, which says where its keys are (RFC 8414, OpenID Connect Discovery). */
  readonly discover?: boolean | undefined
}

/** What is asked of tokens of one issuer. */
export interface TokenOptions {
  /** Whom tokens must be meant for. */
  readonly audience?: string | readonly string[] | undefined
  /** Narrows what the keys allow. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** Accepted header types; '' for an absent one. */
  readonly typ?: string | readonly string[] | undefined
}

/** One of several issuers. What is left out is taken from the guard's own options. */
export interface IssuerOptions extends KeyOptions, TokenOptions {
  readonly issuer: string
}

/** Tokens that were made by hand before, honoured until they have died out. */
export interface LegacyOptions {
  /** The secret they were signed with, however short. */
  readonly unsafeSecret: string | Uint8Array
  readonly algorithms: readonly ('HS256' | 'HS384' | 'HS512')[]
  /** The instant from which on none is accepted: a Date, a date as ISO 8601 text, or seconds since 1970. */
  readonly acceptUntil: Date | string | number
  /** The longest time since `iat` for tokens without `exp`; without it such tokens are refused. */
  readonly maxAge?: Timespan | undefined
  /** Gives the subject of a token from its verified claims; undefined refuses it. */
  readonly map: (claims: Claims) => string | undefined
}

/** What `protect` takes in every framework. */
export interface GuardOptions<Native = unknown, Rules = ClaimsOption, Optional extends boolean = false>
  extends KeyOptions,
    TokenOptions {
  /** Whose tokens count. Compared exactly. */
  readonly issuer?: string | readonly string[] | undefined
  /** Several issuers, each with its own keys: the token's `iss` chooses one of them, and no other is tried. */
  readonly issuers?: readonly IssuerOptions[] | undefined
  /** Tokens that were made by hand before, accepted until a date. */
  readonly legacy?: LegacyOptions | undefined
  /** Scopes that are all needed: one text with spaces between, or a list. */
  readonly scope?: string | readonly string[] | undefined
  /** Scopes of which one is enough. */
  readonly anyScope?: readonly string[] | undefined
  /** A role that the user must have, or several of which one is enough. */
  readonly role?: string | readonly string[] | undefined
  /**
   * What further claims must be: a value, a list of values, a function for each; or a Standard Schema. The answer is
   * remembered with the token: a function is asked about a token's claims, not about the time or a request.
   */
  readonly claims?: Rules | undefined
  /** Lets requests without a credential through, without `auth`. A bad credential is refused all the same. */
  readonly optional?: Optional | undefined
  /** Where the credential stands: 'header' unless given. */
  readonly from?: CredentialSource<Native> | readonly CredentialSource<Native>[] | undefined
  /** How far clocks may differ, 0 to 60 seconds, as a number or as '60s'. */
  readonly clockTolerance?: Timespan | undefined
  /** What a missing or bad credential is answered with: 401 unless given (RFC 6750 3.1). */
  readonly denyStatus?: 401 | 403 | undefined
  /** Verified tokens are remembered, 16,384 of them for each issuer unless a size is given. */
  readonly cache?: boolean | { readonly size: number } | undefined
  /** Asked about every token that holds otherwise, one from the cache too. */
  readonly revocations?: RevocationSource | undefined
  /** Accepts API keys (`lk_…`) in the place of a token. */
  readonly apiKeys?: ApiKeyResolver | undefined
  /** The longest time since the user signed in (`auth_time`, RFC 9470). */
  readonly maxAuthAge?: Timespan | undefined
  /** How the user must have signed in (`acr`, RFC 9470). */
  readonly acr?: string | readonly string[] | undefined
  /** The URL of the protected resource's metadata, told in challenges (RFC 9728). */
  readonly resourceMetadata?: string | URL | undefined
  /** The name of the protected area, told in challenges. */
  readonly realm?: string | undefined
  /** Milliseconds since 1970. */
  readonly clock?: Clock | undefined
}

/** Options whose native request and schema do not matter to the reader. */
export type AnyGuardOptions = Omit<GuardOptions<never, ClaimsOption, boolean>, 'from'>

const keyNames = ['secret', 'keys', 'jwks', 'discover'] as const satisfies readonly (keyof KeyOptions)[]
const tokenNames = ['audience', 'algorithms', 'typ'] as const satisfies readonly (keyof TokenOptions)[]

const guardOptionNames: readonly (keyof GuardOptions)[] = [
  ...keyNames,
  ...tokenNames,
  'issuer',
  'issuers',
  'legacy',
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
const issuerOptionNames: readonly (keyof IssuerOptions)[] = ['issuer', ...keyNames, ...tokenNames]
const legacyOptionNames: readonly (keyof LegacyOptions)[] = [
  'unsafeSecret',
  'algorithms',
  'acceptUntil',
  'maxAge',
  'map',
]

/** Throws TypeErrors for names that no guard knows, at each depth; adapters name what they add. */
export function refuseUnknownGuardOptions(options: AnyGuardOptions, added: readonly string[] = []): void {
  refuseUnknownOptions('protect', options, [...guardOptionNames, ...added])
  const { issuers, legacy } = options
  if (issuers !== undefined && (!Array.isArray(issuers) || issuers.length === 0))
    throw new TypeError('protect: issuers must be a list of issuers with their keys')
  for (const one of issuers ?? []) refuseUnknownOptions('protect: issuers', one, issuerOptionNames)
  if (legacy !== undefined) refuseUnknownOptions('protect: legacy', legacy, legacyOptionNames)
}
