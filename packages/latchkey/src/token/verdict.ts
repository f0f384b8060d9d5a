// What judging a token comes to: its claims, or one reason. Plain values, because an exception costs more than the
// judgement; the error is made when somebody asks for it.
import { type ErrorCode, type FieldError, LatchkeyError } from '../base/errors.ts'
import type { KeyQuery } from '../keys/key-set.ts'

/** The header of a token whose signature was valid (RFC 7515 4). */
export interface Header extends KeyQuery {
  readonly alg: string
  readonly kid?: string | undefined
  readonly typ?: string | undefined
  readonly [member: string]: unknown
}

/** The claims of a token (RFC 7519 4.1). Registered ones are checked; all others are `unknown` until you look. */
export interface Claims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly [claim: string]: unknown
}

/** What a token itself says, its signature proven. */
export interface SignedToken {
  readonly claims: Claims
  readonly header: Header
}

/** A token that holds. */
export interface Verified<Payload = Claims> {
  readonly ok: true
  readonly claims: Payload
  readonly header: Header
}

/** A token that does not hold, and why. Nothing of it may be believed. */
export interface Refused {
  readonly ok: false
  readonly code: ErrorCode
  /** The claim that was at fault, where one was. */
  readonly claim: string | undefined
  /** Made when it is first read. */
  readonly error: LatchkeyError
}

/** What judging a token comes to: look at `ok`. */
export type Verdict<Payload = Claims> = Verified<Payload> | Refused

export interface Reason {
  readonly claim?: string
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  readonly error?: LatchkeyError
}

const noReason: Reason = Object.freeze({})

/** A refusal that makes its error on demand. */
export class Refusal implements Refused {
  readonly ok = false
  readonly code: ErrorCode
  readonly #reason: Reason
  #error: LatchkeyError | undefined

  constructor(code: ErrorCode, reason: Reason = noReason) {
    this.code = code
    this.#reason = reason
    this.#error = reason.error
  }

  get claim(): string | undefined {
    return this.#reason.claim
  }

  get error(): LatchkeyError {
    this.#error ??= new LatchkeyError(this.code, this.#reason)
    return this.#error
  }
}

/** A failure of something that judging called, as a refusal: never as an admission. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof LatchkeyError) return new Refusal(error.code, { error })
  return new Refusal('internal_error', { error: new LatchkeyError('internal_error', { cause: error }) })
}
