import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { type ClaimOptions, createVerifier } from '../../src/token/verifier.ts'
import { rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })
const now = 1_700_000_000

/** The verdict on claims at a moment, in seconds: `ok`, or a code with the claim. */
function judge(payload: object | string, options: ClaimOptions = {}, at = now): string {
  const verdict = createVerifier({ key, ...options, clock: () => at * 1000 }).safe(rawToken({ payload }))
  return verdict.ok ? 'ok' : `${verdict.code} ${verdict.claim}`
}

describe('[S37] registered claims are of the right kind, and being falsy skips nothing', () => {
  const notNumbers = ['"1"', '""', 'null', 'true', 'false', '[]', '[1]', '{}', '1e400', '-1e400']
  it.each(['exp', 'nbf', 'iat'].flatMap(claim => notNumbers.map(value => [claim, value])))(
    '%s is not %s',
    (claim, value) => {
      expect(judge(`{"${claim}":${value}}`)).toBe(`claim_invalid ${claim}`)
    },
  )

  const notTexts = ['1', '0', 'null', 'true', '[]', '["good"]', '{}']
  it.each(['iss', 'sub', 'jti'].flatMap(claim => notTexts.map(value => [claim, value])))(
    'CVE-2025-30144 fast-jwt#552: %s is not %s',
    (claim, value) => {
      expect(judge(`{"${claim}":${value}}`)).toBe(`claim_invalid ${claim}`)
    },
  )

  it.each(['1', 'null', 'true', '{}', '[1]', '["a",null]', '[["a"]]'])('[S41] aud is not %s', value => {
    expect(judge(`{"aud":${value}}`)).toBe('claim_invalid aud')
  })

  it.each([0, -1, -0, 1.5])('exp %d is long past', exp => {
    expect(judge({ exp })).toBe('token_expired exp')
  })

  it('NaN is no JSON', () => {
    expect(judge('{"exp":NaN}')).toBe('claims_malformed undefined')
  })
})

describe('[S38] [S39] times', () => {
  it.each<[string, object, ClaimOptions, number, string]>([
    ['exp, a second before', { exp: now }, {}, now - 1, 'ok'],
    ['exp, a millisecond before', { exp: now }, {}, now - 0.001, 'ok'],
    ['exp, at it', { exp: now }, {}, now, 'token_expired exp'],
    ['exp, a second after', { exp: now }, {}, now + 1, 'token_expired exp'],
    ['exp with parts of a second', { exp: now + 0.5 }, {}, now + 0.4, 'ok'],
    ['exp, at it, with tolerance', { exp: now }, { clockTolerance: 5 }, now + 4.999, 'ok'],
    ['exp, at the end of the tolerance', { exp: now }, { clockTolerance: 5 }, now + 5, 'token_expired exp'],
    ['exp, tolerance as text', { exp: now }, { clockTolerance: '60s' }, now + 59, 'ok'],
    ['exp, ignored', { exp: 1 }, { unsafeIgnoreExpiration: true }, now, 'ok'],
    [
      'exp, ignored, nbf not',
      { exp: 1, nbf: now + 1 },
      { unsafeIgnoreExpiration: true },
      now,
      'token_not_active nbf',
    ],
    [
      'exp, ignored, of the wrong kind',
      { exp: '1' },
      { unsafeIgnoreExpiration: true },
      now,
      'claim_invalid exp',
    ],
    [
      'exp, ignored, and required',
      {},
      { unsafeIgnoreExpiration: true, requiredClaims: ['exp'] },
      now,
      'claim_missing exp',
    ],
    [
      'exp, ignored, iss not',
      { exp: 1, iss: 'a' },
      { unsafeIgnoreExpiration: true, issuer: 'b' },
      now,
      'issuer_mismatch iss',
    ],
    ['nbf, a second before', { nbf: now }, {}, now - 1, 'token_not_active nbf'],
    ['nbf, at it', { nbf: now }, {}, now, 'ok'],
    ['nbf, a second after', { nbf: now }, {}, now + 1, 'ok'],
    ['nbf, before it, within tolerance', { nbf: now }, { clockTolerance: 5 }, now - 5, 'ok'],
    ['nbf, before its tolerance', { nbf: now }, { clockTolerance: 5 }, now - 5.001, 'token_not_active nbf'],
    ['iat in the future, not asked', { iat: now + 100 }, {}, now, 'ok'],
    ['maxAge, within', { iat: now - 59 }, { maxAge: 60 }, now, 'ok'],
    ['maxAge, at it', { iat: now - 60 }, { maxAge: '1m' }, now, 'token_too_old iat'],
    ['maxAge, at it, with tolerance', { iat: now - 60 }, { maxAge: '1m', clockTolerance: 1 }, now, 'ok'],
    ['maxAge, without iat', {}, { maxAge: 60 }, now, 'claim_missing iat'],
    ['maxAge, iat in the future', { iat: now + 1 }, { maxAge: 60 }, now, 'token_not_active iat'],
    [
      'maxAge, not stretched by ignoring exp',
      { iat: 1, exp: 2 },
      { maxAge: 60, unsafeIgnoreExpiration: true },
      now,
      'token_too_old iat',
    ],
  ])('%s', (_, payload, options, at, outcome) => {
    expect(judge(payload, options, at)).toBe(outcome)
  })

  it.each([Number.NaN, undefined, 'x'])('a clock that says %s lets no token with a time pass', at => {
    const verifier = createVerifier({ key, clock: () => at as number })
    for (const payload of [{ exp: 9_999_999_999 }, { nbf: 1 }])
      expect(verifier.safe(rawToken({ payload })).ok).toBe(false)
    expect(
      createVerifier({ key, maxAge: 60, clock: () => at as number }).safe(rawToken({ payload: { iat: now } }))
        .ok,
    ).toBe(false)
  })
})

describe('values are compared exactly', () => {
  it.each<[string, object, ClaimOptions, string]>([
    ['[S40] iss', { iss: 'https://a' }, { issuer: 'https://a' }, 'ok'],
    ['[S40] iss, one of several', { iss: 'https://b' }, { issuer: ['https://a', 'https://b'] }, 'ok'],
    ['[S40] iss with a slash more', { iss: 'https://a/' }, { issuer: 'https://a' }, 'issuer_mismatch iss'],
    ['[S40] iss in another case', { iss: 'https://A' }, { issuer: 'https://a' }, 'issuer_mismatch iss'],
    ['[S40] iss composed otherwise', { iss: 'e\u0301' }, { issuer: '\u00e9' }, 'issuer_mismatch iss'],
    ['[S40] iss missing', {}, { issuer: 'https://a' }, 'issuer_mismatch iss'],
    ['[S40] iss empty', { iss: '' }, { issuer: 'https://a' }, 'issuer_mismatch iss'],
    ['[S41] GHSA-m732-5p4w-x69g: aud', { aud: 'a' }, { audience: 'a' }, 'ok'],
    ['[S41] aud, a list with it', { aud: ['x', 'a'] }, { audience: 'a' }, 'ok'],
    ['[S41] aud, one of several', { aud: ['x', 'b'] }, { audience: ['a', 'b'] }, 'ok'],
    ['[S41] GHSA-m732-5p4w-x69g: aud missing', {}, { audience: 'a' }, 'audience_mismatch aud'],
    ['[S41] aud empty', { aud: [] }, { audience: 'a' }, 'audience_mismatch aud'],
    ['[S41] aud, a part of it', { aud: 'ab' }, { audience: 'a' }, 'audience_mismatch aud'],
    ['[S41] aud, another', { aud: ['b'] }, { audience: 'a' }, 'audience_mismatch aud'],
    ['sub', { sub: 'ada' }, { subject: 'ada' }, 'ok'],
    ['sub, another', { sub: 'eve' }, { subject: 'ada' }, 'subject_mismatch sub'],
    ['sub missing', {}, { subject: 'ada' }, 'subject_mismatch sub'],
    ['jti', { jti: 'x' }, { jwtid: 'x' }, 'ok'],
    ['jti, another', { jti: 'y' }, { jwtid: 'x' }, 'claim_mismatch jti'],
    ['nonce', { nonce: 'x' }, { nonce: 'x' }, 'ok'],
    ['nonce, another', { nonce: 'y' }, { nonce: 'x' }, 'claim_mismatch nonce'],
    ['nonce, a list', { nonce: ['x'] }, { nonce: 'x' }, 'claim_mismatch nonce'],
    ['required and there', { a: 0, b: false }, { requiredClaims: ['a', 'b'] }, 'ok'],
    ['required and missing', {}, { requiredClaims: ['a'] }, 'claim_missing a'],
    ['required and null', { a: null }, { requiredClaims: ['a'] }, 'claim_missing a'],
    ['required and empty', { a: '' }, { requiredClaims: ['a'] }, 'claim_missing a'],
    ['required and inherited', {}, { requiredClaims: ['toString'] }, 'claim_missing toString'],
    [
      '[S44] what RFC 9068 2.2 asks for',
      { iss: 'a', sub: 'b' },
      { requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] },
      'claim_missing exp',
    ],
  ])('%s', (_, payload, options, outcome) => {
    expect(judge(payload, options)).toBe(outcome)
  })

  it.each(['issuer', 'audience', 'subject', 'jwtid', 'nonce'])(
    '[S41] CVE-2026-35041 GHSA-cjw9-ghj4-fwxf GHSA-3j8v-cgw4-2g6q node-jsonwebtoken#1031: %s is no pattern',
    name => {
      for (const pattern of [/a/, /a/g, [/a/y], () => true, { test: () => true }]) {
        expect(() => createVerifier({ key, [name]: pattern })).toThrow(TypeError)
      }
    },
  )

  it('CVE-2026-35040: judges the same token alike each time', () => {
    const verifier = createVerifier({ key, issuer: ['a', 'b'], audience: ['x'], cache: false })
    const token = rawToken({ payload: { iss: 'a', aud: 'x' } })
    expect([1, 2, 3].map(() => verifier.safe(token).ok)).toEqual([true, true, true])
  })
})

describe('which rule is told', () => {
  it('is that of kinds, then presence, then time, then values', () => {
    const options: ClaimOptions = { issuer: 'x', audience: 'y', requiredClaims: ['tenant'] }
    expect(judge({ exp: 1, sub: 5 }, options)).toBe('claim_invalid sub')
    expect(judge({ exp: 1 }, options)).toBe('claim_missing tenant')
    expect(judge({ exp: 1, nbf: now + 9, tenant: 1 }, options)).toBe('token_expired exp')
    expect(judge({ nbf: now + 9, tenant: 1 }, options)).toBe('token_not_active nbf')
    expect(judge({ tenant: 1, aud: 'z' }, options)).toBe('issuer_mismatch iss')
    expect(judge({ tenant: 1, iss: 'x', aud: 'z' }, options)).toBe('audience_mismatch aud')
  })
})
