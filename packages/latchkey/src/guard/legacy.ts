// Tokens that an application made by hand before it had Latchkey: short secret, no type, no key id. They have a
// verifier of their own, which ends at a date that the application names.
import { type Clock, systemClock } from '../base/clock.ts'
import { secondsOfTimespan } from '../base/timespan.ts'
import { createKey } from '../keys/create-key.ts'
import { shortMediaType } from '../token/header.ts'
import { type Claims, type Header, Refusal, type Verdict } from '../token/verdict.ts'
import { createVerifier } from '../token/verifier.ts'
import type { RevocationSource } from '../token/verify.ts'
import type { LegacyOptions } from './options.ts'

export interface LegacyVerifier {
  /** Whether a header is one of theirs: such an algorithm, no key id, no type but `JWT`. Nothing of it is proven. */
  owns(header: Readonly<Record<string, unknown>>): boolean
  check(token: string): Verdict
}

const algorithmNames: readonly unknown[] = ['HS256', 'HS384', 'HS512']
/** The year 5000. */
const latestMs = 95_617_584_000_000
export const legacyTypes = ['JWT', '']

/** Throws a TypeError for options that are missing or cannot be meant. */
export function legacyVerifier(
  options: LegacyOptions,
  surroundings: {
    readonly toleranceSeconds: number
    readonly revocations: RevocationSource | undefined
    readonly clock: Clock | undefined
  },
): LegacyVerifier {
  const { unsafeSecret, algorithms, map } = options
  const { toleranceSeconds, revocations, clock = systemClock } = surroundings
  if (
    !Array.isArray(algorithms) ||
    algorithms.length === 0 ||
    !algorithms.every(one => algorithmNames.includes(one))
  )
    throw new TypeError("protect: legacy.algorithms is a list of HS256, HS384, HS512, such as ['HS256']")
  if (typeof map !== 'function')
    throw new TypeError('protect: legacy.map must be a function from the claims to the subject')
  const acceptUntilMs = instantOf(options.acceptUntil)
  const maxAgeSeconds =
    options.maxAge === undefined ? undefined : secondsOfTimespan(options.maxAge, 'protect: legacy.maxAge')
  if (maxAgeSeconds !== undefined && !(maxAgeSeconds > 0))
    throw new TypeError('protect: legacy.maxAge must be positive')
  const rules = {
    keys: algorithms.map(alg => createKey({ unsafeSecret }, { alg })),
    typ: legacyTypes,
    clockTolerance: toleranceSeconds,
    revocations,
    clock,
    // What `map` says may change, and the date must be asked each time.
    cache: false,
  }
  const expiring = createVerifier({ ...rules, requiredClaims: ['exp'] })
  const ageing = maxAgeSeconds === undefined ? undefined : createVerifier({ ...rules, maxAge: maxAgeSeconds })

  return {
    owns: ({ alg, kid, typ = '' }) =>
      algorithms.some(one => one === alg) &&
      kid === undefined &&
      typeof typ === 'string' &&
      legacyTypes.includes(shortMediaType(typ).toUpperCase()),
    check(token) {
      // A clock that gives no number is past every date.
      if (!(clock() < acceptUntilMs)) return new Refusal('token_expired')
      const verdict = expiring.safe(token)
      // Only a token whose signature held gets as far as its claims, so this is no second try with another key.
      const isEndless = !verdict.ok && verdict.code === 'claim_missing' && verdict.claim === 'exp'
      const judged = isEndless && ageing !== undefined ? ageing.safe(token) : verdict
      return judged.ok ? withSubject(judged.claims, judged.header, map) : judged
    },
  }
}

function withSubject(claims: Claims, header: Header, map: LegacyOptions['map']): Verdict {
  const sub = subjectOf(claims, map)
  if (sub === undefined) return new Refusal('claim_missing', { claim: 'sub' })
  return { ok: true, claims: Object.freeze({ ...claims, sub }), header }
}

/** A function that fails on a token's claims does not accept the token. */
function subjectOf(claims: Claims, map: LegacyOptions['map']): string | undefined {
  try {
    const sub: unknown = map(claims)
    return typeof sub === 'string' && sub !== '' ? sub : undefined
  } catch {
    return undefined
  }
}

function instantOf(value: unknown): number {
  const ms =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'string'
        ? Date.parse(value)
        : typeof value === 'number'
          ? value * 1000
          : Number.NaN
  // Milliseconds in the place of seconds would be a date that never comes.
  if (ms < latestMs) return ms
  throw new TypeError(
    "protect: legacy.acceptUntil is needed: the date from which on old tokens are refused, such as '2027-01-31'",
  )
}
