import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Algorithm, algorithmNames } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { isSupported } from '../../src/keys/support.ts'
import { hasAlgorithm } from './keys-of-tests.ts'

/** Asked in another way than the engine asks. */
const knowsMlDsa = (): boolean => {
  try {
    generateKeyPairSync('ml-dsa-44')
    return true
  } catch {
    return false
  }
}

describe('what the runtime can do', () => {
  it.each(algorithmNames)('is known of %s', alg => {
    expect(isSupported(alg)).toBe(hasAlgorithm(alg))
    expect(isSupported(alg)).toBe(!alg.startsWith('ML-DSA') || knowsMlDsa())
  })

  it.each<[Algorithm, number]>([
    ['ML-DSA-44', 1312],
    ['ML-DSA-65', 1952],
    ['ML-DSA-87', 2592],
  ])('is said of a key for %s that comes in', (alg, bytes) => {
    const pub = Buffer.alloc(bytes, 7).toString('base64url')
    const pem = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'
    const read = (): unknown => createKey({ jwk: { kty: 'AKP', alg, pub } })
    if (knowsMlDsa()) expect(read()).toMatchObject({ alg, type: 'public' })
    else expect(read).toThrow(expect.objectContaining({ code: 'key_unsupported' }))
    const code = knowsMlDsa() ? 'key_invalid' : 'key_unsupported'
    expect(() => createKey({ pem }, { alg })).toThrow(expect.objectContaining({ code }))
  })
})
