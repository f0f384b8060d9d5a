// Keys for the tests, made once a run. RSA keys cost a second each, so they are shared.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type Algorithm, algorithmNames } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'

let rsa: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined

/** An RSA pair of 2048 bits, the same one each time. */
export function rsaPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  return rsa
}

/** A signing key for an algorithm; those for RSA share one pair. */
export function signingKey(alg: Algorithm, kid?: string): Key {
  return alg.startsWith('RS') || alg.startsWith('PS')
    ? createKey(rsaPair().privateKey, { alg, kid })
    : generateKey(alg, { kid })
}

/** The public half of a private key. */
export const publicOf = (key: Key): Key => createKey({ jwk: key.toJwk() })

/** What a verifier needs of a key: the secret itself, or the public half. */
export const verifyingHalf = (key: Key): Key => (key.type === 'secret' ? key : publicOf(key))

/** Whether this runtime has an algorithm: ML-DSA came with OpenSSL 3.5. */
export const hasAlgorithm = (alg: Algorithm): boolean => {
  try {
    signingKey(alg)
    return true
  } catch {
    return false
  }
}

export const availableAlgorithms: readonly Algorithm[] = algorithmNames.filter(hasAlgorithm)

export const asymmetric = (alg: Algorithm): boolean => !alg.startsWith('HS')
