// The strictness matrix: what some library in the field accepts and nobody should.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { sign } from '../../src/token/sign-once.ts'
import { createVerifier, type Verifier } from '../../src/token/verifier.ts'
import { encode, hs256, rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })
const verifier = createVerifier({ key })
const accessTokens = createVerifier({ key, typ: 'at+jwt' })
const issuedByGood = createVerifier({ key, issuer: 'good' })
const later = 9_999_999_999

const good = rawToken({ payload: { sub: 'ada', exp: later } })
const signature = good.slice(good.lastIndexOf('.') + 1)
/** Another spelling of the same signature: its last character carries two bits that do not count. */
const respelled = good.slice(0, -1) + String.fromCharCode(good.charCodeAt(good.length - 1) + 1)

type Row = readonly [name: string, token: string, code: string, judge?: Verifier]

const written: readonly Row[] = [
  ['[S9] an unknown crit', rawToken({ header: { alg: 'HS256', crit: ['x'], x: 1 } }), 'crit_unsupported'],
  ['[S9] an empty crit', rawToken({ header: { alg: 'HS256', crit: [] } }), 'crit_unsupported'],
  ['[S6] alg twice in the header', rawToken({ header: '{"alg":"HS256","alg":"HS256"}' }), 'token_malformed'],
  ['[S6] alg twice, none first', rawToken({ header: '{"alg":"none","alg":"HS256"}' }), 'token_malformed'],
  ['[S6] sub twice', rawToken({ payload: '{"sub":"ada","sub":"eve"}' }), 'claims_malformed'],
  ['[S6] aud twice', rawToken({ payload: '{"aud":"a","aud":"b"}' }), 'claims_malformed'],
  ['[S2] trailing bits in the signature', respelled, 'signature_invalid'],
  ['[S2] padding on the signature', `${good}=`, 'signature_invalid'],
  ['[S1] four segments', `${good}.AAAA`, 'token_malformed'],
  ['[S37] exp as text', rawToken({ payload: { exp: '9999999999' } }), 'claim_invalid'],
  ['[S37] exp null', rawToken({ payload: { exp: null } }), 'claim_invalid'],
  ['[S37] exp 1e400', rawToken({ payload: '{"exp":1e400}' }), 'claim_invalid'],
  ['[S39] nbf in the future', rawToken({ payload: { nbf: later } }), 'token_not_active'],
  [
    '[S38] an access token without exp',
    rawToken({ header: { alg: 'HS256', typ: 'at+jwt' } }),
    'claim_missing',
    accessTokens,
  ],
  ['[S7] a list as payload', rawToken({ payload: '[]' }), 'claims_malformed'],
  ['[S7] a text as payload', rawToken({ payload: '"x"' }), 'claims_malformed'],
  [
    '[S5] a payload that is not UTF-8',
    rawToken({ payload: Buffer.from('7b2261223a22ff227d', 'hex') }),
    'claims_malformed',
  ],
  [
    '[S7] __proto__ in the payload',
    rawToken({ payload: '{"__proto__":{"admin":true}}' }),
    'claims_malformed',
  ],
  [
    '[S40] iss as a list with the good one',
    rawToken({ payload: { iss: ['evil', 'good'] } }),
    'claim_invalid',
    issuedByGood,
  ],
  [
    '[S10] b64 false with crit',
    rawToken({ header: { alg: 'HS256', b64: false, crit: ['b64'] } }),
    'crit_unsupported',
  ],
  ['[S10] b64 false without crit', rawToken({ header: { alg: 'HS256', b64: false } }), 'crit_unsupported'],
]

const rows = written.map(([name, token, code, judge = verifier]) => ({ name, token, code, judge }))

describe('the strictness matrix', () => {
  it('begins with a token that holds', () => {
    expect(verifier(good)).toEqual({ sub: 'ada', exp: later })
    expect(respelled).not.toBe(good)
    expect(Buffer.from(respelled, 'base64url').equals(Buffer.from(good, 'base64url'))).toBe(true)
  })

  it.each(rows)('refuses $name', ({ token, code, judge }) => {
    expect(judge.safe(token)).toMatchObject({ ok: false, code })
    expect(() => judge(token)).toThrow(expect.objectContaining({ code }))
    expect(() => judge.complete(token)).toThrow(LatchkeyError)
  })

  it.each(rows)('refuses in the thread pool $name', async ({ token, code, judge }) => {
    await expect(judge.async(token)).rejects.toMatchObject({ code })
  })

  it('[S7] pollutes no prototype', () => {
    verifier.safe(
      rawToken({ payload: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}' }),
    )
    expect('polluted' in {}).toBe(false)
    const claims = verifier(rawToken({ payload: '{"constructor":1,"hasOwnProperty":2}' }))
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype)
    expect(Object.keys(claims)).toEqual(['constructor', 'hasOwnProperty'])
  })

  it('[S20] takes no HMAC secret of 3 bytes', () => {
    expect(() => createKey({ secret: 'abc' })).toThrow(expect.objectContaining({ code: 'key_too_weak' }))
    expect(() => sign({}, 'abc')).toThrow(expect.objectContaining({ code: 'key_too_weak' }))
  })

  it('[S22] signs with no RSA key of 1024 bits', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    expect(() => sign({}, privateKey, { algorithm: 'RS256' })).toThrow(
      expect.objectContaining({ code: 'key_too_weak' }),
    )
  })
})

describe('the form of a token', () => {
  const [head = '', body = ''] = good.split('.')

  it.each([
    ['nothing', ''],
    ['one segment', head],
    ['two segments', `${head}.${body}`],
    ['only dots', '..'],
    ['no header', `.${body}.${signature}`],
    ['no payload', `${head}..${hs256(`${head}.`)}`],
    ['[S4] the flattened JSON form', JSON.stringify({ protected: head, payload: body, signature })],
    [
      '[S4] the general JSON form',
      JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
    ],
    ['a space in front', ` ${good}`],
    ['a line break behind', `${good}\n`],
    ['Bearer', `Bearer ${good}`],
    ['a comma and another token', `${good},${good}`],
    ['a header that is no JSON', `${encode('x')}.${body}.${signature}`],
    ['a header that is a list', rawToken({ header: '[]' })],
    ['a header with a byte order mark', rawToken({ header: '\ufeff{"alg":"HS256"}' })],
    [
      'a header that nests too deep',
      rawToken({ header: `{"alg":"HS256","x":${'['.repeat(40)}${']'.repeat(40)}}` }),
    ],
    ['claims that nest too deep', rawToken({ payload: `{"x":${'['.repeat(40)}${']'.repeat(40)}}` })],
    ['claims with garbage behind', rawToken({ payload: '{} x' })],
    ['claims with a byte order mark', rawToken({ payload: '\ufeff{}' })],
  ])('[S1] [S5] [S7] is not %s', (_, token) => {
    const verdict = verifier.safe(token)
    expect(verdict.ok ? 'accepted' : verdict.code).toMatch(
      /^(token_malformed|claims_malformed|token_encrypted|signature_invalid)$/,
    )
  })

  it.each([
    undefined,
    null,
    1,
    true,
    {},
    [],
    [good],
    Symbol('x'),
    () => good,
    { toString: () => good },
    new String(good),
    Buffer.from(good),
  ])('is text, and nothing that becomes one: %s', async token => {
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_malformed' })
    expect(await verifier.check(token)).toMatchObject({ ok: false, code: 'token_malformed' })
    await expect(verifier.async(token as string)).rejects.toMatchObject({ code: 'token_malformed' })
  })

  it('[S1] has no character but those of base64url and two dots, at any place', () => {
    const short = rawToken({ payload: {} })
    const odd = [
      ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
      'é',
      'ſ',
      '\u0141',
      '\u0100',
      '😀',
      '\ud800',
    ]
    for (const character of odd) {
      if (/[\w.-]/.test(character)) continue
      for (let at = 0; at <= short.length; at++) {
        const inserted = short.slice(0, at) + character + short.slice(at)
        const replaced = short.slice(0, at) + character + short.slice(at + 1)
        for (const token of [inserted, replaced]) if (verifier.safe(token).ok) expect(token).toBe('refused')
      }
    }
  })

  it('[S2] fast-jwt#606: has one spelling: padding, whitespace and loose bits are refused in each of its parts', () => {
    const parts = rawToken({ header: { alg: 'HS256', a: 1 }, payload: { a: 'bc' } }).split('.')
    for (const [at, part] of parts.entries()) {
      for (const spelling of [
        `${part}=`,
        `${part}==`,
        `${part} `,
        ` ${part}`,
        `${part}\n`,
        `${part.slice(0, 4)}\t${part.slice(4)}`,
      ]) {
        const changed = parts.with(at, spelling)
        // Signed as it stands, so that only its form is wrong.
        const signed = at === 2 ? changed : [...changed.slice(0, 2), hs256(changed.slice(0, 2).join('.'))]
        expect(verifier.safe(signed.join('.')).ok, JSON.stringify(spelling)).toBe(false)
      }
    }
  })

  it('[S2] has no loose bits in header and payload, even when they are signed', () => {
    for (const at of [0, 1]) {
      for (const padding of ['', 'x', 'xx']) {
        const parts = [encode(`{"alg":"HS256","p":"${padding}"}`), encode(`{"p":"${padding}"}`)]
        const part = parts[at] ?? ''
        if (part.length % 4 === 0) continue
        const last = part.charCodeAt(part.length - 1)
        const changed = parts.with(at, part.slice(0, -1) + String.fromCharCode(last + 1))
        const input = changed.join('.')
        expect(verifier.safe(`${input}.${hs256(input)}`).ok).toBe(false)
      }
    }
  })

  it('[S3] CVE-2025-27144: is refused unread when it is too long, and its dots are not counted', () => {
    for (const token of [
      '.'.repeat(1_000_000),
      'a'.repeat(1_000_000),
      `${'a.'.repeat(2)}${'a'.repeat(1_000_000)}`,
      `${'{"a":'.repeat(200_000)}`,
    ]) {
      const before = process.memoryUsage().heapUsed
      const verdict = verifier.safe(token)
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000)
      expect(verdict).toMatchObject({ ok: false, code: 'token_too_long' })
    }
    const long = rawToken({ payload: { a: 'x'.repeat(7000) } })
    expect(verifier.safe(long)).toMatchObject({ ok: false, code: 'token_too_long' })
    expect(createVerifier({ key, maxTokenLength: 20_000 }).safe(long).ok).toBe(true)
    expect(createVerifier({ key, maxTokenLength: long.length - 1 }).safe(long).ok).toBe(false)
    expect(createVerifier({ key, maxTokenLength: long.length }).safe(long).ok).toBe(true)
  })

  it('[S36] CVE-2022-36083 CVE-2023-25653 CVE-2023-50967 CVE-2024-28176: is not encrypted; five parts have a code of their own', () => {
    for (const header of [
      { alg: 'dir', enc: 'A256GCM', zip: 'DEF' },
      { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31, p2s: 'AAAA' },
      { alg: 'RSA1_5', enc: 'A128CBC-HS256' },
    ]) {
      expect(verifier.safe(`${encode(JSON.stringify(header))}.AAAA.AAAA.AAAA.AAAA`)).toMatchObject({
        code: 'token_encrypted',
      })
    }
    expect(verifier.safe('a.b.c.d.e.f')).toMatchObject({ code: 'token_malformed' })
  })

  it('[S11] carries further members of header and claims without harm', () => {
    const verdict = verifier.safe(
      rawToken({
        header: { alg: 'HS256', foo: [1, { bar: 2 }], cty: 'JWT', zip: 'DEF' },
        payload: { foo: null, baz: [1] },
      }),
    )
    expect(verdict).toMatchObject({
      ok: true,
      claims: { foo: null, baz: [1] },
      header: { foo: [1, { bar: 2 }] },
    })
  })
})
