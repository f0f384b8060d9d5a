// The guard: from a request to the caller behind it, or to the refusal it is answered with. Every framework's page
// translates for it and decides nothing. Credential, token, requirements: in this order, never back.
import { systemClock } from '../base/clock.ts'
import { LatchkeyError } from '../base/errors.ts'
import type { Claims, Header, Verdict, Verified } from '../token/verdict.ts'
import { createVerifier } from '../token/verifier.ts'
import { Auth } from './auth.ts'
import { type Credential, credentialReader } from './bearer.ts'
import { type Refusal, refuse } from './challenge.ts'
import {
  type ApiKeyResolver,
  challengeRulesOf,
  type GuardOptions,
  requirementsOf,
  verifierOptionsOf,
} from './options.ts'
import type { GuardRequest } from './request.ts'
import { unmet } from './requirements.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'
export type { ApiKeyResolver, GuardOptions } from './options.ts'
export type { GuardRequest } from './request.ts'
export {
  type RevocationFeed,
  type RevocationFeedOptions,
  type RevocationFeedStatus,
  revocationFeed,
} from './revocation-feed.ts'

/** What became of a request. `anonymous`: no credential, and none is needed (an optional guard, a CORS preflight). */
export type GuardVerdict<Payload = Claims> =
  | { readonly kind: 'admitted'; readonly auth: Auth<Payload> }
  | { readonly kind: 'anonymous' }
  | Refusal

export interface Guard<Native = unknown> {
  /** Judges a request: at once when everything is at hand, else a promise. Never throws, never rejects. */
  check(request: GuardRequest<Native>): GuardVerdict | Promise<GuardVerdict>
}

const anonymous: GuardVerdict = Object.freeze({ kind: 'anonymous' })

/**
 * Makes a guard. Throws a TypeError for options that cannot be meant: none or two sources of keys, an unknown name, a
 * value of the wrong kind. RFC 6750, 9068 4, 9470.
 */
export function createGuard<Native = unknown>(options: GuardOptions<Native>): Guard<Native> {
  const { optional = false, apiKeys, clock = systemClock } = options
  if (typeof optional !== 'boolean') throw new TypeError('protect: optional is true or false')
  if (apiKeys !== undefined && typeof apiKeys !== 'function')
    throw new TypeError('protect: apiKeys must be a function')
  // What the application's own functions receive does not matter to the verifier.
  const verifier = createVerifier(verifierOptionsOf(options as GuardOptions))
  const requirements = requirementsOf(options as GuardOptions)
  const rules = challengeRulesOf(options as GuardOptions, requirements)
  const readCredential = credentialReader<Native>(options.from ?? 'header')
  const callers = new WeakMap<Verified, Auth>()

  const admit = (auth: Auth): GuardVerdict => {
    const error = unmet(requirements, auth, clock())
    return error === undefined ? { kind: 'admitted', auth } : refuse(error, rules)
  }
  const conclude = (token: string, verdict: Verdict): GuardVerdict => {
    if (!verdict.ok) return refuse(verdict.error, rules)
    // A token in the verifier's cache comes back as the same verdict: its caller is made once.
    let auth = callers.get(verdict)
    if (auth === undefined) {
      auth = new Auth(token, verdict.claims, verdict.header)
      if (Object.isFrozen(verdict)) callers.set(verdict, auth)
    }
    return admit(auth)
  }
  const judge = (request: GuardRequest<Native>): GuardVerdict | Promise<GuardVerdict> => {
    const credential = readCredential(request)
    if (credential.kind !== 'token') {
      const isNeedless = credential.kind === 'none' && (optional || isPreflight(request))
      return isNeedless ? anonymous : refuse(errorOf(credential), rules)
    }
    const { token } = credential
    if (apiKeys !== undefined && token.startsWith('lk_')) return resolved(apiKeys, token, admit)
    const verdict = verifier.check(token)
    return verdict instanceof Promise
      ? verdict.then(settled => conclude(token, settled))
      : conclude(token, verdict)
  }
  /** What fails inside is told as a refusal: nothing passes because something broke. */
  const failed = (cause: unknown): GuardVerdict =>
    refuse(cause instanceof LatchkeyError ? cause : new LatchkeyError('store_unavailable', { cause }), rules)

  return {
    check(request) {
      try {
        const verdict = judge(request)
        return verdict instanceof Promise ? verdict.catch(failed) : verdict
      } catch (error) {
        return failed(error)
      }
    },
  }
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
  unreadable: () => new LatchkeyError('invalid_token'),
  foreign_origin: () => new LatchkeyError('origin_refused'),
}

function errorOf({ kind }: Exclude<Credential, { kind: 'token' }>): LatchkeyError {
  return credentialErrors[kind]()
}

const apiKeyHeader: Header = Object.freeze({ alg: 'none', typ: 'api-key' })

async function resolved(
  resolve: ApiKeyResolver,
  key: string,
  admit: (auth: Auth) => GuardVerdict,
): Promise<GuardVerdict> {
  const claims = await resolve(key)
  if (claims === undefined) throw new LatchkeyError('invalid_token')
  return admit(new Auth(key, claims, apiKeyHeader))
}
