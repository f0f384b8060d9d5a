// The thumbprint of a key (RFC 7638 3): the hash of its required members, in order, without whitespace.
import { createHash } from 'node:crypto'
import { LatchkeyError } from '../base/errors.ts'
import type { Jwk } from './jwk.ts'
import { isKey, type Key, materialOf } from './key.ts'

/** Required members in lexicographic order (RFC 7638 3.2, RFC 8037 2, RFC 9964 6). */
const required: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
  AKP: ['alg', 'kty', 'pub'],
  oct: ['k', 'kty'],
}

/**
 * The thumbprint of a key or a JWK as base64url text. The thumbprint of a short secret gives the secret away
 * (RFC 7638 7). Throws LatchkeyError `key_invalid` when a required member is missing.
 */
export function thumbprint(key: Key | Jwk, hash: 'sha256' | 'sha384' | 'sha512' = 'sha256'): string {
  const jwk: Jwk = isKey(key) ? jwkOf(key) : key
  const names =
    typeof jwk === 'object' && jwk !== null && Object.hasOwn(required, jwk.kty)
      ? required[jwk.kty]
      : undefined
  if (names === undefined) throw new LatchkeyError('key_invalid', { detail: 'The JWK has no known kty.' })
  const members = names.map(name => {
    const value = jwk[name]
    if (typeof value !== 'string')
      throw new LatchkeyError('key_invalid', { detail: `The JWK has no ${name}.` })
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`
  })
  return createHash(hash)
    .update(`{${members.join(',')}}`, 'utf8')
    .digest('base64url')
}

function jwkOf(key: Key): Jwk {
  const { secret } = materialOf(key)
  return secret === undefined ? key.toJwk() : { kty: 'oct', k: secret.toString('base64url') }
}
