// Every way in for key material. The caller states its kind; nothing is guessed from text.
import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from 'node:crypto'
import { LatchkeyError } from '../base/errors.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { type Algorithm, algorithms, requireAlgorithm } from './algorithms.ts'
import { type Jwk, readJwk } from './jwk.ts'
import { isKey, Key, type KeyParts } from './key.ts'
import { requireStrongRsa } from './rsa-strength.ts'
import { requireStrongSecret, secretBytes } from './secret.ts'
import { isSupported } from './support.ts'

/** Key material that says what it is. */
export type KeyInput =
  | { readonly secret: string | Uint8Array }
  /** A secret that may be shorter than its hash: for tokens that were made before. */
  | { readonly unsafeSecret: string | Uint8Array }
  | { readonly pem: string | Uint8Array; readonly passphrase?: string }
  | { readonly jwk: Jwk }
  | Jwk
  | KeyObject

/** What `createKey` is told beside the material. */
export interface KeyOptions {
  /** The one algorithm that the key is for. Needed for RSA keys that do not name it. */
  readonly alg?: Algorithm | undefined
  /** The key id: text of 1 to 256 characters. The one of a JWK unless given. */
  readonly kid?: string | undefined
}

const maxKidLength = 256

/**
 * Makes a key of `{ secret }`, `{ pem }`, `{ jwk }`, a KeyObject or a JWK object. A secret is for HS256 unless told
 * otherwise. Throws LatchkeyError `key_too_weak` (a short secret, an RSA key under 2048 bits, exponent 1, ROCA),
 * `key_invalid`, `key_mismatch`, `key_unsupported`; a TypeError for material of a kind that was not stated.
 * RFC 7517, 7518 3 and 6.
 */
export function createKey(material: KeyInput, options: KeyOptions = {}): Key {
  refuseUnknownOptions('createKey', options, ['alg', 'kid'])
  if (isKey(material)) throw new TypeError('createKey: this is a Key already')
  const alg = options.alg === undefined ? undefined : requireAlgorithm(options.alg, 'createKey: alg')
  const kid = options.kid === undefined ? undefined : requireKid(options.kid)
  if (material instanceof KeyObject) return new Key({ ...fromKeyObject(material, alg), kid })
  requireOneKind(material)
  if (isJwk(material)) return fromJwk(material, alg, kid)
  if ('jwk' in material) {
    if (!isJwk(material.jwk)) throw new TypeError('createKey: jwk must be an object with a kty')
    return fromJwk(material.jwk, alg, kid)
  }
  if ('secret' in material) return fromSecret(secretBytes(material.secret), alg, kid, requireStrongSecret)
  if ('unsafeSecret' in material)
    return fromSecret(secretBytes(material.unsafeSecret), alg, kid, requireNotEmpty)
  // One kind was stated, and it is none of those above.
  return new Key({ ...fromKeyObject(readPem(material as { pem: unknown }, alg), alg), kid })
}

const kinds = ['kty', 'jwk', 'secret', 'unsafeSecret', 'pem']

/** Material of two kinds would be read as one of them, and nobody knows which was meant. */
function requireOneKind(material: unknown): void {
  const isObject = typeof material === 'object' && material !== null
  if (isObject && kinds.filter(kind => kind in material).length === 1) return
  throw new TypeError('createKey: state what the material is: { secret }, { pem }, { jwk }, or a KeyObject')
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string'
}

function isKid(kid: unknown): kid is string {
  return typeof kid === 'string' && kid.length > 0 && kid.length <= maxKidLength && kid.isWellFormed()
}

/** A key id is an opaque name: text of 1 to 256 characters. It never becomes a path, a query or a URL. */
function requireKid(kid: unknown): string {
  if (isKid(kid)) return kid
  throw new TypeError(`createKey: kid must be text of 1 to ${maxKidLength} characters`)
}

type RequireSecret = (bytes: Buffer, alg: Algorithm, hashBytes: number) => void

function fromSecret(
  bytes: Buffer,
  alg: Algorithm = 'HS256',
  kid: string | undefined,
  check: RequireSecret,
): Key {
  const row = algorithms[alg]
  if (row.kty !== 'oct') throw new LatchkeyError('key_mismatch', { detail: `${alg} takes no secret.` })
  check(bytes, alg, row.hashBytes)
  const object = createSecretKey(bytes)
  return new Key({
    alg,
    kid,
    verifying: object,
    signing: object,
    secret: bytes,
    maySign: true,
    mayVerify: true,
  })
}

function requireNotEmpty(bytes: Buffer): void {
  if (bytes.length === 0) throw new LatchkeyError('key_too_weak', { detail: 'The secret is empty.' })
}

function fromJwk(jwk: Jwk, alg: Algorithm | undefined, kid: string | undefined): Key {
  const read = readJwk(jwk, alg)
  const row = algorithms[read.alg]
  if (row.kty === 'oct' && read.secret !== undefined)
    requireStrongSecret(read.secret, read.alg, row.hashBytes)
  const own = jwk['kid']
  if (own !== undefined && !isKid(own)) {
    throw new LatchkeyError('key_invalid', {
      detail: `The kid of a JWK is text of 1 to ${maxKidLength} characters.`,
    })
  }
  return new Key({ ...read, kid: kid ?? own })
}

function readPem(
  { pem, passphrase }: { pem: unknown; passphrase?: unknown },
  wanted: Algorithm | undefined,
): KeyObject {
  if (typeof pem !== 'string' && !(pem instanceof Uint8Array))
    throw new TypeError('createKey: pem must be text or bytes')
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1')
  if (passphrase !== undefined && typeof passphrase !== 'string')
    throw new TypeError('createKey: passphrase must be text')
  // The first block that is a key or a certificate: parameters of a curve may stand before it.
  const block = /-----BEGIN (?:(?:[A-Z0-9]+ ){0,3}(PRIVATE|PUBLIC) KEY|CERTIFICATE)-----/.exec(text)
  if (block === null)
    throw new LatchkeyError('key_invalid', { detail: 'There is no PEM of a key in this text.' })
  try {
    if (block[1] !== 'PRIVATE') return createPublicKey(text)
    return createPrivateKey(passphrase === undefined ? text : { key: text, passphrase })
  } catch (cause) {
    if (wanted !== undefined && !isSupported(wanted))
      throw new LatchkeyError('key_unsupported', { detail: `It lacks ${wanted}.`, cause })
    throw new LatchkeyError('key_invalid', { detail: 'The PEM cannot be read.', cause })
  }
}

function fromKeyObject(object: KeyObject, wanted: Algorithm | undefined): Omit<KeyParts, 'kid'> {
  if (object.type === 'secret') {
    const secret = secretBytes(object.export())
    const alg = wanted ?? 'HS256'
    const row = algorithms[alg]
    if (row.kty !== 'oct') throw new LatchkeyError('key_mismatch', { detail: `${alg} takes no secret.` })
    requireStrongSecret(secret, alg, row.hashBytes)
    return { alg, verifying: object, signing: object, secret, maySign: true, mayVerify: true }
  }
  const alg = wanted ?? algorithmOfKeyObject(object)
  requireKindOf(object, alg)
  const isPrivate = object.type === 'private'
  return {
    alg,
    verifying: isPrivate ? createPublicKey(object) : object,
    signing: isPrivate ? object : undefined,
    maySign: true,
    mayVerify: true,
  }
}

function algorithmOfKeyObject(object: KeyObject): Algorithm {
  for (const [name, row] of Object.entries(algorithms)) {
    const fits =
      row.kty === 'EC'
        ? object.asymmetricKeyType === 'ec' && object.asymmetricKeyDetails?.namedCurve === row.curve
        : 'kinds' in row && Object.values(row.kinds).some(kind => kind.type === object.asymmetricKeyType)
    // The names are those of the table that Object.entries read.
    if (fits) return name as Algorithm
  }
  throw new TypeError(
    `createKey: this ${object.asymmetricKeyType ?? ''} key does not say its algorithm: pass { alg }`,
  )
}

/** CVE-2022-23539: each kind of key with its own algorithms only. */
function requireKindOf(object: KeyObject, alg: Algorithm): void {
  const row = algorithms[alg]
  const kind = object.asymmetricKeyType
  const details = object.asymmetricKeyDetails ?? {}
  const mismatch = new LatchkeyError('key_mismatch', {
    detail: `A key of the kind ${kind} is not for ${alg}.`,
  })
  if (row.kty === 'oct') throw mismatch
  if (row.kty === 'EC') {
    if (kind !== 'ec' || details.namedCurve !== row.curve) throw mismatch
    return
  }
  if (row.kty === 'RSA') {
    const fitsPss = row.padding === 'pss' && kind === 'rsa-pss'
    if (kind !== 'rsa' && !fitsPss) throw mismatch
    if (kind === 'rsa-pss') {
      const { hashAlgorithm = row.hash, mgf1HashAlgorithm = row.hash, saltLength = 0 } = details
      if (hashAlgorithm !== row.hash || mgf1HashAlgorithm !== row.hash || saltLength > row.hashBytes)
        throw mismatch
    }
    const { modulus, exponent } = rsaNumbers(object)
    requireStrongRsa(modulus, exponent)
    return
  }
  if (!Object.values(row.kinds).some(one => one.type === kind)) throw mismatch
}

function rsaNumbers(object: KeyObject): { modulus: Buffer; exponent: Buffer } {
  // A PSS key has no JWK form; its bare numbers do, read from PKCS #1 under SPKI.
  const open = object.type === 'private' ? createPublicKey(object) : object
  if (open.asymmetricKeyType === 'rsa') {
    const { n = '', e = '' } = open.export({ format: 'jwk' })
    return { modulus: Buffer.from(n, 'base64url'), exponent: Buffer.from(e, 'base64url') }
  }
  return numbersOfSpki(open.export({ format: 'der', type: 'spki' }))
}

/** SubjectPublicKeyInfo → BIT STRING → RSAPublicKey → its two INTEGERs (RFC 8017 A.1.1). */
function numbersOfSpki(spki: Buffer): { modulus: Buffer; exponent: Buffer } {
  const outer = derValue(spki, 0)
  const bits = derValue(spki, derValue(spki, outer.start).end)
  // The first byte of a BIT STRING counts unused bits: none here.
  const pair = derValue(spki, bits.start + 1)
  const modulus = derValue(spki, pair.start)
  const exponent = derValue(spki, modulus.end)
  return {
    modulus: spki.subarray(modulus.start, modulus.end),
    exponent: spki.subarray(exponent.start, exponent.end),
  }
}

function derValue(bytes: Buffer, at: number): { start: number; end: number } {
  const first = bytes[at + 1] ?? 0
  if (first < 0x80) return { start: at + 2, end: at + 2 + first }
  const size = first & 0x7f
  const start = at + 2 + size
  return { start, end: start + bytes.readUIntBE(at + 2, size) }
}
