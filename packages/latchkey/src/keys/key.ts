// A key: opaque, bound to one algorithm, its material out of reach of JSON, inspection and mistakes.
import type { KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { type Algorithm, type AlgorithmRow, algorithms } from './algorithms.ts'
import { type PrivateJwk, type PublicJwk, privateJwkOf, publicJwkOf } from './jwk.ts'

/** What signatures are made and checked with. Only keys/ and token/ see it. */
export interface KeyMaterial {
  readonly row: AlgorithmRow
  /** The public half; of a secret, the secret. */
  readonly verifying: KeyObject
  /** The private half or the secret; undefined for a public key. */
  readonly signing: KeyObject | undefined
  /** The bytes of a secret, for HMAC. */
  readonly secret: Buffer | undefined
  readonly mayVerify: boolean
}

export interface KeyParts {
  readonly alg: Algorithm
  readonly kid: string | undefined
  readonly verifying: KeyObject
  readonly signing: KeyObject | undefined
  readonly secret?: Buffer | undefined
  readonly maySign: boolean
  readonly mayVerify: boolean
}

let readMaterial: (key: Key) => KeyMaterial
let testBrand: (value: object) => boolean

/**
 * A key for one algorithm, made by `createKey` or `generateKey`. What it is made of shows neither in a log nor in JSON.
 */
export class Key {
  /** The one algorithm that it signs and verifies with. */
  readonly alg: Algorithm
  /** The key id that tokens carry and a key set is searched by. */
  readonly kid: string | undefined
  readonly type: 'secret' | 'private' | 'public'
  /** False for a public key, and where the `key_ops` of its JWK forbid it. */
  readonly canSign: boolean
  readonly #material: KeyMaterial

  static {
    readMaterial = key => key.#material
    testBrand = value => #material in value
  }

  constructor(parts: KeyParts) {
    const { alg, verifying, signing, secret } = parts
    this.alg = alg
    this.kid = parts.kid
    this.type = secret !== undefined ? 'secret' : signing === undefined ? 'public' : 'private'
    this.canSign = signing !== undefined && parts.maySign
    this.#material = { row: algorithms[alg], verifying, signing, secret, mayVerify: parts.mayVerify }
    Object.freeze(this)
  }

  /** The public key as a JWK (RFC 7517) with `alg`, `use` and `kid`. A secret has none: a TypeError. */
  toJwk(): PublicJwk {
    if (this.type === 'secret') throw new TypeError('a secret has no public form')
    return publicJwkOf(this.#material.verifying, this.alg, this.kid)
  }

  /** The private key or the secret as a JWK. To be kept as one keeps a password. A public key has none: a TypeError. */
  toPrivateJwk(): PrivateJwk {
    const { signing } = this.#material
    if (signing === undefined) throw new TypeError('a public key has no private form')
    return privateJwkOf(signing, this.alg, this.kid)
  }

  /** The public key as a PEM (SPKI). A secret has none: a TypeError. */
  toPem(): string {
    if (this.type === 'secret') throw new TypeError('a secret has no PEM')
    return String(this.#material.verifying.export({ format: 'pem', type: 'spki' }))
  }

  /** The private key as a PEM (PKCS #8). A TypeError where there is none. */
  toPrivatePem(): string {
    const { signing } = this.#material
    if (this.type !== 'private' || signing === undefined)
      throw new TypeError('only a private key has a private PEM')
    return String(signing.export({ format: 'pem', type: 'pkcs8' }))
  }

  /** What a log may show. */
  toJSON(): { alg: Algorithm; kid: string | undefined; type: string } {
    return { alg: this.alg, kid: this.kid, type: this.type }
  }

  [inspect.custom](): string {
    return `Key { alg: '${this.alg}', kid: ${inspect(this.kid)}, type: '${this.type}' }`
  }
}

/** The material of a key. Not exported by the package. */
export function materialOf(key: Key): KeyMaterial {
  return readMaterial(key)
}

/** Whether a value is a key that `createKey` made: an object that merely looks like one is not. */
export function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && testBrand(value)
}
