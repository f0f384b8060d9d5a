// The shapes of the old library's calls, so that code typed for it compiles unchanged. Types only.
import type { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto'

export type Algorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'none'

/** What may stand in a claim: anything that JSON can hold, typed as `JSON.parse` types it. */
type ClaimValue = ReturnType<typeof JSON.parse>

export interface JwtHeader {
  alg: string
  typ?: string | undefined
  cty?: string | undefined
  crit?: string[] | undefined
  kid?: string | undefined
  jku?: string | undefined
  x5u?: string | string[] | undefined
  'x5t#S256'?: string | undefined
  x5t?: string | undefined
  x5c?: string | string[] | undefined
}

export interface JwtPayload {
  [claim: string]: ClaimValue
  iss?: string | undefined
  sub?: string | undefined
  aud?: string | string[] | undefined
  exp?: number | undefined
  nbf?: number | undefined
  iat?: number | undefined
  jti?: string | undefined
}

export interface Jwt {
  header: JwtHeader
  payload: JwtPayload | string
  signature: string
}

export type Secret = string | Buffer | KeyObject | { key: string | Buffer; passphrase: string }
export type PrivateKey = Parameters<typeof createPrivateKey>[0]
export type PublicKey = Parameters<typeof createPublicKey>[0]

export interface SignOptions {
  algorithm?: Algorithm | undefined
  keyid?: string | undefined
  /** Seconds, or a timespan such as `'1h'`; a text without a unit is milliseconds. */
  expiresIn?: string | number | undefined
  /** Seconds, or a timespan such as `'1h'`; a text without a unit is milliseconds. */
  notBefore?: string | number | undefined
  audience?: string | string[] | undefined
  subject?: string | undefined
  issuer?: string | undefined
  jwtid?: string | undefined
  mutatePayload?: boolean | undefined
  noTimestamp?: boolean | undefined
  header?: JwtHeader | undefined
  encoding?: string | undefined
  allowInsecureKeySizes?: boolean | undefined
  allowInvalidAsymmetricKeyTypes?: boolean | undefined
}

export interface VerifyOptions {
  algorithms?: Algorithm[] | undefined
  audience?: string | RegExp | [string | RegExp, ...(string | RegExp)[]] | undefined
  /** Whole seconds since 1970, instead of the machine's clock. */
  clockTimestamp?: number | undefined
  /** Seconds. */
  clockTolerance?: number | undefined
  complete?: boolean | undefined
  issuer?: string | [string, ...string[]] | undefined
  ignoreExpiration?: boolean | undefined
  ignoreNotBefore?: boolean | undefined
  jwtid?: string | undefined
  nonce?: string | undefined
  subject?: string | undefined
  /** Seconds, or a timespan such as `'1h'`. */
  maxAge?: string | number | undefined
  allowInvalidAsymmetricKeyTypes?: boolean | undefined
}

export interface DecodeOptions {
  complete?: boolean | undefined
  json?: boolean | undefined
}

export type SignCallback = (error: Error | null, encoded?: string | undefined) => void
export type SigningKeyCallback = (error: Error | null, signingKey?: Secret | PublicKey) => void
export type GetPublicKeyOrSecret = (header: JwtHeader, callback: SigningKeyCallback) => void
