import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { fixedKeys, keyring } from '../../src/keys/key-set.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { publicOf } from './keys-of-tests.ts'

const a = generateKey('ES256', { kid: 'a' })
const b = generateKey('ES256', { kid: 'b' })
const nameless = createKey({ jwk: { ...generateKey('ES256').toPrivateJwk(), kid: undefined } })
const ed = generateKey('Ed25519', { kid: 'ed' })
const secret = generateKey('HS256', { kid: 's' })

describe('fixed keys', () => {
  it.each<[string, readonly Key[], string | undefined, readonly Key[]]>([
    ['the named one', [a, b], 'b', [b]],
    ['all of the algorithm for a token without kid', [a, b, ed], undefined, [a, b]],
    ['nothing for an unknown kid', [a, b], 'c', []],
    ['the nameless one for an unknown kid', [a, nameless], 'c', [nameless]],
    ['the named one before the nameless one', [a, nameless], 'a', [a]],
    ['a single nameless one', [nameless], 'c', [nameless]],
    ['nothing of a single one with another kid', [a], 'c', []],
    ['a single one for a token without kid', [a], undefined, [a]],
    ['nothing of another algorithm', [a, ed], 'ed', []],
  ])('give %s', (_, keys, kid, found) => {
    expect(fixedKeys(keys).find({ alg: 'ES256', kid })).toEqual(found)
  })

  it('[S19] [S29] are refused when they are none, two of one kid, or secrets beside public keys', () => {
    expect(() => fixedKeys([])).toThrow('there must be at least one key')
    expect(() => fixedKeys([a, generateKey('ES384', { kid: 'a' })])).toThrow(
      'two keys of a set have the same kid',
    )
    expect(() => fixedKeys([a, secret])).toThrow(/never stand in one set/)
    expect(() => fixedKeys([a, {} as Key])).toThrow(/made by createKey or generateKey/)
  })
})

describe('a keyring', () => {
  it('signs with the first key that can, or with the one that is named', () => {
    expect(keyring([publicOf(a), b]).active).toBe(b)
    expect(keyring([a, b], { active: 'b' }).active).toBe(b)
    expect(keyring(a).active).toBe(a)
    expect(() => keyring([a], { active: 'x' })).toThrow('keyring: no key of that kid can sign')
    expect(() => keyring([publicOf(a)]).active).toThrow(expect.objectContaining({ code: 'key_not_found' }))
    expect(() => keyring().active).toThrow(expect.objectContaining({ code: 'key_not_found' }))
  })

  it('rotates: the new key signs, the old one goes on verifying', () => {
    const ring = keyring([a])
    const signer = createSigner({ key: ring })
    const verifier = createVerifier({ keys: ring })
    const old = signer({ n: 1 })
    ring.rotate(b)
    expect(verifier.complete(signer({})).header.kid).toBe('b')
    expect(verifier(old)).toMatchObject({ n: 1 })
    expect(ring.generation).toBe(0)
    ring.rotate(a)
    expect(verifier.complete(signer({})).header.kid).toBe('a')
    expect(ring.keys).toHaveLength(2)
  })

  it('retires: a key signs no more and still verifies until it is removed', () => {
    const ring = keyring([a, b])
    const verifier = createVerifier({ keys: ring })
    const old = createSigner({ key: ring })({})
    ring.retire('a')
    expect(() => createSigner({ key: ring })({})).toThrow(expect.objectContaining({ code: 'key_not_found' }))
    expect(verifier.safe(old).ok).toBe(true)
    ring.remove('a')
    expect(verifier.safe(old)).toMatchObject({ ok: false, code: 'key_not_found' })
    expect(ring.generation).toBe(1)
  })

  it('publishes a key before it signs, and revokes one at once', () => {
    const ring = keyring([a])
    ring.add(b)
    expect(ring.active).toBe(a)
    expect(ring.publish().keys.map(jwk => jwk['kid'])).toEqual(['a', 'b'])
    ring.revoke('a')
    expect(ring.publish().keys.map(jwk => jwk['kid'])).toEqual(['b'])
    expect(() => ring.revoke('a')).toThrow(expect.objectContaining({ code: 'key_not_found' }))
  })

  it('[S32] publishes no private member and no secret', () => {
    const text = JSON.stringify(keyring([a, b, ed]).publish())
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv'])
      expect(text).not.toContain(`"${name}":`)
    expect(keyring([secret]).publish()).toEqual({ keys: [] })
  })

  it('[S19] [S29] stays of one kind and without twins, and is not changed by what is refused', () => {
    const ring = keyring([a])
    expect(() => ring.add(secret)).toThrow(/never stand in one set/)
    expect(() => ring.add(generateKey('ES256', { kid: 'a' }))).toThrow(/the same kid/)
    expect(() => ring.rotate(publicOf(b))).toThrow('rotate: this key cannot sign')
    expect(() => ring.rotate({} as Key)).toThrow(TypeError)
    expect(ring.keys).toEqual([a])
    expect(ring.active).toBe(a)
  })
})
