// What may be an HMAC secret. The kind of a key is stated by the caller; material of another kind handed over as a
// secret is how public keys became HMAC keys elsewhere (CVE-2016-10555, CVE-2023-48223, GHSA-g3jj-5cmm-3hxx).
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { LatchkeyError } from '../base/errors.ts'
import type { Algorithm } from './algorithms.ts'

const pemMarker = Buffer.from('-----BEGIN')
const der = 0x30

/**
 * The bytes of a secret. Throws a TypeError for text or bytes that are a PEM, a DER or a JWK under any prefix.
 */
export function secretBytes(secret: unknown): Buffer {
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new TypeError('a secret must be text or bytes')
  }
  // A copy: what the caller does to the bytes later does not change the key.
  const bytes = Buffer.from(secret as string)
  if (bytes.includes(pemMarker)) {
    throw new TypeError('this secret looks like a PEM; make a key of it with createKey({ pem }, { alg })')
  }
  if (looksLikeJwk(bytes)) {
    throw new TypeError('this secret looks like a JWK; make a key of it with createKey({ jwk })')
  }
  if (isDer(bytes) || isDer(Buffer.from(bytes.toString('latin1'), 'base64'))) {
    throw new TypeError(
      'this secret is a key in DER; make a key of it with createKey(crypto.createPublicKey(...), { alg })',
    )
  }
  return bytes
}

/** `"kty":` or `"keys":`, whatever stands before them; in JSON within JSON and with escaped letters too. */
function looksLikeJwk(bytes: Buffer): boolean {
  const text = bytes.toString('utf8')
  if (/"\s*(?:kty|keys)\s*\\?"\s*:/.test(text)) return true
  return /^\ufeff?\s*[{["]/.test(text) && text.includes('\\u00')
}

/** The bytes of a key, or their base64, which is a PEM without its two lines. */
function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== der) return false
  for (const type of ['spki', 'pkcs1'] as const) {
    if (parses(() => createPublicKey({ key: bytes, format: 'der', type }))) return true
  }
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    if (parses(() => createPrivateKey({ key: bytes, format: 'der', type }))) return true
  }
  return false
}

function parses(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

let warned = false

/** RFC 7518 3.2: a secret is as long as its hash, 32, 48 or 64 bytes. Throws `key_too_weak`. */
export function requireStrongSecret(bytes: Buffer, alg: Algorithm, hashBytes: number): void {
  if (bytes.length < hashBytes) {
    throw new LatchkeyError('key_too_weak', {
      detail:
        (bytes.length === 0 ? 'The secret is empty. ' : '') +
        `${alg} needs a secret of ${hashBytes} bytes or more. Make one with: ` +
        `node -p "crypto.randomBytes(${hashBytes}).toString('base64url')"`,
    })
  }
  if (!warned && new Set(bytes).size < 8) {
    warned = true
    process.emitWarning('an HMAC secret has fewer than 8 different bytes; make one at random', {
      type: 'LatchkeyWarning',
      code: 'LATCHKEY_LOW_ENTROPY_SECRET',
    })
  }
}
