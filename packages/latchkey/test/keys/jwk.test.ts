import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Jwk } from '../../src/keys/jwk.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { availableAlgorithms, hasAlgorithm, rsaPair, signingKey } from './keys-of-tests.ts'

const codeOf = (jwk: object, alg?: 'RS256' | 'ES256' | 'Ed25519' | 'EdDSA' | 'HS256'): string => {
  try {
    createKey({ jwk: jwk as Jwk }, { alg })
  } catch (error) {
    return error instanceof LatchkeyError ? error.code : String(error)
  }
  return 'made'
}

const ec = generateKey('ES256').toPrivateJwk()
const ed = generateKey('Ed25519').toPrivateJwk()
const rsa = signingKey('RS256').toPrivateJwk()
const { d: _ecD, ...ecOpen } = ec
const { d: _edD, ...edOpen } = ed
const hidden = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv', 'oth']

const flipped = (value: unknown): string => {
  const bytes = Buffer.from(String(value), 'base64url')
  bytes[5] = (bytes[5] ?? 0) ^ 1
  return bytes.toString('base64url')
}
const shortened = (value: unknown): string =>
  Buffer.from(String(value), 'base64url').subarray(1).toString('base64url')
const lengthened = (value: unknown): string =>
  Buffer.concat([Buffer.alloc(1), Buffer.from(String(value), 'base64url')]).toString('base64url')

describe('keys as JWK', () => {
  it.each(availableAlgorithms)('go out and come in: %s', alg => {
    const key = signingKey(alg, 'the kid')
    const again = createKey({ jwk: key.toPrivateJwk() })
    expect(again).toMatchObject({ alg, kid: 'the kid', canSign: true })
    expect(again.toPrivateJwk()).toEqual(key.toPrivateJwk())
    const token = createSigner({ key: again })({ a: 1 })
    expect(createVerifier({ key })(token)).toMatchObject({ a: 1 })
    if (key.type === 'secret') return
    expect(createKey({ jwk: key.toJwk() })).toMatchObject({
      alg,
      kid: 'the kid',
      type: 'public',
      canSign: false,
    })
    expect(createKey(key.toJwk()).toJwk()).toEqual(key.toJwk())
  })

  it.each(availableAlgorithms)('[S32] the public form of %s has no private member', alg => {
    const key = signingKey(alg)
    if (key.type === 'secret') expect(() => key.toJwk()).toThrow('a secret has no public form')
    else {
      expect(Object.keys(key.toJwk()).filter(name => hidden.includes(name))).toEqual([])
      expect(key.toJwk().use).toBe('sig')
    }
  })

  it('[S11] ignores members that it does not know', () => {
    expect(codeOf({ ...ecOpen, foo: { bar: 1 }, x5t: 'x', ext: true })).toBe('made')
  })

  it.each<readonly [string, object, string | RegExp]>([
    ['no kty', { alg: 'ES256' }, /must be an object with a kty/],
    ['an unknown kty', { kty: 'ES', alg: 'ES256' }, 'key_invalid'],
    ['a kty of Object.prototype', { kty: 'constructor' }, 'key_invalid'],
    ['an unknown alg', { ...ecOpen, alg: 'ES521' }, 'key_mismatch'],
    ['none', { ...ecOpen, alg: 'none' }, 'key_mismatch'],
    ['an alg of another type', { ...ecOpen, alg: 'RS256' }, 'key_mismatch'],
    ['an alg of another curve', { ...ecOpen, alg: 'ES384' }, 'key_mismatch'],
    ['another curve', { ...ecOpen, crv: 'P-384' }, 'key_mismatch'],
    ['another type', { ...ecOpen, kty: 'RSA' }, 'key_mismatch'],
    ['an encryption algorithm', { kty: 'oct', k: 'A'.repeat(43), alg: 'A256GCM' }, 'key_mismatch'],
    ['a member that is no text', { ...ecOpen, x: 1 }, 'key_invalid'],
    ['a coordinate in base64', { ...ecOpen, x: Buffer.alloc(32, 0xff).toString('base64') }, 'key_invalid'],
    ['a padded coordinate', { ...ecOpen, x: `${ecOpen['x']}=` }, 'key_invalid'],
    ['a kid that is no text', { ...ecOpen, kid: 1 }, 'key_invalid'],
    ['an empty kid', { ...ecOpen, kid: '' }, 'key_invalid'],
    ['a kid with half of a surrogate pair', { ...ecOpen, kid: 'a\ud800' }, 'key_invalid'],
    ['a kid that is too long', { ...ecOpen, kid: 'x'.repeat(257) }, 'key_invalid'],
    ['[S25] x too short', { ...ecOpen, x: shortened(ecOpen['x']) }, 'key_invalid'],
    ['[S25] y too long', { ...ecOpen, y: lengthened(ecOpen['y']) }, 'key_invalid'],
    ['[S25] no y', { ...ecOpen, y: undefined }, 'key_invalid'],
    ['[S25] a point that is not on the curve', { ...ecOpen, y: flipped(ecOpen['y']) }, 'key_invalid'],
    ['[S25] the point 0, 0', { ...ecOpen, x: 'A'.repeat(43), y: 'A'.repeat(43) }, 'key_invalid'],
    [
      '[S25] a private number of another key',
      { ...ec, d: generateKey('ES256').toPrivateJwk()['d'] },
      'key_invalid',
    ],
    [
      '[S26] a curve for key agreement',
      { kty: 'OKP', crv: 'X25519', x: edOpen['x'] },
      /does not say its algorithm/,
    ],
    [
      '[S26] that curve under Ed25519',
      { kty: 'OKP', crv: 'X25519', x: edOpen['x'], alg: 'Ed25519' },
      'key_mismatch',
    ],
    ['[S26] an OKP key of a wrong length', { ...edOpen, x: shortened(edOpen['x']) }, 'key_invalid'],
    [
      '[S26] a private OKP key with another public one',
      { ...ed, x: generateKey('Ed25519').toJwk()['x'] },
      'key_invalid',
    ],
    ['[S28] a key for encryption', { ...ecOpen, use: 'enc' }, 'key_invalid'],
    ['[S28] a use that is no text', { ...ecOpen, use: ['sig'] }, 'key_invalid'],
    ['[S28] operations of encryption', { ...ecOpen, key_ops: ['encrypt'] }, 'key_invalid'],
    ['[S28] no operation', { ...ecOpen, key_ops: [] }, 'key_invalid'],
    ['[S28] an operation twice', { ...ecOpen, key_ops: ['verify', 'verify'] }, 'key_invalid'],
    ['[S28] operations that are no list', { ...ecOpen, key_ops: 'verify' }, 'key_invalid'],
    ['[S33] an RSA key of three primes', { ...rsa, oth: [{ r: 'AQ', d: 'AQ', t: 'AQ' }] }, 'key_invalid'],
    ['[S22] exponent 1', { ...rsa, e: 'AQ' }, 'key_too_weak'],
    ['[S22] an even exponent', { ...rsa, e: 'AQAA' }, 'key_too_weak'],
    ['[S22] exponent 0', { ...rsa, e: 'AA' }, 'key_too_weak'],
    ['an RSA modulus with a zero byte in front', { ...rsa, n: lengthened(rsa['n']) }, 'key_invalid'],
    ['an RSA exponent with a zero byte in front', { ...rsa, e: 'AAEAAQ' }, 'key_invalid'],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap(
      name =>
        [
          [`an RSA key with another ${name}`, { ...rsa, [name]: flipped(rsa[name]) }, 'key_invalid'],
          [
            `an RSA key with a ${name} that is not base64url`,
            { ...rsa, [name]: `${rsa[name]}=` },
            'key_invalid',
          ],
          [`an RSA key whose ${name} is 0`, { ...rsa, [name]: 'AA' }, 'key_invalid'],
          [`an RSA key without ${name}`, { ...rsa, [name]: undefined }, 'key_invalid'],
        ] as const,
    ),
    ['a private OKP key in another spelling', { ...ed, d: `${ed['d']}=` }, 'key_invalid'],
    ['an RSA key whose modulus is not that of its primes', { ...rsa, n: flipped(rsa['n']) }, 'key_invalid'],
  ])('are refused with %s', (_, jwk, outcome) => {
    const got = codeOf(jwk)
    if (typeof outcome === 'string') expect(got).toBe(outcome)
    else expect(got).toMatch(outcome)
  })

  it('[S28] keep to their operations', () => {
    const signOnly = createKey({ jwk: { ...ec, key_ops: ['sign'] } })
    const verifyOnly = createKey({ jwk: { ...ec, key_ops: ['verify'] } })
    const token = createSigner({ key: signOnly })({})
    expect(createVerifier({ key: signOnly }).safe(token)).toMatchObject({
      ok: false,
      code: 'signature_invalid',
    })
    expect(createVerifier({ key: verifyOnly }).safe(token).ok).toBe(true)
    expect(verifyOnly.canSign).toBe(false)
    expect(() => createSigner({ key: verifyOnly })).toThrow(/its key_ops forbid it/)
  })

  it('[S27] say EdDSA or the full name, and the caller may state the full name', () => {
    expect(createKey({ jwk: { ...edOpen, alg: 'EdDSA' } }).alg).toBe('EdDSA')
    expect(createKey({ jwk: { ...edOpen, alg: 'EdDSA' } }, { alg: 'Ed25519' }).alg).toBe('Ed25519')
    expect(createKey({ jwk: edOpen as Jwk }, { alg: 'EdDSA' }).alg).toBe('EdDSA')
    expect(codeOf({ ...edOpen, alg: 'Ed448' }, 'Ed25519')).toBe('key_mismatch')
    expect(codeOf({ ...edOpen, alg: 'Ed448' })).toBe('key_mismatch')
  })

  it('are for one algorithm only, which the caller cannot change', () => {
    expect(codeOf(rsa, 'ES256')).toBe('key_mismatch')
    expect(codeOf({ ...rsa, alg: 'PS256' }, 'RS256')).toBe('key_mismatch')
    expect(codeOf({ ...rsa, alg: undefined }, 'RS256')).toBe('made')
  })

  it.skipIf(!hasAlgorithm('ML-DSA-44'))('take an AKP key only with its alg and at its length', () => {
    const jwk = generateKey('ML-DSA-44').toJwk()
    expect(codeOf(jwk)).toBe('made')
    expect(codeOf({ ...jwk, alg: undefined })).toMatch(/does not say its algorithm/)
    expect(codeOf({ ...jwk, alg: 'ML-DSA-65' })).toBe('key_invalid')
    expect(codeOf({ ...jwk, pub: shortened(jwk['pub']) })).toBe('key_invalid')
  })

  it('of RSA are exported with all that makes them fast, and nothing else', () => {
    expect(Object.keys(rsa).sort()).toEqual(['alg', 'd', 'dp', 'dq', 'e', 'kty', 'n', 'p', 'q', 'qi'])
    expect(rsaPair().privateKey.export({ format: 'jwk' })).toMatchObject({ n: rsa['n'], d: rsa['d'] })
    expect(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).kty).toBe('OKP')
  })
})
