// New keys, from the operating system's randomness, named by their own thumbprint.
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { LatchkeyError } from '../base/errors.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { type Algorithm, algorithms, requireAlgorithm } from './algorithms.ts'
import { createKey } from './create-key.ts'
import type { Key } from './key.ts'
import { thumbprint } from './thumbprint.ts'

/** What `generateKey` is told beside the algorithm. */
export interface GenerateKeyOptions {
  /** The key id; the RFC 7638 thumbprint unless given. */
  readonly kid?: string | undefined
  /** Bits of an RSA modulus, 2048 unless given. */
  readonly modulusBits?: 2048 | 3072 | 4096
}

/**
 * Generates a private key (for HS*: a secret) for one algorithm. An RSA key takes a second of CPU time or so. Throws
 * LatchkeyError `key_unsupported` where the runtime lacks the algorithm.
 */
export function generateKey(alg: Algorithm, options: GenerateKeyOptions = {}): Key {
  requireAlgorithm(alg, 'generateKey: alg')
  refuseUnknownOptions('generateKey', options, ['kid', 'modulusBits'])
  const { kid, modulusBits = 2048 } = options
  if (![2048, 3072, 4096].includes(modulusBits))
    throw new TypeError('generateKey: modulusBits is 2048, 3072 or 4096')
  const row = algorithms[alg]
  const make = (name?: string): Key =>
    row.kty === 'oct' ? createKey({ secret }, { alg, kid: name }) : createKey(object(), { alg, kid: name })
  const secret = row.kty === 'oct' ? randomBytes(row.hashBytes) : Buffer.alloc(0)
  let made: KeyObject | undefined
  const object = (): KeyObject => {
    made ??= generatePrivate(alg, modulusBits)
    return made
  }
  return make(kid ?? thumbprint(make()))
}

function generatePrivate(alg: Algorithm, modulusBits: number): KeyObject {
  const row = algorithms[alg]
  try {
    if (row.kty === 'RSA') {
      return generateKeyPairSync('rsa', { modulusLength: modulusBits, publicExponent: 65_537 }).privateKey
    }
    if (row.kty === 'EC') return generateKeyPairSync('ec', { namedCurve: row.curve }).privateKey
    const [kind] = 'kinds' in row ? Object.values(row.kinds) : []
    // Whether the runtime knows the kind is what the call finds out; its types know less than it does.
    return generateKeyPairSync(kind?.type as 'ed25519').privateKey
  } catch (cause) {
    throw new LatchkeyError('key_unsupported', { detail: `This runtime makes no keys for ${alg}.`, cause })
  }
}
