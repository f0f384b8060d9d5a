import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { GetKey } from '../../src/token/asked-keys.ts'
import { sign } from '../../src/token/sign-once.ts'
import { type VerifyOptions, verify } from '../../src/token/verify-once.ts'
import { publicOf, rsaPair } from '../keys/keys-of-tests.ts'
import { rawToken, secret } from './raw-token.ts'

const token = rawToken({
  header: { alg: 'HS256', kid: 'k', typ: 'JWT' },
  payload: { sub: 'ada', iat: 1000, exp: 2000, nonce: 'n' },
})
const at = (clockTimestamp: number, options: VerifyOptions = {}): VerifyOptions => ({
  clockTimestamp,
  ...options,
})

/** What the callback form tells. */
const told = (key: unknown, options: VerifyOptions = at(1500), of = token): Promise<unknown> =>
  new Promise(resolve => {
    const returned = verify(of, key as GetKey, options, (error, result) => {
      expect([error === null, result === undefined]).toEqual(error === null ? [true, false] : [false, true])
      resolve(error ?? result)
    })
    expect(returned).toBeUndefined()
  })

describe('verify', () => {
  it.each<[string, VerifyOptions, object | string]>([
    ['claims', at(1500), { sub: 'ada', iat: 1000, exp: 2000, nonce: 'n' }],
    ['a token past its time', at(2000), 'token_expired'],
    ['the same within the tolerance', at(2004, { clockTolerance: 5 }), { sub: 'ada' }],
    ['the same where that is waived', at(9000, { unsafeIgnoreExpiration: true }), { sub: 'ada' }],
    ['maxAge', at(1500, { maxAge: '10m' }), { sub: 'ada' }],
    ['maxAge, passed', at(1600, { maxAge: 600 }), 'token_too_old'],
    ['the nonce', at(1500, { nonce: 'n' }), { sub: 'ada' }],
    ['another nonce', at(1500, { nonce: 'm' }), 'claim_mismatch'],
    ['the subject', at(1500, { subject: 'ada' }), { sub: 'ada' }],
    ['another subject', at(1500, { subject: 'eve' }), 'subject_mismatch'],
    ['an issuer', at(1500, { issuer: 'a' }), 'issuer_mismatch'],
    ['an audience', at(1500, { audience: ['a'] }), 'audience_mismatch'],
    ['an id', at(1500, { jwtid: 'a' }), 'claim_mismatch'],
    ['a type', at(1500, { typ: 'at+jwt' }), 'typ_mismatch'],
    ['a required claim', at(1500, { requiredClaims: ['x'] }), 'claim_missing'],
    ['its algorithm', at(1500, { algorithms: ['HS256'] }), { sub: 'ada' }],
    ['one of several algorithms', at(1500, { algorithms: ['HS512', 'HS256'] }), { sub: 'ada' }],
    ['another algorithm', at(1500, { algorithms: ['HS512'] }), 'alg_not_allowed'],
  ])('looks at %s, at once and with a callback', async (_, options, outcome) => {
    const long = secret.repeat(2)
    const own = rawToken({
      header: { alg: 'HS256', typ: 'JWT' },
      payload: { sub: 'ada', iat: 1000, exp: 2000, nonce: 'n' },
      key: long,
    })
    if (typeof outcome === 'string') {
      expect(() => verify(own, long, options)).toThrow(expect.objectContaining({ code: outcome }))
      expect(await told(long, options, own)).toMatchObject({ code: outcome })
    } else {
      expect(verify(own, long, options)).toMatchObject(outcome)
      expect(await told(long, options, own)).toMatchObject(outcome)
    }
  })

  it('asks for no exp, aud or typ unless it is told to', () => {
    expect(verify(rawToken(), secret)).toEqual({})
  })

  it('gives header, claims and signature with complete', async () => {
    const parts = {
      header: { alg: 'HS256', kid: 'k', typ: 'JWT' },
      claims: { sub: 'ada', iat: 1000, exp: 2000, nonce: 'n' },
      payload: { sub: 'ada', iat: 1000, exp: 2000, nonce: 'n' },
      signature: token.split('.')[2],
    }
    expect(verify(token, secret, { clockTimestamp: 1500, complete: true })).toEqual(parts)
    expect(await told(secret, at(1500, { complete: true }))).toEqual(parts)
    expect(await told(() => secret, at(1500, { complete: true }))).toEqual(parts)
  })

  it.each<[string, unknown, object]>([
    ['a misspelled option', secret, { clockTolerence: 1 }],
    ['ignoreExpiration', secret, { ignoreExpiration: true }],
    ['allowInvalidAsymmetricKeyTypes', secret, { allowInvalidAsymmetricKeyTypes: true }],
    ['no algorithm', secret, { algorithms: [] }],
    ['an unknown algorithm', secret, { algorithms: ['none'] }],
    ['a pattern', secret, { audience: /x/ }],
    ['a time that is none', secret, { clockTimestamp: '1' }],
    ['a time that is no number', secret, { clockTimestamp: Number.NaN }],
    ['a secret for RS256', secret, { algorithms: ['RS256'] }],
    ['a key for another algorithm', generateKey('ES256'), { algorithms: ['ES384'] }],
    ['an RSA key that says nothing', rsaPair().publicKey, {}],
    ['options that are none', secret, []],
  ])('refuses %s with a TypeError, and tells a callback the same', async (_, key, options) => {
    expect(() => verify(token, key as string, options)).toThrow(TypeError)
    expect(await told(key, options)).toBeInstanceOf(TypeError)
  })

  it('wants a callback for a function that finds the key, and a function for a callback', () => {
    expect(() => verify(token, (() => secret) as unknown as string)).toThrow(
      'verify: a function that finds the key needs a callback',
    )
    expect(() => verify(token, secret, {}, 'x' as never)).toThrow('verify: the callback must be a function')
  })

  it('makes of a key that says nothing one for each algorithm that takes it', () => {
    const { publicKey, privateKey } = rsaPair()
    for (const algorithm of ['RS256', 'PS512'] as const) {
      const signed = sign({ a: 1 }, privateKey, { algorithm })
      expect(verify(signed, publicKey, { algorithms: ['ES256', 'RS256', 'PS512'] })).toMatchObject({ a: 1 })
      expect(
        verify(
          signed,
          { ...publicKey.export({ format: 'jwk' }), kty: 'RSA' },
          { algorithms: ['RS256', 'PS512'] },
        ),
      ).toMatchObject({ a: 1 })
    }
    const bytes = createSecretKey(Buffer.from(secret.repeat(2)))
    expect(
      verify(sign({ a: 1 }, bytes, { algorithm: 'HS512' }), bytes, { algorithms: ['HS256', 'HS512'] }),
    ).toMatchObject({ a: 1 })
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(
      verify(sign({ a: 1 }, ec.privateKey), ec.publicKey, { algorithms: ['ES256', 'RS256'] }),
    ).toMatchObject({ a: 1 })
  })
})

describe('a function that finds the key', () => {
  const boom = new Error('boom')
  it.each<[string, GetKey, object]>([
    ['by its callback', (_, answer) => answer(null, secret), { sub: 'ada' }],
    ['by its callback, later', (_, answer) => setImmediate(answer, null, secret), { sub: 'ada' }],
    ['by what it returns', () => secret, { sub: 'ada' }],
    ['by a promise', async () => secret, { sub: 'ada' }],
    [
      'by its callback, though it is async',
      async (_, answer) => {
        await new Promise(setImmediate)
        answer(null, secret)
      },
      { sub: 'ada' },
    ],
    ['and fails', (_, answer) => answer(boom), boom],
    [
      'and throws',
      () => {
        throw boom
      },
      boom,
    ],
    ['and rejects', () => Promise.reject(boom), boom],
    ['and rejects, though it takes a callback', (_header, _answer) => Promise.reject(boom), boom],
    ['another one', () => `${secret}!`, { code: 'signature_invalid' }],
    ['a key for another algorithm', () => generateKey('ES256'), { code: 'key_not_found' }],
    ['a short one', () => 'short', { code: 'key_too_weak' }],
  ])('answers %s', async (_, getKey, outcome) => {
    expect(await told(getKey)).toMatchObject(outcome)
  })

  it('is given the header, once, and its answer counts once', async () => {
    const headers: unknown[] = []
    let calls = 0
    await new Promise<void>(resolve => {
      verify(
        token,
        (header, answer) => {
          headers.push(header)
          answer(null, secret)
          answer(boom)
          answer(null, 'another')
        },
        at(1500),
        () => {
          calls++
          setImmediate(resolve)
        },
      )
    })
    expect(headers).toEqual([{ alg: 'HS256', kid: 'k', typ: 'JWT' }])
    expect(calls).toBe(1)
  })

  it('may find public keys by kid', async () => {
    const keys = new Map(['a', 'b'].map(kid => [kid, generateKey('ES256', { kid })]))
    const find: GetKey = ({ kid = '' }, answer) => {
      const key = keys.get(kid)
      if (key === undefined) answer(new LatchkeyError('key_not_found'))
      else answer(null, publicOf(key))
    }
    for (const key of keys.values()) expect(await told(find, {}, sign({ a: 1 }, key))).toMatchObject({ a: 1 })
    expect(await told(find, {}, sign({ a: 1 }, generateKey('ES256')))).toMatchObject({
      code: 'key_not_found',
    })
  })

  it('does not widen what is allowed', async () => {
    expect(await told(() => secret, { algorithms: ['HS512'] })).toMatchObject({ code: 'alg_not_allowed' })
    expect(await told(() => rsaPair().publicKey)).toBeInstanceOf(TypeError)
  })
})
