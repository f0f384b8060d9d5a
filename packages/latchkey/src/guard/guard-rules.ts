// What a route asks beyond a token that holds, and how its refusals read: both checked when the guard is made.
import { secondsOfTimespan } from '../base/timespan.ts'
import { documentUrlProblem } from '../keys/fetch-document.ts'
import type { ChallengeRules } from './challenge.ts'
import type { AnyGuardOptions } from './options.ts'
import type { Requirements } from './requirements.ts'

/** How far clocks may differ, in seconds. */
export function toleranceOf({ clockTolerance = 0 }: AnyGuardOptions): number {
  const seconds = secondsOfTimespan(clockTolerance, 'protect: clockTolerance')
  if (seconds >= 0 && seconds <= 60) return seconds
  throw new TypeError("protect: clockTolerance is 0 to 60 seconds, as a number or as '60s'")
}

/** Throws TypeErrors. */
export function requirementsOf(options: AnyGuardOptions): Requirements {
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

/** Throws TypeErrors. */
export function challengeRulesOf(options: AnyGuardOptions, requirements: Requirements): ChallengeRules {
  const { denyStatus = 401, realm, resourceMetadata } = options
  if (denyStatus !== 401 && denyStatus !== 403) throw new TypeError('protect: denyStatus is 401 or 403')
  return {
    denyStatus,
    realm: realm === undefined ? undefined : quotable(realm, 'realm'),
    resourceMetadata: resourceMetadata === undefined ? undefined : metadataUrl(resourceMetadata),
    scopes: [...requirements.scopes, ...requirements.anyScopes],
    acr: requirements.acr,
    maxAuthAgeSeconds: requirements.maxAuthAgeSeconds,
  }
}

const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Scope names have no spaces, quotes or backslashes (RFC 6749 3.3). */
export function scopesOf(value: unknown, option: string): readonly string[] {
  const names = typeof value === 'string' ? value.split(' ') : textsOf(value, option)
  if (value !== undefined && (names.length === 0 || !names.every(name => scopeName.test(name)))) {
    throw new TypeError(`protect: ${option} is one scope or more, without spaces or quotes in them`)
  }
  return names
}

function textsOf(value: unknown, option: string): readonly string[] {
  if (value === undefined) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every(item => typeof item === 'string' && item !== ''))
    return [...list] as string[]
  throw new TypeError(`protect: ${option} must be text or a list of texts`)
}

/** What stands between quotes in a challenge (RFC 6750 3). */
function quotable(value: unknown, option: string): string {
  if (typeof value === 'string' && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) return value
  throw new TypeError(`protect: ${option} must be printable ASCII without quotes and backslashes`)
}

/** RFC 9728 3: an https URL without a fragment; http on the loopback serves while one develops. */
function metadataUrl(value: unknown): string {
  const given = value instanceof URL ? value.href : value
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (url === null || documentUrlProblem(url) !== undefined || url.hash !== '')
    throw new TypeError('protect: resourceMetadata must be an https URL without a fragment')
  return quotable(url.href, 'resourceMetadata')
}
