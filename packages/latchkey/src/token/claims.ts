// What claims must be: a row for each rule, one loop over them. Values are compared exactly, code point by code
// point; there are no patterns, which elsewhere were slow or had a memory (CVE-2026-35041, GHSA-3j8v-cgw4-2g6q).
import type { ErrorCode } from '../base/errors.ts'
import type { JsonObject } from '../base/json.ts'
import { Refusal } from './verdict.ts'

/** What a verifier asks of claims. Times in seconds. */
export interface ClaimRules {
  readonly issuer: readonly string[] | undefined
  readonly audience: readonly string[] | undefined
  readonly subject: string | undefined
  readonly jwtid: string | undefined
  readonly nonce: string | undefined
  readonly requiredClaims: readonly string[]
  readonly maxAgeSeconds: number | undefined
  readonly toleranceSeconds: number
  readonly ignoreExpiration: boolean
  readonly ignoreNotBefore: boolean
}

interface ClaimRow {
  readonly claim: string
  readonly code: ErrorCode
  /** Whether the claim breaks the rule. */
  broken(claims: JsonObject, rules: ClaimRules, nowMs: number): boolean
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
const isDate = (value: unknown): boolean => value === undefined || isNumber(value)
const isAudience = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.every(item => typeof item === 'string'))

/**
 * The first registered claim whose value is of the wrong kind. Present means checked: 0, '', null and Infinity never
 * skip a rule (RFC 7519 4.1). No rows here: every token comes by, and a call for each would cost more than the rest.
 */
export function brokenKind({ exp, nbf, iat, iss, sub, jti, aud }: JsonObject): string | undefined {
  if (!isDate(exp)) return 'exp'
  if (!isDate(nbf)) return 'nbf'
  if (!isDate(iat)) return 'iat'
  if (!isText(iss)) return 'iss'
  if (!isText(sub)) return 'sub'
  if (!isText(jti)) return 'jti'
  return isAudience(aud) ? undefined : 'aud'
}

/** Each asks whether the time is right, so that a clock that gives no number refuses. */
const times: readonly ClaimRow[] = [
  {
    claim: 'exp',
    code: 'token_expired',
    broken: ({ exp }, rules, nowMs) =>
      isNumber(exp) && !rules.ignoreExpiration && !(nowMs < (exp + rules.toleranceSeconds) * 1000),
  },
  {
    claim: 'nbf',
    code: 'token_not_active',
    broken: ({ nbf }, rules, nowMs) =>
      isNumber(nbf) && !rules.ignoreNotBefore && !(nowMs >= (nbf - rules.toleranceSeconds) * 1000),
  },
]

/** Asked for only where an option asks. */
const optional: readonly (ClaimRow & { readonly asked: (rules: ClaimRules) => boolean })[] = [
  {
    claim: 'iat',
    code: 'claim_missing',
    asked: rules => rules.maxAgeSeconds !== undefined,
    broken: ({ iat }) => iat === undefined,
  },
  {
    claim: 'iat',
    code: 'token_not_active',
    asked: rules => rules.maxAgeSeconds !== undefined,
    broken: ({ iat }, rules, nowMs) => isNumber(iat) && !(nowMs >= (iat - rules.toleranceSeconds) * 1000),
  },
  {
    claim: 'iat',
    code: 'token_too_old',
    asked: rules => rules.maxAgeSeconds !== undefined,
    broken: ({ iat }, rules, nowMs) => !(nowMs < oldestEndMs(iat, rules)),
  },
  {
    claim: 'iss',
    code: 'issuer_mismatch',
    asked: rules => rules.issuer !== undefined,
    broken: ({ iss }, { issuer = [] }) => !issuer.includes(iss as string),
  },
  {
    claim: 'aud',
    code: 'audience_mismatch',
    asked: rules => rules.audience !== undefined,
    broken: ({ aud }, { audience = [] }) =>
      !(Array.isArray(aud) ? aud.some(item => audience.includes(item)) : audience.includes(aud as string)),
  },
  {
    claim: 'sub',
    code: 'subject_mismatch',
    asked: rules => rules.subject !== undefined,
    broken: ({ sub }, rules) => sub !== rules.subject,
  },
  {
    claim: 'jti',
    code: 'claim_mismatch',
    asked: rules => rules.jwtid !== undefined,
    broken: ({ jti }, rules) => jti !== rules.jwtid,
  },
  {
    claim: 'nonce',
    code: 'claim_mismatch',
    asked: rules => rules.nonce !== undefined,
    broken: ({ nonce }, rules) => nonce !== rules.nonce,
  },
]

function oldestEndMs(iat: unknown, { maxAgeSeconds = 0, toleranceSeconds }: ClaimRules): number {
  return isNumber(iat) ? (iat + maxAgeSeconds + toleranceSeconds) * 1000 : 0
}

function requiredRow(claim: string): ClaimRow {
  return {
    claim,
    code: 'claim_missing',
    broken: claims => !Object.hasOwn(claims, claim) || claims[claim] === null || claims[claim] === '',
  }
}

export type ClaimCheck = (claims: JsonObject, nowMs: number) => Refusal | undefined

/** Kinds, and then the rows that these rules ask for, in the order of judgement: presence, time, values. */
export function prepareClaimCheck(rules: ClaimRules): ClaimCheck {
  const rows = [
    ...rules.requiredClaims.map(requiredRow),
    ...times,
    ...optional.filter(row => row.asked(rules)),
  ]
  return (claims, nowMs) => {
    const misfit = brokenKind(claims)
    if (misfit !== undefined) return new Refusal('claim_invalid', { claim: misfit })
    for (const row of rows) {
      if (row.broken(claims, rules, nowMs)) return new Refusal(row.code, { claim: row.claim })
    }
    return undefined
  }
}

/** Between which instants, in milliseconds, claims that hold now go on holding: what a cache must look at. */
export function lifetimeOf(
  { exp, nbf, iat }: JsonObject,
  rules: ClaimRules,
): { fromMs: number; endMs: number } {
  const { toleranceSeconds, maxAgeSeconds } = rules
  let fromMs = Number.NEGATIVE_INFINITY
  let endMs = Number.POSITIVE_INFINITY
  if (isNumber(nbf) && !rules.ignoreNotBefore) fromMs = (nbf - toleranceSeconds) * 1000
  if (isNumber(exp) && !rules.ignoreExpiration) endMs = (exp + toleranceSeconds) * 1000
  if (isNumber(iat) && maxAgeSeconds !== undefined) {
    fromMs = Math.max(fromMs, (iat - toleranceSeconds) * 1000)
    endMs = Math.min(endMs, oldestEndMs(iat, rules))
  }
  return { fromMs, endMs }
}
