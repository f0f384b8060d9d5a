// What a route asks of a token that holds: scopes, roles, a recent enough and strong enough login. Nothing is looked
// at here but verified claims.
import type { Clock } from '../base/clock.ts'
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
interface Caller {
  readonly auth: Pick<Auth<unknown>, 'has' | 'is'>
  readonly claims: Claims
}

/** Gives the first requirement that is not met, as the error to refuse with; undefined when all are. */
export type RequirementCheck = (caller: Caller, clock: Clock) => LatchkeyError | undefined

interface Row {
  asked(requirements: Requirements): boolean
  broken(requirements: Requirements, caller: Caller, clock: Clock): LatchkeyError | undefined
}

const rows: readonly Row[] = [
  {
    asked: ({ maxAuthAgeSeconds }) => maxAuthAgeSeconds !== undefined,
    broken({ maxAuthAgeSeconds = 0, toleranceSeconds }, { claims }, clock) {
      const authTime = claims['auth_time']
      const isRecent =
        typeof authTime === 'number' && clock() < (authTime + maxAuthAgeSeconds + toleranceSeconds) * 1000
      return isRecent ? undefined : tooWeak('The login is too long ago for this.')
    },
  },
  {
    asked: ({ acr }) => acr !== undefined,
    broken({ acr = [] }, { claims }) {
      const isStrong = typeof claims['acr'] === 'string' && acr.includes(claims['acr'])
      return isStrong ? undefined : tooWeak('The way of signing in is not strong enough for this.')
    },
  },
  {
    asked: ({ scopes }) => scopes.length > 0,
    broken: ({ scopes }, { auth }) =>
      scopes.every(scope => auth.has(scope)) ? undefined : new LatchkeyError('insufficient_scope'),
  },
  {
    asked: ({ anyScopes }) => anyScopes.length > 0,
    broken: ({ anyScopes }, { auth }) =>
      anyScopes.some(scope => auth.has(scope)) ? undefined : new LatchkeyError('insufficient_scope'),
  },
  {
    asked: ({ roles }) => roles.length > 0,
    broken: ({ roles }, { auth }) =>
      roles.some(role => auth.is(role))
        ? undefined
        : new LatchkeyError('forbidden', { detail: 'The user does not have the role for this.' }),
  },
]

/** The rows that these requirements ask for, in their order; once for each guard. */
export function prepareRequirements(requirements: Requirements): RequirementCheck {
  const asked = rows.filter(row => row.asked(requirements))
  return (caller, clock) => {
    for (const row of asked) {
      const error = row.broken(requirements, caller, clock)
      if (error !== undefined) return error
    }
    return undefined
  }
}

function tooWeak(detail: string): LatchkeyError {
  return new LatchkeyError('insufficient_user_authentication', { detail })
}
