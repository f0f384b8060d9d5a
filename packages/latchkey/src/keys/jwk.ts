// JSON Web Keys (RFC 7517, 7518 6, 8037 2, 9964): strict in, canonical out. Coordinates have their full length,
// values their one spelling, private members never leave with a public key.
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, sign, verify } from 'node:crypto'
import { decodeBase64url } from '../base/base64url.ts'
import { LatchkeyError } from '../base/errors.ts'
import { type Algorithm, type AlgorithmRow, algorithmNames, algorithms, isAlgorithm } from './algorithms.ts'
import { isRsaPair } from './rsa-pair.ts'
import { requireStrongRsa } from './rsa-strength.ts'
import { secretBytes } from './secret.ts'
import { isSupported } from './support.ts'

/** A JWK as it comes in. Members that are not known are ignored (RFC 7517 4). */
export interface Jwk {
  readonly kty: string
  readonly [member: string]: unknown
}

/** A public key as it goes out. */
export interface PublicJwk extends Jwk {
  readonly alg: Algorithm
  readonly use: 'sig'
}

/** A private key or a secret as it goes out: to be wrapped before it is stored. */
export interface PrivateJwk extends Jwk {
  readonly alg: Algorithm
}

export interface ReadJwk {
  readonly alg: Algorithm
  readonly verifying: KeyObject
  readonly signing: KeyObject | undefined
  readonly secret?: Buffer
  readonly maySign: boolean
  readonly mayVerify: boolean
}

/** The members of a key type: those that make the public key, and those that must not be seen. */
const members: Readonly<
  Record<string, { readonly open: readonly string[]; readonly hidden: readonly string[] }>
> = {
  RSA: { open: ['n', 'e'], hidden: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  EC: { open: ['crv', 'x', 'y'], hidden: ['d'] },
  OKP: { open: ['crv', 'x'], hidden: ['d'] },
  AKP: { open: ['pub'], hidden: ['priv'] },
  oct: { open: [], hidden: ['k'] },
}

function invalid(detail: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('key_invalid', { detail, cause })
}

/**
 * Reads a JWK. `wanted` is the algorithm that the caller binds the key to; without it the JWK's own `alg` counts,
 * or the only one that its curve has. Throws LatchkeyError `key_invalid`, `key_too_weak`, `key_mismatch`,
 * `key_unsupported`; a TypeError where nothing says which algorithm the key is for.
 */
export function readJwk(jwk: Jwk, wanted: Algorithm | undefined): ReadJwk {
  const shape = Object.hasOwn(members, jwk.kty) ? members[jwk.kty] : undefined
  if (shape === undefined) throw invalid('The kty of the JWK is none of RSA, EC, OKP, AKP, oct.')
  const alg = algorithmOfJwk(jwk, wanted)
  const row = algorithms[alg]
  if (row.kty !== jwk.kty)
    throw new LatchkeyError('key_mismatch', { detail: `${alg} takes no ${jwk.kty} key.` })
  const uses = usesOf(jwk)
  if (row.kty === 'oct') {
    const secret = secretBytes(bytesOf(jwk, 'k'))
    // An empty secret has no KeyObject; its length is judged by who asked.
    const object = createSecretKey(secret)
    return { alg, verifying: object, signing: object, secret, ...uses }
  }
  requireShape(jwk, row)
  const hasPrivate = shape.hidden.some(name => jwk[name] !== undefined)
  const material = pick(jwk, hasPrivate ? [...shape.open, ...shape.hidden] : shape.open)
  try {
    const signing = hasPrivate ? createPrivateKey({ key: material, format: 'jwk' }) : undefined
    const verifying = createPublicKey({ key: pick(jwk, shape.open), format: 'jwk' })
    if (signing !== undefined) requireOnePair(signing, verifying, row)
    return { alg, verifying, signing, ...uses }
  } catch (cause) {
    if (cause instanceof LatchkeyError) throw cause
    if (!isSupported(alg)) throw new LatchkeyError('key_unsupported', { detail: `It lacks ${alg}.`, cause })
    throw invalid('The JWK is not a key.', cause)
  }
}

function pick(jwk: Jwk, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = { kty: jwk.kty }
  for (const name of jwk.kty === 'AKP' ? ['alg', ...names] : names) {
    const value = jwk[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw invalid(`The member ${name} of the JWK must be text.`)
    // Node would read other spellings too.
    if (name !== 'crv' && name !== 'alg') bytesOf(jwk, name)
    picked[name] = value
  }
  return picked
}

const probe = Buffer.from('what one half signs, the other verifies')

/**
 * A pair whose halves do not belong together signs what nobody verifies: it is refused when it comes in. OpenSSL takes
 * both halves of an EC key as they are written, so that only a signature tells.
 */
function requireOnePair(signing: KeyObject, verifying: KeyObject, row: AlgorithmRow): void {
  const hash = 'hash' in row ? row.hash : null
  if (!verify(hash, probe, verifying, sign(hash, probe, signing))) {
    throw invalid('The private and the public members of the JWK do not belong together.')
  }
}

function algorithmOfJwk(jwk: Jwk, wanted: Algorithm | undefined): Algorithm {
  const { alg } = jwk
  if (alg === undefined) {
    const only = wanted ?? onlyAlgorithmOf(jwk.kty, jwk['crv'])
    if (only === undefined)
      throw new TypeError(`this ${jwk.kty} key does not say its algorithm: pass { alg }`)
    return only
  }
  if (!isAlgorithm(alg))
    throw new LatchkeyError('key_mismatch', { detail: 'The alg of the JWK is not a known one.' })
  // `EdDSA` is the old name of both; the caller may state the full one (RFC 9864 2.2).
  if (wanted !== undefined && wanted !== alg && !isEdDsaPair(wanted, alg)) {
    throw new LatchkeyError('key_mismatch', { detail: `The JWK is for ${alg}, not for ${wanted}.` })
  }
  return wanted ?? alg
}

function isEdDsaPair(a: Algorithm, b: Algorithm): boolean {
  const rows = [algorithms[a], algorithms[b]]
  return rows.every(row => row.kty === 'OKP') && (a === 'EdDSA' || b === 'EdDSA')
}

/** The one algorithm that a curve serves; undefined where there is a choice. */
export function onlyAlgorithmOf(kty: string, curve: unknown): Algorithm | undefined {
  return algorithmNames.find(name => {
    const row = algorithms[name]
    if (row.kty !== kty) return false
    if (row.kty === 'EC') return row.crv === curve
    return row.kty === 'OKP' && typeof curve === 'string' && Object.hasOwn(row.kinds, curve)
  })
}

/** RFC 7517 4.2 and 4.3: a key for encryption never verifies, and operations are kept to. */
function usesOf(jwk: Jwk): { maySign: boolean; mayVerify: boolean } {
  const use = jwk['use']
  const operations = jwk['key_ops']
  if (use !== undefined && use !== 'sig') throw invalid('The use of the JWK is not sig.')
  if (operations === undefined) return { maySign: true, mayVerify: true }
  if (!Array.isArray(operations) || new Set(operations).size !== operations.length) {
    throw invalid('The key_ops of the JWK must be a list without repetition.')
  }
  const uses = { maySign: operations.includes('sign'), mayVerify: operations.includes('verify') }
  if (!uses.maySign && !uses.mayVerify) throw invalid('The key_ops of the JWK allow neither sign nor verify.')
  return uses
}

function bytesOf(jwk: Jwk, name: string): Buffer {
  const value = jwk[name]
  const bytes = typeof value === 'string' ? decodeBase64url(value) : undefined
  if (bytes === undefined) throw invalid(`The member ${name} of the JWK must be base64url text.`)
  return bytes
}

/** A number of an RSA key: as few bytes as it needs (RFC 7518 2, Base64urlUInt). */
function numberOf(jwk: Jwk, name: string): Buffer {
  const bytes = bytesOf(jwk, name)
  if (bytes[0] === 0 && bytes.length > 1)
    throw invalid(`The member ${name} of the JWK must not begin with a zero byte.`)
  return bytes
}

/** Sizes and curves (RFC 7518 6.2.1, 6.3; RFC 8037 2; RFC 9964 3). That a point is on its curve OpenSSL checks. */
function requireShape(jwk: Jwk, row: Exclude<AlgorithmRow, { kty: 'oct' }>): void {
  if (row.kty === 'RSA') {
    if (jwk['oth'] !== undefined) throw invalid('RSA keys of more than two primes are not supported.')
    requireStrongRsa(numberOf(jwk, 'n'), numberOf(jwk, 'e'))
    if (jwk['d'] !== undefined && !isRsaPair(name => numberOf(jwk, name)))
      throw invalid('The numbers of the private RSA key do not belong together.')
    return
  }
  if (row.kty === 'EC') {
    if (jwk['crv'] !== row.crv) throw mismatch(`The curve of this key is not ${row.crv}.`)
    for (const name of jwk['d'] === undefined ? ['x', 'y'] : ['x', 'y', 'd']) {
      requireLength(jwk, name, row.coordinateBytes)
    }
    return
  }
  const kindName = row.kty === 'OKP' ? jwk['crv'] : jwk['alg']
  const kind =
    typeof kindName === 'string' && Object.hasOwn(row.kinds, kindName) ? row.kinds[kindName] : undefined
  if (kind === undefined) throw mismatch('The curve of this key does not fit its algorithm.')
  requireLength(jwk, row.kty === 'OKP' ? 'x' : 'pub', kind.publicBytes)
}

function requireLength(jwk: Jwk, name: string, bytes: number): void {
  if (bytesOf(jwk, name).length !== bytes)
    throw invalid(`The member ${name} of the JWK must have ${bytes} bytes.`)
}

function mismatch(detail: string): LatchkeyError {
  return new LatchkeyError('key_mismatch', { detail })
}

/** The public members only, whatever the object has besides. */
export function publicJwkOf(key: KeyObject, alg: Algorithm, kid: string | undefined): PublicJwk {
  return { ...exported(key, false), alg, use: 'sig', ...(kid !== undefined && { kid }) }
}

export function privateJwkOf(key: KeyObject, alg: Algorithm, kid: string | undefined): PrivateJwk {
  return { ...exported(key, true), alg, ...(kid !== undefined && { kid }) }
}

function exported(key: KeyObject, withHidden: boolean): Jwk {
  const jwk: Record<string, unknown> = { ...key.export({ format: 'jwk' }) }
  const kty = String(jwk['kty'])
  const shape = members[kty]
  if (shape === undefined) throw new LatchkeyError('key_unsupported')
  const names = withHidden ? [...shape.open, ...shape.hidden] : shape.open
  return {
    kty,
    ...Object.fromEntries(names.filter(name => jwk[name] !== undefined).map(name => [name, jwk[name]])),
  }
}
