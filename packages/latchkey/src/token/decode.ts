// Reading a token without judging it. Nothing in the result may be believed: no key was asked, no time was looked at.
import { decodeBase64url } from '../base/base64url.ts'
import { type JsonObject, parseStrictObject } from '../base/json.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'

/** A token's parts, none of them proven. */
export interface UnverifiedToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly signature: string
}

/** What `decode` gives. */
export interface DecodeOptions {
  /** Header and signature too. */
  readonly complete?: boolean | undefined
  /** Known for those who come from elsewhere: claims are always JSON here. */
  readonly json?: boolean | undefined
}

const mostTokenLength = 1_048_576

/**
 * The claims of a token, unverified: for logs and debugging, never for a decision. null when it is not a JWT in
 * compact form. With `complete`, header and signature too.
 */
export function decode(
  token: string,
  options: DecodeOptions & { readonly complete: true },
): UnverifiedToken | null
/** Without `complete`: the claims alone, unverified. */
export function decode(token: string, options?: DecodeOptions): Readonly<Record<string, unknown>> | null
export function decode(
  token: string,
  options: DecodeOptions = {},
): UnverifiedToken | UnverifiedToken['payload'] | null {
  refuseUnknownOptions('decode', options, ['complete', 'json'])
  if (typeof token !== 'string' || token.length > mostTokenLength) return null
  const parts = token.split('.', 4)
  const [first, second, signature] = parts
  if (parts.length !== 3 || first === undefined || second === undefined || signature === undefined)
    return null
  const header = readObject(first)
  const payload = readObject(second)
  if (header === undefined || payload === undefined) return null
  if (signature !== '' && decodeBase64url(signature) === undefined) return null
  return options.complete === true ? { header, payload, signature } : payload
}

function readObject(segment: string): JsonObject | undefined {
  const bytes = decodeBase64url(segment)
  return bytes === undefined ? undefined : parseStrictObject(bytes, bytes.length)
}
