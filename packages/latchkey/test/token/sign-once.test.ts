import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { decode } from '../../src/token/decode.ts'
import { type SignOptions, sign } from '../../src/token/sign-once.ts'
import { verify } from '../../src/token/verify-once.ts'
import { publicOf, rsaPair } from '../keys/keys-of-tests.ts'
import { hs256, secret } from './raw-token.ts'

const clock = (): number => 1_700_000_000_000
const header = (token: string): unknown => decode(token, { complete: true })?.header

describe('sign', () => {
  it('makes of a text secret an HS256 token, as the tutorial has it', () => {
    const token = sign({ user: { id: 1 } }, secret, { expiresIn: '1h', clock })
    expect(header(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decode(token)).toEqual({ user: { id: 1 }, iat: 1_700_000_000, exp: 1_700_003_600 })
    const [head, body, tail] = token.split('.')
    expect(tail).toBe(hs256(`${head}.${body}`))
  })

  it.each<[string, () => Parameters<typeof sign>[1], Algorithm | undefined, Algorithm]>([
    ['bytes', () => Buffer.from(secret), undefined, 'HS256'],
    ['plain bytes', () => new Uint8Array(Buffer.from(secret)), undefined, 'HS256'],
    ['text for HS512', () => secret.repeat(2), 'HS512', 'HS512'],
    ['a secret KeyObject', () => createSecretKey(Buffer.from(secret)), undefined, 'HS256'],
    ['an RSA KeyObject with its algorithm', () => rsaPair().privateKey, 'PS384', 'PS384'],
    ['a Key', () => generateKey('ES384'), undefined, 'ES384'],
    ['a Key with its own algorithm', () => generateKey('ES384'), 'ES384', 'ES384'],
    ['a JWK', () => generateKey('Ed25519').toPrivateJwk(), undefined, 'Ed25519'],
  ])('signs with %s', (_, key, algorithm, alg) => {
    const material = key()
    const token = sign({ a: 1 }, material, { algorithm })
    expect(header(token)).toMatchObject({ alg })
    expect(verify(token, material, algorithm === undefined ? {} : { algorithms: [algorithm] })).toMatchObject(
      { a: 1 },
    )
  })

  it.each<[string, unknown, unknown, object, string | RegExp]>([
    [
      'the tutorial’s short secret',
      {},
      'privatekey',
      {},
      /needs a secret of 32 bytes or more. Make one with: node -p/,
    ],
    ['a PEM as text', {}, '-----BEGIN PUBLIC KEY-----', {}, /make a key of it with createKey\(\{ pem \}/],
    ['a JWK as text', {}, '{"kty":"oct","k":"x"}', {}, /make a key of it with createKey\(\{ jwk \}/],
    ['no algorithm', {}, secret, { algorithm: 'none' }, /^sign: algorithm must be one of/],
    ['an algorithm that takes no secret', {}, secret, { algorithm: 'RS256' }, /RS256 takes no secret/],
    [
      'an algorithm that is not the key’s',
      {},
      generateKey('ES256'),
      { algorithm: 'ES384' },
      'sign: algorithm is not the key',
    ],
    [
      'a header whose alg is not the key’s',
      {},
      secret,
      { header: { alg: 'HS512' } },
      'sign: header.alg is not the key',
    ],
    ['a public key', {}, publicOf(generateKey('ES256')), {}, 'this key cannot sign'],
    [
      'a misspelled option',
      {},
      secret,
      { noTimeStamp: true },
      "there is no option 'noTimeStamp'; did you mean 'noTimestamp'?",
    ],
    [
      'an option of jsonwebtoken that makes no sense',
      {},
      secret,
      { allowInvalidAsymmetricKeyTypes: true },
      'there is no option',
    ],
    [
      'an option of jsonwebtoken that makes none either',
      {},
      secret,
      { allowInsecureKeySizes: true },
      'there is no option',
    ],
    ['options that are none', {}, secret, null as unknown as object, 'sign: the options must be an object'],
    ['a payload that is text', 'x', secret, {}, 'the payload must be an object of claims'],
  ])('refuses %s, and tells a callback the same', async (_, payload, key, options, message) => {
    const call = (): string => sign(payload as object, key as string, options as SignOptions)
    expect(call).toThrow(message)
    const error = await new Promise(resolve => {
      const returned = sign(payload as object, key as string, options as SignOptions, (failure, token) => {
        expect(token).toBeUndefined()
        resolve(failure)
      })
      expect(returned).toBeUndefined()
    })
    expect(error).toBeInstanceOf(Error)
    expect(error instanceof Error && error.message).toMatch(message)
  })

  it('writes what it added into the payload when it is told to, and leaves its own values alone', async () => {
    const nested = { roles: ['a'] }
    const payload: Record<string, unknown> = { user: nested, gone: undefined }
    const token = sign(payload, secret, { mutatePayload: true, expiresIn: 60, issuer: 'a', clock })
    expect(payload).toEqual({
      user: nested,
      gone: undefined,
      iat: 1_700_000_000,
      exp: 1_700_000_060,
      iss: 'a',
    })
    expect(payload['user']).toBe(nested)
    expect(decode(token)).toEqual({ user: nested, iat: 1_700_000_000, exp: 1_700_000_060, iss: 'a' })
    const other: Record<string, unknown> = {}
    await new Promise(resolve => sign(other, secret, { mutatePayload: true, clock }, resolve))
    expect(other).toEqual({ iat: 1_700_000_000 })
    const untouched = {}
    sign(untouched, secret)
    expect(untouched).toEqual({})
  })

  it('calls back once, never before it returns, and with what it was given at the call', async () => {
    const order: string[] = []
    const payload = { a: 1 }
    const done = new Promise<string | undefined>(resolve => {
      sign(payload, secret, (error, token) => {
        order.push(error === null ? 'called' : 'failed')
        resolve(token)
      })
    })
    payload.a = 2
    order.push('returned')
    expect(decode((await done) ?? '')).toMatchObject({ a: 1 })
    await new Promise(setImmediate)
    expect(order).toEqual(['returned', 'called'])
  })

  it('does not call again a callback that throws', async () => {
    const thrown = new Promise<unknown>(resolve => process.once('uncaughtException', resolve))
    const listeners = process.listeners('uncaughtException').slice(0, -1)
    for (const listener of listeners) process.off('uncaughtException', listener)
    let calls = 0
    sign({}, secret, () => {
      calls++
      throw new Error('from the callback')
    })
    expect(await thrown).toMatchObject({ message: 'from the callback' })
    await new Promise(setImmediate)
    for (const listener of listeners) process.on('uncaughtException', listener)
    expect(calls).toBe(1)
  })

  it('wants a function for its callback', () => {
    expect(() => sign({}, secret, {}, 'x' as unknown as () => void)).toThrow(
      'sign: the callback must be a function',
    )
  })

  it('remembers few secrets, and mixes none up', () => {
    for (let count = 0; count < 50; count++) {
      const own = `${secret}${count % 13}`
      const alg = count % 2 === 0 ? 'HS256' : 'HS384'
      const token = sign({ count }, own.repeat(2), { algorithm: alg })
      expect(verify(token, own.repeat(2), { algorithms: [alg] })).toMatchObject({ count })
      expect(() => verify(token, `${own}x`.repeat(2), { algorithms: [alg] })).toThrow()
    }
    expect(createKey({ secret }).alg).toBe('HS256')
  })
})
