import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { isKey, Key, materialOf } from '../../src/keys/key.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { availableAlgorithms, publicOf, signingKey } from './keys-of-tests.ts'

describe('a key', () => {
  it.each(availableAlgorithms)('[S15] for %s shows its material to no log', alg => {
    const key = signingKey(alg, 'k1')
    const seen = [
      JSON.stringify({ key }),
      inspect(key, { depth: 9, showHidden: true }),
      String(key),
      inspect({ key }),
    ].join()
    for (const value of Object.values(key.toPrivateJwk()).map(String)) {
      if (value.length > 20) expect(seen).not.toContain(value)
    }
    expect(JSON.parse(JSON.stringify(key))).toEqual({ alg, kid: 'k1', type: key.type })
  })

  it('cannot be changed', () => {
    const key = signingKey('ES256') as { alg: string }
    expect(() => {
      key.alg = 'none'
    }).toThrow(TypeError)
  })

  it('is told from everything that looks like one', () => {
    const key = signingKey('ES256')
    expect(isKey(key)).toBe(true)
    for (const other of [
      null,
      undefined,
      1,
      {},
      { ...key },
      Object.create(Key.prototype),
      Object.create(key),
      structuredClone({}),
    ]) {
      expect(isKey(other)).toBe(false)
      expect(() => createVerifier({ key: other as Key })).toThrow(TypeError)
    }
    expect(() => materialOf({ ...key } as Key)).toThrow(TypeError)
  })

  it('gives only the forms that it has', () => {
    const secret = createKey({ secret: 'x'.repeat(40) })
    const priv = signingKey('ES256')
    const open = publicOf(priv)
    expect([secret.type, priv.type, open.type]).toEqual(['secret', 'private', 'public'])
    expect(() => secret.toPem()).toThrow('a secret has no PEM')
    expect(() => secret.toPrivatePem()).toThrow('only a private key has a private PEM')
    expect(() => secret.toJwk()).toThrow('a secret has no public form')
    expect(() => open.toPrivateJwk()).toThrow('a public key has no private form')
    expect(() => open.toPrivatePem()).toThrow('only a private key has a private PEM')
    expect(priv.toPem()).toBe(open.toPem())
    expect(secret.toPrivateJwk()).toEqual({
      kty: 'oct',
      alg: 'HS256',
      k: Buffer.from('x'.repeat(40)).toString('base64url'),
    })
  })
})
