// The guard: from a request to the caller behind it, or to the refusal it is answered with. Every framework's page
// translates for it and decides nothing. Credential, token, requirements: in this order, never back.
import { systemClock } from '../base/clock.ts'
import { LatchkeyError } from '../base/errors.ts'
import { freezePlain } from '../token/header.ts'
import type { SchemaResult } from '../token/standard-schema.ts'
import {
  type Claims,
  type Refused,
  Refusal as TokenRefusal,
  type Verdict,
  type Verified,
} from '../token/verdict.ts'
import { judgeApiKey, looksLikeApiKey } from './api-key.ts'
import { Auth } from './auth.ts'
import { type Credential, credentialReader } from './bearer.ts'
import { type ChallengeRules, type Refusal, refuse } from './challenge.ts'
import { type ClaimsOption, type PayloadOf, schemaOfClaims } from './claim-requirements.ts'
import { challengeRulesOf, requirementsOf, scopesOf } from './guard-rules.ts'
import { type GuardOptions, refuseUnknownGuardOptions } from './options.ts'
import type { GuardRequest } from './request.ts'
import { prepareRequirements, type Requirements } from './requirements.ts'
import { tokenJudge } from './verifiers.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { CredentialSource } from './bearer.ts'
export type { Refusal } from './challenge.ts'
export type { ClaimRequirements, ClaimsOption, PayloadOf } from './claim-requirements.ts'
export type { ApiKeyResolver, GuardOptions, IssuerOptions, LegacyOptions } from './options.ts'
export type { GuardRequest } from './request.ts'
export {
  type RevocationFeed,
  type RevocationFeedOptions,
  type RevocationFeedStatus,
  revocationFeed,
} from './revocation-feed.ts'

/**
 * What became of a request. `anonymous`: no credential, and the guard is optional. `preflight`: a browser asks whether
 * it may send (Fetch, "CORS protocol"); such a request never has a credential, and whoever answers CORS answers it.
 */
export type GuardVerdict<Payload = Claims> =
  | { readonly kind: 'admitted'; readonly auth: Auth<Payload> }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'preflight' }
  | Refusal

/** A guard without a framework, made by `createGuard`. */
export interface Guard<Native = unknown, Payload = Claims> {
  /** Judges a request: at once when everything is at hand, else a promise. Never throws, never rejects. */
  check(request: GuardRequest<Native>): GuardVerdict<Payload> | Promise<GuardVerdict<Payload>>
  /** This guard with further scopes that are all needed; verifiers and their caches are the same. */
  asking(scopes: readonly string[]): Guard<Native, Payload>
  /** Whether a value is a caller whom this guard admitted. */
  admitted(value: unknown): value is Auth<Payload>
}

/** The caller as a handler meets it: maybe nobody behind an optional guard. */
export type CallerOf<Rules, Optional extends boolean> =
  | Auth<PayloadOf<Rules>>
  | (true extends Optional ? undefined : never)

const anonymous: GuardVerdict<never> = Object.freeze({ kind: 'anonymous' })
const preflight: GuardVerdict<never> = Object.freeze({ kind: 'preflight' })

/**
 * Makes a guard. Throws a TypeError for options that cannot be meant: none or two sources of keys, an unknown name, a
 * value of the wrong kind; LatchkeyError `key_too_weak` for a short secret. RFC 6750, 9068 4, 9470.
 */
export function createGuard<
  Native = unknown,
  Rules extends ClaimsOption = ClaimsOption,
  Optional extends boolean = boolean,
>(options: GuardOptions<Native, Rules, Optional>): Guard<Native, PayloadOf<Rules>> {
  refuseUnknownGuardOptions(options)
  const { optional = false, apiKeys, clock = systemClock } = options
  if (typeof optional !== 'boolean') throw new TypeError('protect: optional is true or false')
  if (apiKeys !== undefined && typeof apiKeys !== 'function')
    throw new TypeError('protect: apiKeys must be a function')
  const schema = options.claims === undefined ? undefined : schemaOfClaims(options.claims)
  const tokens = tokenJudge(options)
  const readCredential = credentialReader<Native>(options.from ?? 'header')
  type Payload = PayloadOf<Rules>
  const callers = new WeakMap<Verified, Auth<Payload>>()
  const maker = {}

  const newCaller = (
    token: string,
    verified: Verified,
    result: SchemaResult<unknown>,
  ): Auth<Payload> | Refused => {
    if (result.issues !== undefined) return new TokenRefusal('schema_mismatch')
    // `Rules` is the schema that gave this value, or there is none and these are the claims.
    const auth = new Auth(token, verified, result.value as Payload, maker)
    // A verdict that is frozen comes from the verifier's cache and will come again: its caller is made once.
    if (Object.isFrozen(verified) && freezePlain(result.value)) callers.set(verified, auth)
    return auth
  }
  const callerOf = (
    token: string,
    verified: Verified,
  ): Auth<Payload> | Refused | Promise<Auth<Payload> | Refused> => {
    const known = callers.get(verified)
    if (known !== undefined) return known
    if (schema === undefined) return newCaller(token, verified, { value: verified.claims })
    const result = schema['~standard'].validate(verified.claims)
    return result instanceof Promise
      ? result.then(settled => newCaller(token, verified, settled))
      : newCaller(token, verified, result)
  }

  const guardFor = (requirements: Requirements, rules: ChallengeRules): Guard<Native, Payload> => {
    type Judged = GuardVerdict<Payload>
    const unmet = prepareRequirements(requirements)
    const conclude = (verified: Verified, auth: Auth<Payload> | Refused): Judged => {
      if (!(auth instanceof Auth)) return refuse(auth.error, rules)
      const error = unmet({ auth, claims: verified.claims }, clock)
      return error === undefined ? { kind: 'admitted', auth } : refuse(error, rules)
    }
    const judgeClaims = (token: string, verdict: Verdict): Judged | Promise<Judged> => {
      if (!verdict.ok) return refuse(toRefuseWith(verdict.error), rules)
      const auth = callerOf(token, verdict)
      return auth instanceof Promise
        ? auth.then(settled => conclude(verdict, settled))
        : conclude(verdict, auth)
    }
    const judge = (request: GuardRequest<Native>): Judged | Promise<Judged> => {
      const credential = readCredential(request)
      if (credential.kind !== 'token') {
        if (credential.kind === 'none' && isPreflight(request)) return preflight
        return credential.kind === 'none' && optional ? anonymous : refuse(errorOf(credential), rules)
      }
      const { token } = credential
      const verdict =
        apiKeys !== undefined && looksLikeApiKey(token)
          ? judgeApiKey(token, key => apiKeys(key, request), clock())
          : tokens.check(token)
      return verdict instanceof Promise
        ? verdict.then(settled => judgeClaims(token, settled))
        : judgeClaims(token, verdict)
    }
    /** What fails inside is told as a refusal: nothing passes because something broke. */
    const failed = (cause: unknown): Judged => refuse(toRefuseWith(cause), rules)

    return {
      check(request) {
        try {
          const verdict = judge(request)
          return verdict instanceof Promise ? verdict.catch(failed) : verdict
        } catch (error) {
          return failed(error)
        }
      },
      asking(scopes) {
        const added = scopesOf(scopes, 'scope')
        const wider = { ...requirements, scopes: [...requirements.scopes, ...added] }
        return guardFor(wider, { ...rules, scopes: [...wider.scopes, ...wider.anyScopes] })
      },
      admitted: (value): value is Auth<Payload> => Auth.isMadeBy(value, maker),
    }
  }

  const requirements = requirementsOf(options)
  return guardFor(requirements, challengeRulesOf(options, requirements))
}

/** A failure of ours is a dependency that is down: 503, never a 500 for what a client sent. */
function toRefuseWith(cause: unknown): LatchkeyError {
  if (!(cause instanceof LatchkeyError)) return new LatchkeyError('store_unavailable', { cause })
  return cause.status === 500 ? new LatchkeyError('keys_unavailable', { cause }) : cause
}

/** A browser asks before it sends: without a credential, by the rules of Fetch ("CORS-preflight request"). */
function isPreflight(request: GuardRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.header?.('origin') !== undefined &&
    request.header('access-control-request-method') !== undefined
  )
}

const credentialErrors: Record<Exclude<Credential['kind'], 'token'>, () => LatchkeyError> = {
  none: () => new LatchkeyError('missing_token'),
  unspaced: () =>
    new LatchkeyError('missing_token', { detail: "Write 'Bearer ' with a space before the token." }),
  several: () => new LatchkeyError('invalid_request', { detail: 'There is more than one credential.' }),
  whole_answer: () =>
    new LatchkeyError('invalid_token', {
      detail: 'That is the whole answer of a sign-in. Send the text of its access_token alone.',
    }),
  unreadable: () => new LatchkeyError('invalid_token'),
  foreign_origin: () => new LatchkeyError('origin_refused'),
}

function errorOf(credential: Exclude<Credential, { kind: 'token' }>): LatchkeyError {
  if (credential.kind === 'none' && credential.isBare)
    return new LatchkeyError('missing_token', { detail: "Write 'Bearer ' before the token." })
  return credentialErrors[credential.kind]()
}
