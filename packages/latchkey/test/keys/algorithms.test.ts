import { describe, expect, it } from 'vitest'
import { algorithmNames, isAlgorithm, requireAlgorithm } from '../../src/keys/algorithms.ts'
import { availableAlgorithms } from './keys-of-tests.ts'

describe('the table of algorithms', () => {
  it('has the nineteen of RFC 7518, 8037, 8812, 9864 and 9964', () => {
    expect(algorithmNames.join(' ')).toBe(
      'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K Ed25519 Ed448 EdDSA ' +
        'ML-DSA-44 ML-DSA-65 ML-DSA-87',
    )
  })

  it('works whole on this runtime, or lacks ML-DSA only', () => {
    const missing = algorithmNames.filter(name => !availableAlgorithms.includes(name))
    expect(missing.filter(name => !name.startsWith('ML-DSA'))).toEqual([])
  })

  it.each([
    'none',
    'None',
    'NONE',
    'nOnE',
    'hs256',
    'HS256 ',
    ' HS256',
    'HS1',
    'ES521',
    '',
    'constructor',
    '__proto__',
    'toString',
    'RSA1_5',
    'dir',
    1,
    null,
    undefined,
    ['HS256'],
    {},
  ])('[S8] [S17] has no %j', name => {
    expect(isAlgorithm(name)).toBe(false)
    expect(() => requireAlgorithm(name, 'the option')).toThrow(/^the option must be one of HS256, /)
  })
})
