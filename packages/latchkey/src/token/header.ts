// The header of a token: read strictly, checked against the rules of one verifier, and remembered by its exact text
// once a signature over it was valid. Nothing in it ever chooses a key but `alg` and `kid` (RFC 8725 3.10).
import { decodeBase64url } from '../base/base64url.ts'
import { parseStrictObject } from '../base/json.ts'
import { isAlgorithm } from '../keys/algorithms.ts'
import { type Header, Refusal } from './verdict.ts'

const maxKidLength = 256

export interface HeaderRules {
  /** The allow-list; undefined where the keys, each bound to one algorithm, are it. */
  readonly algorithms: readonly string[] | undefined
  /** Accepted media types in their short lower-case form, '' for an absent one; undefined where none is asked for. */
  readonly types: readonly string[] | undefined
}

/** Reads and checks a header segment. */
export function readHeader(segment: string, rules: HeaderRules): Header | Refusal {
  const bytes = decodeBase64url(segment)
  const header = bytes === undefined ? undefined : parseStrictObject(bytes, bytes.length)
  if (header === undefined) return new Refusal('token_malformed')
  const { alg, kid, typ, cty, crit, b64 } = header
  // Case counts, and `none` is no algorithm (RFC 7515 4.1.1, RFC 8725 3.2).
  if (!isAlgorithm(alg)) return new Refusal('alg_not_allowed')
  if (rules.algorithms !== undefined && !rules.algorithms.includes(alg)) return new Refusal('alg_not_allowed')
  // No extension is understood here, so every `crit` is refused, an empty or malformed one too (RFC 7515 4.1.11).
  // An unencoded payload is never a JWT (RFC 7797 7).
  if (crit !== undefined || b64 !== undefined) return new Refusal('crit_unsupported')
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength))
    return new Refusal('header_invalid')
  if (typ !== undefined && typeof typ !== 'string') return new Refusal('header_invalid')
  if (cty !== undefined && typeof cty !== 'string') return new Refusal('header_invalid')
  const type = shortMediaType(typ ?? '')
  // A type that is written and empty is not an absent one.
  const isEmpty = type === '' && typ !== undefined
  if (rules.types !== undefined && (isEmpty || !rules.types.includes(type)))
    return new Refusal('typ_mismatch')
  // Its members were checked above.
  freezeParsed(header)
  return header as Header
}

/** `application/at+jwt`, `AT+JWT` and `at+jwt` are one type (RFC 7515 4.1.9). */
export function shortMediaType(typ: string): string {
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') && !lower.includes('/', 12) ? lower.slice(12) : lower
}

/** Freezes what JSON.parse has just made, at every depth. */
export function freezeParsed(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const member of Object.values(value)) freezeParsed(member)
}

/**
 * Freezes plain data of anybody's making at every depth, what is frozen at its surface already too. False when
 * something in it cannot be frozen whole, such as a Date, a Map or a function.
 */
export function freezePlain(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null || seen.has(value)) return true
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false
  seen.add(value)
  Object.freeze(value)
  for (const member of Object.values(value)) if (!freezePlain(member, seen)) return false
  return true
}

/** A slice is slow to compare, and keeps the token alive that it was cut from. */
function copyOf(slice: string): string {
  return Buffer.from(slice, 'latin1').toString('latin1')
}

/** Headers that stood over a valid signature, by their text with the dot behind it. */
export class KnownHeaders {
  readonly #known = new Map<string, Header>()
  #lastText = ' '
  #last: Header | undefined

  /** The header that `token` begins with, when it is known. Its text ends with the first dot. */
  find(token: string, firstDot: number): Header | undefined {
    if (
      this.#last !== undefined &&
      this.#lastText.length === firstDot + 1 &&
      token.startsWith(this.#lastText)
    ) {
      return this.#last
    }
    const text = token.slice(0, firstDot + 1)
    const header = this.#known.get(text)
    if (header !== undefined) {
      this.#lastText = copyOf(text)
      this.#last = header
    }
    return header
  }

  remember(token: string, firstDot: number, header: Header): void {
    if (this.#known.size >= 256) this.clear()
    this.#known.set(copyOf(token.slice(0, firstDot + 1)), header)
  }

  clear(): void {
    this.#known.clear()
    this.#last = undefined
    this.#lastText = ' '
  }
}
