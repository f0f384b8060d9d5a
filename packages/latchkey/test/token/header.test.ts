import { describe, expect, it } from 'vitest'
import { freezePlain, KnownHeaders, readHeader, shortMediaType } from '../../src/token/header.ts'
import { Refusal } from '../../src/token/verdict.ts'
import { encode } from './raw-token.ts'

const codeOf = (header: object | string, rules: { algorithms?: string[]; types?: string[] } = {}): string => {
  const read = readHeader(encode(typeof header === 'string' ? header : JSON.stringify(header)), {
    algorithms: rules.algorithms,
    types: rules.types,
  })
  return read instanceof Refusal ? read.code : 'read'
}

describe('the header', () => {
  it.each([
    { alg: 'none' },
    { alg: 'None' },
    { alg: 'NONE' },
    { alg: 'nOnE' },
    { alg: 'hs256' },
    { alg: 'HS256 ' },
    { alg: '' },
    {},
    { alg: null },
    { alg: 256 },
    { alg: ['HS256'] },
    { alg: { name: 'HS256' } },
    { alg: 'constructor' },
    { alg: 'RSA-OAEP' },
    { ALG: 'HS256' },
  ])('[S8] [S17] with %j names no algorithm', header => {
    expect(codeOf(header)).toBe('alg_not_allowed')
  })

  it.each([
    ['an unknown entry', ['exp'], { exp: 1 }],
    ['an empty list', [], {}],
    ['a text', 'b64', {}],
    ['null', null, {}],
    ['an object', {}, {}],
    ['an entry twice', ['x', 'x'], { x: 1 }],
    ['a registered name', ['alg'], {}],
    ['an entry that the header lacks', ['x'], {}],
    ['b64', ['b64'], { b64: true }],
  ])(
    '[S9] CVE-2025-59420 CVE-2026-32597 GHSA-hm7r-c7qw-ghp6 CVE-2026-35042: crit with %s is refused',
    (_, crit, more) => {
      expect(codeOf({ alg: 'HS256', crit, ...more })).toBe('crit_unsupported')
    },
  )

  it.each([
    [{ kid: 1 }],
    [{ kid: null }],
    [{ kid: ['a'] }],
    [{ kid: 'x'.repeat(257) }],
    [{ typ: 1 }],
    [{ typ: ['JWT'] }],
    [{ cty: {} }],
  ])('[S13] with %j is invalid', member => {
    expect(codeOf({ alg: 'HS256', ...member })).toBe('header_invalid')
  })

  it.each<[string, string[], string | undefined, string]>([
    ['takes the type', ['at+jwt'], 'at+jwt', 'read'],
    ['looks at no case', ['at+jwt'], 'AT+JWT', 'read'],
    ['takes the long form', ['at+jwt'], 'application/at+jwt', 'read'],
    ['takes the long form in any case', ['at+jwt'], 'Application/AT+jwt', 'read'],
    ['takes no other prefix', ['at+jwt'], 'text/at+jwt', 'typ_mismatch'],
    ['takes no doubled prefix', ['at+jwt'], 'application/application/at+jwt', 'typ_mismatch'],
    ['refuses an ID token', ['at+jwt'], 'JWT', 'typ_mismatch'],
    ['refuses a logout token', ['at+jwt'], 'logout+jwt', 'typ_mismatch'],
    ['refuses a DPoP proof', ['at+jwt'], 'dpop+jwt', 'typ_mismatch'],
    ['refuses an empty one where it may be absent', ['at+jwt', ''], '', 'typ_mismatch'],
    ['refuses an empty one behind its prefix', ['at+jwt', ''], 'application/', 'typ_mismatch'],
    ['refuses an absent one', ['at+jwt'], undefined, 'typ_mismatch'],
    ['takes an absent one where that is said', ['at+jwt', ''], undefined, 'read'],
    ['takes any of several', ['at+jwt', 'jwt'], 'JWT', 'read'],
  ])('[S42] [S43] %s', (_, types, typ, outcome) => {
    expect(codeOf({ alg: 'HS256', typ }, { types })).toBe(outcome)
  })

  it('[S16] is of the allowed algorithms only', () => {
    expect(codeOf({ alg: 'HS256' }, { algorithms: ['HS256'] })).toBe('read')
    expect(codeOf({ alg: 'HS384' }, { algorithms: ['HS256'] })).toBe('alg_not_allowed')
  })

  it('is frozen at every depth', () => {
    const header = readHeader(encode('{"alg":"HS256","jwk":{"x":[1]}}'), {
      algorithms: undefined,
      types: undefined,
    })
    const jwk = (header as unknown as { jwk: { x: number[] } }).jwk
    expect([header, jwk, jwk.x].map(Object.isFrozen)).toEqual([true, true, true])
  })

  it('has a short media type', () => {
    expect(
      ['application/x', 'APPLICATION/X', 'x', 'application/', 'application/a/b'].map(shortMediaType),
    ).toEqual(['x', 'x', 'x', '', 'application/a/b'])
  })
})

describe('headers that are known', () => {
  it('are found by their whole text, and never more than 256', () => {
    const known = new KnownHeaders()
    const header = { alg: 'HS256' }
    for (let count = 0; count < 2000; count++)
      known.remember(`head${count}.x.y`, `head${count}`.length, header)
    expect(known.find('head1999.a.b', 8)).toBe(header)
    expect(known.find('head1999.c.d', 8)).toBe(header)
    expect(known.find('head199.a.b', 7)).toBeUndefined()
    expect(known.find('head19990.a.b', 9)).toBeUndefined()
    const kept = Array.from({ length: 2000 }, (_, n) => known.find(`head${n}.x`, `head${n}`.length)).filter(
      Boolean,
    )
    expect(kept.length).toBeLessThanOrEqual(256)
    known.clear()
    expect(known.find('head1999.a.b', 8)).toBeUndefined()
  })
})

describe('freezePlain', () => {
  it('freezes plain data whole, what is frozen at its surface too, and circles', () => {
    const circle: Record<string, unknown> = { list: [{ a: 1 }] }
    circle['self'] = circle
    const shallow = Object.freeze({ inner: { deep: [1] }, circle })
    expect(freezePlain(shallow)).toBe(true)
    expect([shallow.inner, shallow.inner.deep, circle, circle['list']].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it.each([
    [new Date()],
    [new Map()],
    [{ a: [new Set()] }],
    [() => 1],
    [Object.freeze({ a: new Date() })],
    [new (class {})()],
    [Buffer.alloc(1)],
  ])('says no to %s', value => {
    expect(freezePlain(value)).toBe(false)
  })
})
