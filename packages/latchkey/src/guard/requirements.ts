// What a route asks of a token that holds: scopes, roles, a recent enough and strong enough login. Nothing is looked
// at here but verified claims.
import { LatchkeyError } from '../base/errors.ts'
import type { Claims } from '../token/verdict.ts'
import type { Auth } from './auth.ts'

export interface Requirements {
  /** All of these scopes. */
  readonly scopes: readonly string[]
  /** One of these, where there are any. */
  readonly anyScopes: readonly string[]
  /** One of these roles, where there are any. */
  readonly roles: readonly string[]
  /** The longest time since `auth_time`, in seconds (RFC 9470 3). */
  readonly maxAuthAgeSeconds: number | undefined
  /** `acr` must be one of these (RFC 9470 3). */
  readonly acr: readonly string[] | undefined
  readonly toleranceSeconds: number
}

/** A caller, and the claims as they were signed, whatever a schema made of them. */
export interface Caller {
  readonly auth: Pick<Auth<unknown>, 'has' | 'is'>
  readonly claims: Claims
}

/** The first requirement that is not met, as the error to refuse with; undefined when all are. */
export function unmet(requirements: Requirements, caller: Caller, nowMs: number): LatchkeyError | undefined {
  for (const row of rows) {
    const error = row(requirements, caller, nowMs)
    if (error !== undefined) return error
  }
  return undefined
}

type Row = (requirements: Requirements, caller: Caller, nowMs: number) => LatchkeyError | undefined

const rows: readonly Row[] = [
  ({ maxAuthAgeSeconds, toleranceSeconds }, { claims }, nowMs) => {
    if (maxAuthAgeSeconds === undefined) return undefined
    const authTime = claims['auth_time']
    const isRecent =
      typeof authTime === 'number' && nowMs < (authTime + maxAuthAgeSeconds + toleranceSeconds) * 1000
    return isRecent ? undefined : tooWeak('The login is too long ago for this.')
  },
  ({ acr }, { claims }) => {
    if (acr === undefined) return undefined
    const isStrong = typeof claims['acr'] === 'string' && acr.includes(claims['acr'])
    return isStrong ? undefined : tooWeak('The way of signing in is not strong enough for this.')
  },
  ({ scopes, anyScopes }, { auth }) => {
    const hasAll = scopes.every(scope => auth.has(scope))
    const hasAny = anyScopes.length === 0 || anyScopes.some(scope => auth.has(scope))
    return hasAll && hasAny ? undefined : new LatchkeyError('insufficient_scope')
  },
  ({ roles }, { auth }) => {
    const has = roles.length === 0 || roles.some(role => auth.is(role))
    return has
      ? undefined
      : new LatchkeyError('forbidden', { detail: 'The user does not have the role for this.' })
  },
]

function tooWeak(detail: string): LatchkeyError {
  return new LatchkeyError('insufficient_user_authentication', { detail })
}
