import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { thumbprint } from '../../src/keys/thumbprint.ts'
import { sign } from '../../src/token/sign-once.ts'
import { verify } from '../../src/token/verify-once.ts'
import { hasAlgorithm } from './keys-of-tests.ts'

const fast: readonly Algorithm[] = [
  'HS256',
  'HS384',
  'HS512',
  'ES256',
  'ES384',
  'ES512',
  'ES256K',
  'Ed25519',
  'Ed448',
  'EdDSA',
]

describe('generateKey', () => {
  it.each(fast)('[S34] makes for %s a new key each time, named by its thumbprint', alg => {
    const key = generateKey(alg)
    expect(key).toMatchObject({ alg, canSign: true, kid: thumbprint(key) })
    expect(generateKey(alg).kid).not.toBe(key.kid)
    expect(verify(sign({ a: 1 }, key, { noTimestamp: true }), key)).toEqual({ a: 1 })
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const)(
    'makes a key for %s, or says that the runtime cannot',
    alg => {
      if (hasAlgorithm(alg)) expect(generateKey(alg).kid).toMatch(/^[\w-]{43}$/)
      else expect(() => generateKey(alg)).toThrow(expect.objectContaining({ code: 'key_unsupported' }))
    },
  )

  it('makes RSA keys of the size that is asked for', () => {
    const key = generateKey('PS256', { modulusBits: 3072, kid: 'mine' })
    expect(key.kid).toBe('mine')
    expect(Buffer.from(String(key.toJwk()['n']), 'base64url')).toHaveLength(384)
  })

  it.each([
    ['none', {}],
    ['RS256', { modulusBits: 1024 }],
    ['RS256', { bits: 2048 }],
    ['HS256', { kid: '' }],
  ])('refuses %s with %j', (alg, options) => {
    expect(() => generateKey(alg as Algorithm, options as object)).toThrow(TypeError)
  })
})
