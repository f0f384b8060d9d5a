// Making and checking signatures of a signing input (RFC 7515 5.1, 5.2) with a key, by the columns of the table of
// algorithms. Which key is tried, and what the claims say, is judged elsewhere.
import { constants, type KeyObject, type SignKeyObjectInput, sign, verify } from 'node:crypto'
import { decodeProvenSegment } from '../base/base64url.ts'
import { LatchkeyError } from '../base/errors.ts'
import type { AlgorithmRow } from '../keys/algorithms.ts'
import { type Key, materialOf } from '../keys/key.ts'
import { derOfSignature, signatureOfDer } from './ecdsa.ts'
import { hasItsCode, hmacOfScratch, hmacStateOf } from './hmac.ts'
import { ScratchView, scratchFor, textAt } from './scratch.ts'

/** How OpenSSL is asked, worked out once a key. */
export interface Scheme {
  readonly hash: string | null
  readonly verifyWith: KeyObject | SignKeyObjectInput
  readonly signWith: KeyObject | SignKeyObjectInput | undefined
  /** Of R and S each; 0 for schemes without the DER form. */
  readonly coordinateBytes: number
  readonly signatureBytes: number
  readonly signature: Buffer
  readonly input: ScratchView
}

const schemes = new WeakMap<Key, Scheme>()

export function schemeOf(key: Key): Scheme {
  const known = schemes.get(key)
  if (known !== undefined) return known
  const { row, verifying, signing } = materialOf(key)
  const signatureBytes = signatureBytesOf(row, verifying)
  const scheme: Scheme = {
    hash: 'hash' in row ? row.hash : null,
    verifyWith: withPadding(row, verifying),
    signWith: signing === undefined ? undefined : withPadding(row, signing),
    coordinateBytes: row.kty === 'EC' ? row.coordinateBytes : 0,
    signatureBytes,
    signature: Buffer.alloc(signatureBytes),
    input: new ScratchView(),
  }
  schemes.set(key, scheme)
  return scheme
}

function signatureBytesOf(row: AlgorithmRow, key: KeyObject): number {
  if (row.kty === 'EC') return row.coordinateBytes * 2
  if (row.kty === 'RSA') return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  if (row.kty === 'oct') return row.hashBytes
  const kind = Object.values(row.kinds).find(one => one.type === key.asymmetricKeyType)
  return kind?.signatureBytes ?? 0
}

/** PSS with a salt as long as the hash (RFC 7518 3.5). */
function withPadding(row: AlgorithmRow, key: KeyObject): KeyObject | SignKeyObjectInput {
  if (row.kty !== 'RSA' || row.padding !== 'pss') return key
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: row.hashBytes }
}

/** Writes text and proves that it is ASCII: no other character can then be folded into the alphabet of base64url. */
function writeAscii(scratch: Buffer, text: string): boolean {
  return scratch.write(text, textAt, 'utf8') === text.length
}

/**
 * Whether the last segment of `token` is the signature of all before it by `key`. True also proves that the token is
 * ASCII and has neither '+' nor '/'. `signedChars` is where the last dot stands.
 */
export function isSignedBy(key: Key, token: string, signedChars: number): boolean {
  const material = materialOf(key)
  if (!material.mayVerify) return false
  const scratch = scratchFor(token.length * 3)
  if (!writeAscii(scratch, token) || token.includes('+') || token.includes('/')) return false
  if (material.secret !== undefined) {
    const state = hmacStateOf(key)
    return token.length === signedChars + 1 + state.codeChars && hasItsCode(state, scratch, signedChars)
  }
  const scheme = schemeOf(key)
  return isSignatureOf(
    scheme,
    scheme.input.of(scratch, textAt, textAt + signedChars),
    token.slice(signedChars + 1),
  )
}

/** Whether a segment that is ASCII is a signature of these bytes. Its length is right, or it is none (RFC 7518 3.4). */
export function isSignatureOf(scheme: Scheme, input: Buffer, segment: string): boolean {
  if (decodeProvenSegment(segment, scheme.signature) !== scheme.signatureBytes) return false
  return verify(scheme.hash, input, scheme.verifyWith, openSslForm(scheme))
}

function openSslForm(scheme: Scheme): Buffer {
  if (scheme.coordinateBytes === 0) return scheme.signature
  return derOfSignature(scheme.signature, scheme.coordinateBytes)
}

/** The same in the thread pool. What is judged there is copied first. */
export function isSignedByLater(key: Key, token: string, signedChars: number): Promise<boolean> {
  const material = materialOf(key)
  // A code is computed faster than a thread is asked.
  if (!material.mayVerify || material.secret !== undefined)
    return Promise.resolve(isSignedBy(key, token, signedChars))
  const scratch = scratchFor(token.length * 3)
  const scheme = schemeOf(key)
  const isWritten = writeAscii(scratch, token) && !token.includes('+') && !token.includes('/')
  if (
    !isWritten ||
    decodeProvenSegment(token.slice(signedChars + 1), scheme.signature) !== scheme.signatureBytes
  ) {
    return Promise.resolve(false)
  }
  const input = Buffer.from(scratch.subarray(textAt, textAt + signedChars))
  const signature = Buffer.from(openSslForm(scheme))
  return new Promise((resolve, reject) => {
    verify(scheme.hash, input, scheme.verifyWith, signature, (error, isValid) => {
      if (error === null) resolve(isValid)
      else reject(error)
    })
  })
}

/** The signature of an ASCII signing input as base64url text. */
export function signText(key: Key, input: string): string {
  const scratch = scratchFor(input.length)
  scratch.write(input, textAt, 'latin1')
  const { secret } = materialOf(key)
  if (secret !== undefined) return hmacOfScratch(hmacStateOf(key), scratch, input.length)
  const scheme = schemeOf(key)
  const made = sign(scheme.hash, scheme.input.of(scratch, textAt, textAt + input.length), signingHalf(scheme))
  return encodeSignature(scheme, made)
}

/** The same in the thread pool: an RSA signature takes a quarter of a millisecond. */
export function signTextLater(key: Key, input: string): Promise<string> {
  const { secret } = materialOf(key)
  if (secret !== undefined) return Promise.resolve(signText(key, input))
  const scheme = schemeOf(key)
  return new Promise((resolve, reject) => {
    sign(scheme.hash, Buffer.from(input, 'latin1'), signingHalf(scheme), (error, made) => {
      if (error === null) resolve(encodeSignature(scheme, made))
      else reject(new LatchkeyError('internal_error', { detail: 'Signing failed.', cause: error }))
    })
  })
}

function signingHalf(scheme: Scheme): KeyObject | SignKeyObjectInput {
  if (scheme.signWith === undefined) throw new TypeError('a public key cannot sign')
  return scheme.signWith
}

function encodeSignature(scheme: Scheme, made: Buffer): string {
  const signature = scheme.coordinateBytes === 0 ? made : signatureOfDer(made, scheme.coordinateBytes)
  return signature.toString('base64url')
}
