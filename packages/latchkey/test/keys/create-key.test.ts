import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { type Algorithm, algorithmNames } from '../../src/keys/algorithms.ts'
import { createKey, type KeyInput } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { sign } from '../../src/token/sign-once.ts'
import { verify } from '../../src/token/verify-once.ts'
import { availableAlgorithms, rsaPair, signingKey } from './keys-of-tests.ts'

const codeOf = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    return error instanceof LatchkeyError ? error.code : String(error)
  }
  return 'made'
}

const pss = (options: object = {}): KeyObject =>
  generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...options }).privateKey

describe('createKey', () => {
  it.each([null, undefined, '', 'a text', 1, [], {}, () => {}, Buffer.from('x'), new Map(), { key: 'x' }])(
    'wants to be told what the material is: not %s',
    material => {
      expect(() => createKey(material as unknown as KeyInput)).toThrow(
        /^createKey: state what the material is/,
      )
    },
  )

  it.each([
    { secret: 'x'.repeat(32), pem: 'x' },
    { secret: 'x'.repeat(32), unsafeSecret: 'x' },
    { kty: 'oct', k: 'x', secret: 'y' },
    { jwk: { kty: 'oct' }, pem: 'x' },
  ])('takes no material of two kinds: %j', material => {
    expect(() => createKey(material as unknown as KeyInput)).toThrow(/^createKey: state what the material is/)
  })

  it('refuses a Key, an unknown algorithm, an unknown option, a kid that is none', () => {
    const secret = 'x'.repeat(40)
    const bad: readonly [unknown, unknown][] = [
      [generateKey('HS256'), {}],
      [{ secret }, { alg: 'none' }],
      [{ secret }, { algorithm: 'HS256' }],
      [{ secret }, { kid: '' }],
      [{ secret }, { kid: 'x'.repeat(257) }],
      [{ secret }, { kid: 1 }],
      [{ secret }, { kid: '\ud800' }],
      [{ jwk: 'x' }, {}],
      [{ jwk: {} }, {}],
      [{ pem: 1 }, {}],
      [{ pem: 'x', passphrase: 1 }, {}],
    ]
    for (const [material, options] of bad) {
      expect(() => createKey(material as KeyInput, options as object), JSON.stringify(options)).toThrow(
        TypeError,
      )
    }
  })

  it('[S13] takes any text of up to 256 characters as a kid', () => {
    for (const kid of ['../../dev/null', "' OR 1=1", '__proto__', '🔑', 'x'.repeat(256)])
      expect(createKey({ secret: 'x'.repeat(40) }, { kid }).kid).toBe(kid)
  })
})

describe('[S18] [S22] CVE-2022-23539: each kind of key with its own algorithms only', () => {
  const kinds: Readonly<Record<string, { key: () => KeyObject; algs: readonly Algorithm[] }>> = {
    rsa: {
      key: () => rsaPair().privateKey,
      algs: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
    },
    'rsa-pss': { key: pss, algs: ['PS256', 'PS384', 'PS512'] },
    'rsa-pss for SHA-384': {
      key: () => pss({ hashAlgorithm: 'sha384', mgf1HashAlgorithm: 'sha384', saltLength: 48 }),
      algs: ['PS384'],
    },
    'P-256': { key: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, algs: ['ES256'] },
    'P-384': { key: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, algs: ['ES384'] },
    'P-521': { key: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey, algs: ['ES512'] },
    secp256k1: {
      key: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
      algs: ['ES256K'],
    },
    ed25519: { key: () => generateKeyPairSync('ed25519').privateKey, algs: ['Ed25519', 'EdDSA'] },
    ed448: { key: () => generateKeyPairSync('ed448').privateKey, algs: ['Ed448', 'EdDSA'] },
    dsa: {
      key: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey,
      algs: [],
    },
    x25519: { key: () => generateKeyPairSync('x25519').privateKey, algs: [] },
    secret: {
      key: () => createSecretKey(Buffer.alloc(64, 'abcdefghijk')),
      algs: ['HS256', 'HS384', 'HS512'],
    },
  }

  it.each(Object.entries(kinds))('%s', (_, { key, algs }) => {
    const object = key()
    for (const alg of algorithmNames) {
      const outcome = codeOf(() => {
        const made = createKey(object, { alg })
        expect(verify(sign({ a: 1 }, made), made)).toMatchObject({ a: 1 })
      })
      expect(outcome, alg).toBe(algs.includes(alg) ? 'made' : 'key_mismatch')
    }
  })

  it('[S22] refuses RSA keys under 2048 bits, from a KeyObject, a PEM and a JWK', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const jwk = privateKey.export({ format: 'jwk' })
    const small = pss({ modulusLength: 1024 })
    for (const make of [
      () => createKey(privateKey, { alg: 'RS256' }),
      () => createKey({ pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }, { alg: 'RS256' }),
      () => createKey({ jwk: { ...jwk, kty: 'RSA' } }, { alg: 'RS256' }),
      () => createKey(small, { alg: 'PS256' }),
    ]) {
      expect(codeOf(make)).toBe('key_too_weak')
    }
  })

  it('takes the one algorithm that a curve has, and asks for it where there is a choice', () => {
    expect(createKey(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey).alg).toBe('ES384')
    expect(createKey(generateKeyPairSync('ed25519').publicKey).alg).toBe('Ed25519')
    expect(() => createKey(rsaPair().publicKey)).toThrow(/does not say its algorithm: pass { alg }/)
    expect(() =>
      createKey({ jwk: { ...rsaPair().publicKey.export({ format: 'jwk' }), kty: 'RSA' } }),
    ).toThrow(/does not say its algorithm/)
  })
})

describe('keys as PEM', () => {
  it.each(availableAlgorithms.filter(alg => !alg.startsWith('HS')))('go out and come in: %s', alg => {
    const key = signingKey(alg)
    const inside = createKey({ pem: key.toPrivatePem() }, { alg })
    const outside = createKey({ pem: Buffer.from(key.toPem()) }, { alg })
    expect([inside.type, outside.type]).toEqual(['private', 'public'])
    expect(verify(sign({ a: 1 }, inside, { noTimestamp: true }), outside)).toEqual({ a: 1 })
    expect(() => sign({}, outside)).toThrow(/this key cannot sign/)
  })

  const { publicKey, privateKey } = rsaPair()
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  it.each([
    ['PKCS #1, public', String(publicKey.export({ type: 'pkcs1', format: 'pem' })), 'public'],
    ['PKCS #1, private', String(privateKey.export({ type: 'pkcs1', format: 'pem' })), 'private'],
    [
      'text before the key',
      `Bag Attributes\n  x: y\n${publicKey.export({ type: 'spki', format: 'pem' })}`,
      'public',
    ],
  ])('reads %s', (_, pem, type) => {
    expect(createKey({ pem }, { alg: 'RS256' }).type).toBe(type)
  })

  it('reads SEC 1, with the parameters of the curve in front as openssl writes them', () => {
    const sec1 = String(ec.export({ type: 'sec1', format: 'pem' }))
    // prime256v1, 1.2.840.10045.3.1.7 (RFC 5480 2.1.1.1)
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
    expect(createKey({ pem: sec1 })).toMatchObject({ alg: 'ES256', type: 'private' })
    expect(createKey({ pem: parameters + sec1 })).toMatchObject({ alg: 'ES256', type: 'private' })
  })

  it('reads an encrypted one with its passphrase, and tells a wrong one without repeating it', () => {
    const pem = String(
      ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' }),
    )
    expect(createKey({ pem, passphrase: 'correct horse' }).canSign).toBe(true)
    for (const wrong of [{ pem }, { pem, passphrase: 'battery staple' }]) {
      expect(() => createKey(wrong)).toThrow(expect.objectContaining({ code: 'key_invalid' }))
    }
  })

  it.each([
    '',
    'x',
    '-----BEGIN-----',
    '-----BEGIN NONSENSE-----',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----',
  ])('refuses %j', pem => {
    expect(codeOf(() => createKey({ pem }, { alg: 'RS256' }))).toBe('key_invalid')
  })
})
