import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { decode } from '../../src/token/decode.ts'
import { createSigner, type SignerOptions } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { publicOf } from '../keys/keys-of-tests.ts'
import { hs256, secret } from './raw-token.ts'

const key = createKey({ secret })
const now = 1_700_000_000
const clock = (): number => now * 1000 + 999
const make = (options: object = {}): ReturnType<typeof createSigner> =>
  createSigner({ key, clock, ...options } as SignerOptions)
const claimsOf = (token: string): unknown => decode(token)

describe('createSigner', () => {
  it.each<[string, object, object, object]>([
    ['iat, in whole seconds', {}, { a: 1 }, { a: 1, iat: now }],
    ['no iat', { noTimestamp: true }, { a: 1 }, { a: 1 }],
    ['nothing', { noTimestamp: true }, {}, {}],
    ['the payload’s own iat', {}, { iat: 5 }, { iat: 5 }],
    ['exp from now', { expiresIn: '1h' }, {}, { iat: now, exp: now + 3600 }],
    ['exp from the payload’s iat', { expiresIn: 60 }, { iat: 5 }, { iat: 5, exp: 65 }],
    ['exp without iat', { expiresIn: 60, noTimestamp: true }, {}, { exp: now + 60 }],
    ['exp in the past', { expiresIn: '-1s' }, {}, { iat: now, exp: now - 1 }],
    ['exp in whole seconds', { expiresIn: 1.9 }, {}, { iat: now, exp: now + 1 }],
    ['nbf', { notBefore: '5m' }, {}, { iat: now, nbf: now + 300 }],
    [
      'issuer, subject, audience, id',
      { issuer: 'a', subject: 'b', audience: 'c', jwtid: 'd' },
      {},
      { iat: now, iss: 'a', sub: 'b', aud: 'c', jti: 'd' },
    ],
    ['a list of audiences', { audience: ['a', 'b'] }, {}, { iat: now, aud: ['a', 'b'] }],
    ['texts with quotes', { issuer: '"\\é' }, {}, { iat: now, iss: '"\\é' }],
    [
      'claims that are undefined not at all',
      { expiresIn: 1 },
      { exp: undefined, a: undefined },
      { iat: now, exp: now + 1 },
    ],
  ])('writes %s', (_, options, payload, claims) => {
    const token = make(options)(payload)
    expect(claimsOf(token)).toEqual(claims)
    const [head, body, tail] = token.split('.')
    expect(tail).toBe(hs256(`${head}.${body}`))
  })

  it('[S45] makes a token id of 128 random bits for each token', async () => {
    const signer = make({ jwtid: true })
    const ids = new Set<unknown>()
    for (let count = 0; count < 20_000; count++) ids.add(decode(signer({}))?.['jti'])
    ids.add(decode(await signer.async({}))?.['jti'])
    expect(ids.size).toBe(20_001)
    for (const id of ids) if (!/^[\w-]{22}$/.test(String(id))) expect(id).toMatch(/^[\w-]{22}$/)
  })

  it.each<[string, object, object]>([
    ['typ JWT and the kid of the key', {}, { alg: 'HS256', kid: 'k', typ: 'JWT' }],
    ['another typ', { typ: 'at+jwt' }, { alg: 'HS256', kid: 'k', typ: 'at+jwt' }],
    ['no typ', { typ: '' }, { alg: 'HS256', kid: 'k' }],
    ['another kid', { keyid: 'x' }, { alg: 'HS256', kid: 'x', typ: 'JWT' }],
    [
      'further members',
      { header: { cty: 'x', foo: [1] } },
      { alg: 'HS256', kid: 'k', typ: 'JWT', cty: 'x', foo: [1] },
    ],
    ['the key’s own alg', { header: { alg: 'HS256' } }, { alg: 'HS256', kid: 'k', typ: 'JWT' }],
  ])('writes a header with %s', (_, options, header) => {
    const token = make({ key: createKey({ secret }, { kid: 'k' }), ...options })({})
    expect(decode(token, { complete: true })?.header).toEqual(header)
  })

  it.each<[string, object]>([
    ['a public key', { key: publicOf(generateKey('ES256')) }],
    ['a secret', { key: secret }],
    ['no key', { key: undefined }],
    ['an unknown option', { expiresin: 5 }],
    ['mutatePayload, which is of sign', { mutatePayload: true }],
    ['expiresIn', { expiresIn: '120' }],
    ['expiresIn null', { expiresIn: null }],
    ['notBefore', { notBefore: 'later' }],
    ['noTimestamp', { noTimestamp: 1 }],
    ['issuer', { issuer: ['a'] }],
    ['subject', { subject: 1 }],
    ['audience', { audience: [] }],
    ['audience of others', { audience: ['a', 1] }],
    ['jwtid', { jwtid: false }],
    ['keyid', { keyid: '' }],
    ['keyid too long', { keyid: 'x'.repeat(257) }],
    ['typ', { typ: 1 }],
    ['header', { header: [] }],
    ['header null', { header: null }],
    ['[S9] crit', { header: { crit: ['exp'] } }],
    ['[S10] b64', { header: { b64: false } }],
    ['kid in the header', { header: { kid: 1 } }],
    ['typ in the header', { header: { typ: {} } }],
    ['[S17] alg none', { header: { alg: 'none' } }],
    ['[S18] another alg', { header: { alg: 'HS512' } }],
    ['clock', { clock: 1 }],
  ])('refuses %s', (_, options) => {
    expect(() => make(options)).toThrow(TypeError)
  })

  it.each<[string, unknown, object]>([
    ['text', 'x', {}],
    ['a list', [], {}],
    ['null', null, {}],
    ['bytes', Buffer.from('x'), {}],
    ['an object with toJSON', { toJSON: () => ({}) }, {}],
    ['a Date', new Date(), {}],
    ['exp as text', { exp: '1' }, {}],
    ['exp that is not a number', { exp: Number.NaN }, {}],
    ['exp without end', { exp: Number.POSITIVE_INFINITY }, {}],
    ['nbf null', { nbf: null }, {}],
    ['iat as a Date', { iat: new Date() }, {}],
    ['iss as a list', { iss: ['a'] }, {}],
    ['sub as a number', { sub: 1 }, {}],
    ['jti as a number', { jti: 1 }, {}],
    ['aud of others', { aud: [1] }, {}],
    ['exp twice', { exp: 1 }, { expiresIn: 1 }],
    ['nbf twice', { nbf: 1 }, { notBefore: 1 }],
    ['iss twice', { iss: 'a' }, { issuer: 'a' }],
    ['sub twice', { sub: 'a' }, { subject: 'a' }],
    ['aud twice', { aud: 'a' }, { audience: 'a' }],
    ['jti twice', { jti: 'a' }, { jwtid: true }],
    ['a big integer', { a: 1n }, {}],
    ['[S5] half of a surrogate pair', { a: { b: ['\ud800'] } }, {}],
    ['[S5] half of one as a name', { '\udc00': 1 }, {}],
  ])('signs no %s', async (_, payload, options) => {
    const signer = make(options)
    expect(() => signer(payload as object)).toThrow(TypeError)
    await expect(signer.async(payload as object)).rejects.toThrow(TypeError)
  })

  it('[S5] writes no header with half of a surrogate pair', () => {
    for (const options of [{ keyid: '\ud800' }, { typ: '\udc00' }, { header: { x: ['\ud800'] } }])
      expect(() => make(options)({})).toThrow(/in the header has half of a surrogate pair/)
  })

  it('signs text that only looks like half of a pair', () => {
    for (const a of ['\\ud800', '\\\\ud800', '😀', '"\\ud8ff"'])
      expect(claimsOf(make({ noTimestamp: true })({ a }))).toEqual({ a })
  })

  it('adds to one call what is asked of it, and nothing to the next', () => {
    const signer = make({ issuer: 'a', jwtid: 'fixed', expiresIn: 60 })
    expect(claimsOf(signer({}, { subject: 'ada', expiresIn: 5 }))).toEqual({
      iat: now,
      exp: now + 5,
      iss: 'a',
      sub: 'ada',
      jti: 'fixed',
    })
    expect(claimsOf(signer({}, { jwtid: true }))).not.toMatchObject({ jti: 'fixed' })
    expect(claimsOf(signer({}, { issuer: 'b', notBefore: 1 }))).toMatchObject({ iss: 'b', nbf: now + 1 })
    expect(claimsOf(signer({}))).toEqual({ iat: now, exp: now + 60, iss: 'a', jti: 'fixed' })
    expect(() => signer({}, { sub: 'x' } as object)).toThrow(/did you mean 'subject'/)
    expect(() => signer({ sub: 'x' }, { subject: 'y' })).toThrow(/in the payload and in the options/)
  })

  it('changes no payload, and reads the time of each token', () => {
    let seconds = 100
    const signer = createSigner({ key, clock: () => seconds * 1000, expiresIn: 10 })
    const payload = Object.freeze({ a: 1 })
    expect(claimsOf(signer(payload))).toEqual({ a: 1, iat: 100, exp: 110 })
    seconds = 101
    expect(claimsOf(signer(payload))).toEqual({ a: 1, iat: 101, exp: 111 })
    expect(payload).toEqual({ a: 1 })
  })

  it('signs in the thread pool what it was given, whatever happens to it meanwhile', async () => {
    const signer = createSigner({ key: generateKey('ES256'), noTimestamp: true })
    const payload = { a: 1 }
    const pending = signer.async(payload)
    payload.a = 2
    expect(claimsOf(await pending)).toEqual({ a: 1 })
  })

  it('[S35] gives a signer no say over nonces, and signs large claims', () => {
    const signer = createSigner({ key: generateKey('ES256') })
    expect(signer({ a: 1 })).not.toBe(signer({ a: 1 }))
    const large = { a: 'é'.repeat(20_000) }
    expect(createVerifier({ key, maxTokenLength: 1_000_000 })(make({ noTimestamp: true })(large))).toEqual(
      large,
    )
  })
})
