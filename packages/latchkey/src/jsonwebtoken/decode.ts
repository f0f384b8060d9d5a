// Reads a token without checking anything: what comes back may have been written by anybody.
import type { DecodeOptions, Jwt, JwtHeader, JwtPayload } from './options.ts'

/** The three parts as read; `payload` is whatever the token holds. */
export interface ReadToken {
  readonly header: JwtHeader
  readonly payload: unknown
  readonly signature: string
}

const compactForm = /^[\w-]+\.[\w-]+\.[\w-]*$/

/** All three parts as they are written, unproven; null when it is not a token. */
export function decode(token: string, options: DecodeOptions & { complete: true }): null | Jwt
/** The payload, which must be JSON: a SyntaxError otherwise. */
export function decode(token: string, options: DecodeOptions & { json: true }): null | JwtPayload
/**
 * The payload, or with `complete` header, payload and signature; null when it is not a token. Trusts nothing and
 * proves nothing. Throws a SyntaxError when a payload that must be JSON is not.
 */
export function decode(token: string, options?: DecodeOptions): null | JwtPayload | string
export function decode(token: string, options?: DecodeOptions): unknown {
  const read = readToken(token, options?.json)
  if (read === undefined) return null
  return options?.complete === true ? read : read.payload
}

/** As `decode` with `complete`; undefined when it is not a token. */
export function readToken(token: unknown, json: unknown): ReadToken | undefined {
  const text = textOf(token)
  if (typeof text !== 'string' || !compactForm.test(text)) return undefined
  const [first = '', second = '', signature = ''] = text.split('.')
  const header = parsedOr(undefined, Buffer.from(first, 'base64url').toString('latin1'))
  if (!header) return undefined
  // The cast is a promise that nobody keeps: the header is as untrusted as the rest.
  const typed = header as JwtHeader
  const payload = Buffer.from(second, 'base64url').toString()
  const value: unknown = typed.typ === 'JWT' || json ? JSON.parse(payload) : payload
  return { header: typed, payload: typeof value === 'string' ? objectOr(value) : value, signature }
}

function objectOr(text: string): unknown {
  const value = parsedOr(undefined, text)
  return typeof value === 'object' && value !== null ? value : text
}

function parsedOr(fallback: undefined, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fallback
  }
}

/** How the old library turns a value into text before it is encoded or read. Undefined for what JSON can't hold. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || Buffer.isBuffer(value)) return value.toString()
  return JSON.stringify(value)
}
