// THE table of algorithms (RFC 7518 3.1, 8037, 8812, 9864, 9964). Nobody else switches on a name: what varies from
// one algorithm to the next is a column here. `none` has no row and cannot get one.

interface HmacRow {
  readonly kty: 'oct'
  readonly hash: string
  readonly hashBytes: number
  readonly blockBytes: number
}
interface RsaRow {
  readonly kty: 'RSA'
  readonly hash: string
  readonly hashBytes: number
  readonly padding: 'pkcs1' | 'pss'
}
interface EcRow {
  readonly kty: 'EC'
  readonly hash: string
  readonly crv: string
  /** The curve's name in OpenSSL. */
  readonly curve: string
  readonly coordinateBytes: number
}
interface PlainRow {
  readonly kty: 'OKP' | 'AKP'
  /** crv (of an AKP key: its alg) → the kind of key in OpenSSL, and how long public key and signature are. */
  readonly kinds: Readonly<
    Record<string, { readonly type: string; readonly publicBytes: number; readonly signatureBytes: number }>
  >
  /** Accepted under this name only where it was asked for (RFC 9864 4.1.2). */
  readonly deprecated?: true
}
export type AlgorithmRow = HmacRow | RsaRow | EcRow | PlainRow

const ed25519 = { type: 'ed25519', publicBytes: 32, signatureBytes: 64 }
const ed448 = { type: 'ed448', publicBytes: 57, signatureBytes: 114 }

const table = {
  HS256: { kty: 'oct', hash: 'sha256', hashBytes: 32, blockBytes: 64 },
  HS384: { kty: 'oct', hash: 'sha384', hashBytes: 48, blockBytes: 128 },
  HS512: { kty: 'oct', hash: 'sha512', hashBytes: 64, blockBytes: 128 },
  RS256: { kty: 'RSA', hash: 'sha256', hashBytes: 32, padding: 'pkcs1' },
  RS384: { kty: 'RSA', hash: 'sha384', hashBytes: 48, padding: 'pkcs1' },
  RS512: { kty: 'RSA', hash: 'sha512', hashBytes: 64, padding: 'pkcs1' },
  PS256: { kty: 'RSA', hash: 'sha256', hashBytes: 32, padding: 'pss' },
  PS384: { kty: 'RSA', hash: 'sha384', hashBytes: 48, padding: 'pss' },
  PS512: { kty: 'RSA', hash: 'sha512', hashBytes: 64, padding: 'pss' },
  ES256: { kty: 'EC', hash: 'sha256', crv: 'P-256', curve: 'prime256v1', coordinateBytes: 32 },
  ES384: { kty: 'EC', hash: 'sha384', crv: 'P-384', curve: 'secp384r1', coordinateBytes: 48 },
  ES512: { kty: 'EC', hash: 'sha512', crv: 'P-521', curve: 'secp521r1', coordinateBytes: 66 },
  ES256K: { kty: 'EC', hash: 'sha256', crv: 'secp256k1', curve: 'secp256k1', coordinateBytes: 32 },
  Ed25519: { kty: 'OKP', kinds: { Ed25519: ed25519 } },
  Ed448: { kty: 'OKP', kinds: { Ed448: ed448 } },
  EdDSA: { kty: 'OKP', kinds: { Ed25519: ed25519, Ed448: ed448 }, deprecated: true },
  'ML-DSA-44': {
    kty: 'AKP',
    kinds: { 'ML-DSA-44': { type: 'ml-dsa-44', publicBytes: 1312, signatureBytes: 2420 } },
  },
  'ML-DSA-65': {
    kty: 'AKP',
    kinds: { 'ML-DSA-65': { type: 'ml-dsa-65', publicBytes: 1952, signatureBytes: 3309 } },
  },
  'ML-DSA-87': {
    kty: 'AKP',
    kinds: { 'ML-DSA-87': { type: 'ml-dsa-87', publicBytes: 2592, signatureBytes: 4627 } },
  },
} as const satisfies Record<string, AlgorithmRow>

/** The name of a signature algorithm, exactly as it stands in `alg`. */
export type Algorithm = keyof typeof table

export const algorithms: Readonly<Record<Algorithm, AlgorithmRow>> = table

/** Every name, in the order of the table. */
export const algorithmNames: readonly Algorithm[] = Object.freeze(Object.keys(table) as Algorithm[])

/** Whether a value is the name of an algorithm: case counts, and nothing inherited does (RFC 7515 4.1.1). */
export function isAlgorithm(value: unknown): value is Algorithm {
  return typeof value === 'string' && Object.hasOwn(table, value)
}

/** Throws a TypeError that names the option when a value is no algorithm's name. */
export function requireAlgorithm(value: unknown, option: string): Algorithm {
  if (isAlgorithm(value)) return value
  throw new TypeError(`${option} must be one of ${algorithmNames.join(', ')}`)
}
