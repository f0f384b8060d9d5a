// How a refusal reads as HTTP: status, challenge and problem document, the same in every framework (RFC 6750 3,
// RFC 9470 3, RFC 9728 5.1, RFC 9457).
import type { LatchkeyError, ProblemCode } from '../base/errors.ts'
import { errorTable } from '../base/errors.ts'

/** What the challenges of one guard say about itself, and the status that it denies with. */
export interface ChallengeRules {
  readonly denyStatus: 401 | 403
  readonly realm: string | undefined
  /** Where the protected resource describes itself (RFC 9728). */
  readonly resourceMetadata: string | undefined
  /** All scopes that the guard asks for, for `insufficient_scope`. */
  readonly scopes: readonly string[]
  readonly acr: readonly string[] | undefined
  readonly maxAuthAgeSeconds: number | undefined
}

/** A refused request: what to answer, and the error to decide by. */
export interface Refusal {
  readonly kind: 'refused'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A problem document as JSON text (RFC 9457). */
  readonly body: string
  readonly error: LatchkeyError
}

/** The refusals whose status the guard's owner may choose: no credential, or one that does not count. */
const deniable: ReadonlySet<ProblemCode> = new Set([
  'missing_token',
  'invalid_token',
  'token_expired',
  'token_revoked',
])

/** Makes the answer to a refused request. */
export function refuse(error: LatchkeyError, rules: ChallengeRules): Refusal {
  const code = error.problem
  const status = deniable.has(code) ? rules.denyStatus : errorTable[code].status
  const { title } = errorTable[code]
  const isOurs = status >= 500
  const detail = code === error.code && !isOurs ? error.detail : undefined
  const body = JSON.stringify({ type: `urn:latchkey:problem:${code}`, title, status, detail, code })
  const retryAfterSeconds = error.retryAfterSeconds ?? (isOurs ? 1 : undefined)
  const headers = {
    'content-type': 'application/problem+json',
    // Said here because the frameworks differ in what they say by themselves.
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...(challenged.has(status) && { 'www-authenticate': challenge(code, rules) }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  }
  return { kind: 'refused', status, headers, body, error }
}

/** RFC 6750 3: what a bad request, a bad token and a token that is not enough are answered with. */
const challenged: ReadonlySet<number> = new Set([400, 401, 403])

/** Each attribute once; values are ours or were checked when the guard was made, so that none needs escaping. */
function challenge(code: ProblemCode, rules: ChallengeRules): string {
  const attributes: [string, string | undefined][] = [
    ['realm', rules.realm],
    ['resource_metadata', rules.resourceMetadata],
    ...(code === 'missing_token' ? [] : errorAttributes(code, rules)),
  ]
  const said = attributes
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"`)
  return said.length === 0 ? 'Bearer' : `Bearer ${said.join(', ')}`
}

function errorAttributes(code: ProblemCode, rules: ChallengeRules): [string, string | undefined][] {
  const { oauthError, title } = errorTable[code]
  const isScope = code === 'insufficient_scope' && rules.scopes.length > 0
  const isStepUp = code === 'insufficient_user_authentication'
  return [
    // A role, and an origin, are asked for beside scopes: RFC 6750 knows one word for "not enough".
    ['error', oauthError ?? 'insufficient_scope'],
    ['error_description', title],
    ['scope', isScope ? rules.scopes.join(' ') : undefined],
    ['acr_values', isStepUp ? rules.acr?.join(' ') : undefined],
    [
      'max_age',
      isStepUp && rules.maxAuthAgeSeconds !== undefined ? String(rules.maxAuthAgeSeconds) : undefined,
    ],
  ]
}
