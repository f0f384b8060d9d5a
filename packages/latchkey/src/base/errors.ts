// One error class and one table: each code's status, public sentence and OAuth name. The guard and the server
// answer with problem codes; an engine code names the problem code that stands for it outside.

interface ProblemRow {
  readonly status: number
  /** Public. Without quotes and backslashes, so that it fits an error_description as it is (RFC 6750 3). */
  readonly title: string
  readonly oauthError?: string
}

/** The codes that leave the server (RFC 9457). Deny codes stand here with 401; who denies may answer 403. */
const problemTable = {
  missing_token: { status: 401, title: 'A bearer token is needed here.' },
  invalid_token: { status: 401, title: 'The token is not valid.', oauthError: 'invalid_token' },
  token_expired: { status: 401, title: 'The token has expired.', oauthError: 'invalid_token' },
  token_revoked: { status: 401, title: 'The token has been revoked.', oauthError: 'invalid_token' },
  invalid_credentials: { status: 401, title: 'The name or the password is wrong.' },
  refresh_reused: {
    status: 401,
    title: 'The refresh token was used before; the session has ended.',
    oauthError: 'invalid_grant',
  },
  refresh_expired: { status: 401, title: 'The refresh token has expired.', oauthError: 'invalid_grant' },
  session_revoked: { status: 401, title: 'The session has ended.', oauthError: 'invalid_grant' },
  insufficient_user_authentication: {
    status: 401,
    title: 'A more recent or a stronger login is needed.',
    oauthError: 'insufficient_user_authentication',
  },
  account_disabled: { status: 403, title: 'The account is disabled.' },
  email_unverified: { status: 403, title: 'The e-mail address is not verified yet.' },
  forbidden: { status: 403, title: 'This is not allowed.' },
  insufficient_scope: {
    status: 403,
    title: 'The token does not carry the scope for this.',
    oauthError: 'insufficient_scope',
  },
  origin_refused: { status: 403, title: 'Requests from this origin are refused.' },
  registration_closed: { status: 403, title: 'Registration is closed.' },
  https_required: { status: 403, title: 'HTTPS is required.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  unsupported_media_type: { status: 415, title: 'This media type is not supported.' },
  validation_failed: { status: 422, title: 'Some values are not accepted.' },
  weak_password: { status: 422, title: 'The password is too weak.' },
  invitation_invalid: { status: 422, title: 'The invitation is not valid.' },
  malformed_body: { status: 400, title: 'The body cannot be read.', oauthError: 'invalid_request' },
  invalid_request: { status: 400, title: 'The request is not well formed.', oauthError: 'invalid_request' },
  invalid_link: { status: 400, title: 'The link is not valid, or was used before.' },
  username_taken: { status: 409, title: 'The username is taken.' },
  rate_limited: { status: 429, title: 'Too many attempts; try again later.' },
  overloaded: { status: 503, title: 'Too busy; try again soon.', oauthError: 'temporarily_unavailable' },
  store_unavailable: {
    status: 503,
    title: 'The store cannot be reached.',
    oauthError: 'temporarily_unavailable',
  },
  keys_unavailable: {
    status: 503,
    title: 'The keys that verify tokens cannot be had.',
    oauthError: 'temporarily_unavailable',
  },
  revocations_stale: {
    status: 503,
    title: 'The list of revoked tokens is out of date.',
    oauthError: 'temporarily_unavailable',
  },
  internal_error: { status: 500, title: 'Something went wrong here.', oauthError: 'server_error' },
} as const satisfies Record<string, ProblemRow>

/** A code that the server and the guards answer with. */
export type ProblemCode = keyof typeof problemTable

interface EngineRow {
  readonly title: string
  readonly problem: ProblemCode
}

/** The engine's own codes. They say more than the outside should learn. */
const engineTable = {
  token_malformed: { title: 'The token is not a signed JWT in compact form.', problem: 'invalid_token' },
  token_too_long: { title: 'The token is too long.', problem: 'invalid_token' },
  token_encrypted: { title: 'The token is encrypted, which is not supported.', problem: 'invalid_token' },
  header_invalid: { title: 'The header of the token is not valid.', problem: 'invalid_token' },
  alg_not_allowed: { title: 'The algorithm of the token is not allowed here.', problem: 'invalid_token' },
  crit_unsupported: {
    title: 'The token asks for an extension that is not supported.',
    problem: 'invalid_token',
  },
  typ_mismatch: { title: 'The token is not of the type that is expected here.', problem: 'invalid_token' },
  key_not_found: { title: 'No key is known for this token.', problem: 'invalid_token' },
  signature_invalid: { title: 'The signature of the token is not valid.', problem: 'invalid_token' },
  claims_malformed: {
    title: 'The claims of the token are not a JSON object without repeated names.',
    problem: 'invalid_token',
  },
  claim_missing: { title: 'A claim is missing.', problem: 'invalid_token' },
  claim_invalid: { title: 'A claim has a value of the wrong kind.', problem: 'invalid_token' },
  claim_mismatch: { title: 'A claim has a value that is not accepted here.', problem: 'invalid_token' },
  token_not_active: { title: 'The token is not valid yet.', problem: 'invalid_token' },
  token_too_old: { title: 'The token was issued too long ago.', problem: 'token_expired' },
  issuer_mismatch: { title: 'The token comes from another issuer.', problem: 'invalid_token' },
  audience_mismatch: { title: 'The token is meant for another audience.', problem: 'invalid_token' },
  subject_mismatch: { title: 'The token is about another subject.', problem: 'invalid_token' },
  schema_mismatch: { title: 'The claims do not fit the schema.', problem: 'invalid_token' },
  network_error: { title: 'The login server could not be reached.', problem: 'store_unavailable' },
  key_too_weak: { title: 'The key is too weak.', problem: 'internal_error' },
  key_invalid: { title: 'The key is not valid.', problem: 'internal_error' },
  key_mismatch: { title: 'The key does not fit the algorithm.', problem: 'internal_error' },
  key_unsupported: {
    title: 'This runtime does not support the algorithm of the key.',
    problem: 'internal_error',
  },
} as const satisfies Record<string, EngineRow>

/** Every code of Latchkey. Codes are stable; sentences are not. */
export type ErrorCode = ProblemCode | keyof typeof engineTable

export interface ErrorRow extends ProblemRow {
  /** The code that stands for this one in an answer. */
  readonly problem: ProblemCode
}

function completeRows(): Readonly<Record<ErrorCode, ErrorRow>> {
  const rows: Record<string, ErrorRow> = {}
  for (const [code, row] of Object.entries(problemTable))
    rows[code] = { ...row, problem: code as ProblemCode }
  for (const [code, { title, problem }] of Object.entries(engineTable)) {
    rows[code] = { ...problemTable[problem], title, problem }
  }
  // Both tables were read whole, so every code has its row.
  return rows as Record<ErrorCode, ErrorRow>
}

/** Code → status, public sentence, OAuth error, problem code. */
export const errorTable = completeRows()

/** What is wrong with one value: where it stands, and a sentence about it. Never the value. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

export interface ErrorDetails {
  /** A sentence for whoever runs the system; shown outside only with codes below 500. */
  readonly detail?: string | undefined
  /** The claim that was at fault. */
  readonly claim?: string | undefined
  readonly errors?: readonly FieldError[] | undefined
  readonly cause?: unknown
  readonly retryAfterSeconds?: number | undefined
}

/** Everything that can be wrong with a token, a key or a request. Decide by `code`. A wrong call is a TypeError. */
export class LatchkeyError extends Error {
  readonly code: ErrorCode
  readonly status: number
  /** The public sentence of the code. */
  readonly title: string
  readonly detail: string | undefined
  readonly claim: string | undefined
  readonly errors: readonly FieldError[] | undefined
  readonly oauthError: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const row = errorTable[code]
    const { detail } = details
    super(
      detail === undefined ? row.title : `${row.title} ${detail}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.code = code
    this.status = row.status
    this.title = row.title
    this.detail = detail
    this.claim = details.claim
    this.errors = details.errors
    this.oauthError = row.oauthError
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** The problem code that stands for this error in an answer. */
  get problem(): ProblemCode {
    return errorTable[this.code].problem
  }
}

Object.defineProperty(LatchkeyError.prototype, 'name', {
  value: 'LatchkeyError',
  configurable: true,
  writable: true,
})
