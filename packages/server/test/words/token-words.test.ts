// A token in words says what the engine says: the same refusal, at the same step, for good tokens and for bad ones.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { createKey, createVerifier, type ErrorCode, keyring, type VerifierOptions } from 'latchkey'
import { describe, expect, test } from 'vitest'
import { algorithmNames } from '../../../latchkey/src/keys/algorithms.ts'
import { stepOfCode } from '../../src/words/ladder.ts'
import type { TokenRules } from '../../src/words/token-steps.ts'
import { explainToken } from '../../src/words/token-words.ts'

const nowMs = Date.UTC(2026, 10, 25, 12)
const now = nowMs / 1000
const secret = 'a secret that services share, 32 bytes and more'
const key = createKey({ secret }, { alg: 'HS256', kid: 'here' })
const issuer = 'https://login.example.com'

const rules: TokenRules = { issuer, audience: ['api', 'files'], kids: ['here'], algorithms: ['HS256'] }
const asked: VerifierOptions = {
  keys: keyring([key]),
  issuer,
  audience: ['api', 'files'],
  typ: 'at+jwt',
  requiredClaims: ['exp'],
  cache: false,
  clock: () => nowMs,
}

const goodHeader = { alg: 'HS256', kid: 'here', typ: 'at+jwt' }
const goodClaims = { iss: issuer, sub: 'ada', aud: 'api', iat: now - 60, exp: now + 3_540 }

const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** A token whose signature is right, whatever it says. */
function signed(header: unknown, claims: unknown): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function engineSays(token: string, options = asked): string | undefined {
  const verdict = createVerifier(options).safe(token)
  return verdict.ok ? undefined : verdict.code
}

const wordsSay = (token: string, asking = rules): string | undefined =>
  explainToken(token, asking, nowMs).refusal?.code

describe('a token in words', () => {
  test.each<[string, string, ErrorCode | undefined]>([
    ['a good token', signed(goodHeader, goodClaims), undefined],
    ['one of several audiences', signed(goodHeader, { ...goodClaims, aud: ['other', 'files'] }), undefined],
    ['an application/ type', signed({ ...goodHeader, typ: 'application/AT+jwt' }, goodClaims), undefined],
    ['no token', 'ada', 'token_malformed'],
    ['two parts', 'a.b', 'token_malformed'],
    ['an encrypted token', 'a.b.c.d.e', 'token_encrypted'],
    [
      'a token that is too long',
      signed(goodHeader, { ...goodClaims, pad: 'x'.repeat(9_000) }),
      'token_too_long',
    ],
    ['a header that is no JSON', signed('junk', goodClaims), 'token_malformed'],
    [
      'a header with a name twice',
      signed('{"alg":"HS256","alg":"HS256","typ":"at+jwt"}', goodClaims),
      'token_malformed',
    ],
    ['padding', signed(goodHeader, goodClaims).replace('.', '=.'), 'token_malformed'],
    ['no algorithm', signed({ typ: 'at+jwt' }, goodClaims), 'alg_not_allowed'],
    ['none', signed({ ...goodHeader, alg: 'none' }, goodClaims), 'alg_not_allowed'],
    ['an extension', signed({ ...goodHeader, crit: ['exp'] }, goodClaims), 'crit_unsupported'],
    ['a kid that is a number', signed({ ...goodHeader, kid: 7 }, goodClaims), 'header_invalid'],
    ['another type', signed({ ...goodHeader, typ: 'JWT' }, goodClaims), 'typ_mismatch'],
    ['no type', signed({ alg: 'HS256', kid: 'here' }, goodClaims), 'typ_mismatch'],
    ['another key', signed({ ...goodHeader, kid: 'gone' }, goodClaims), 'key_not_found'],
    ['another algorithm', signed({ ...goodHeader, alg: 'ES256' }, goodClaims), 'key_not_found'],
    ['claims that are a list', signed(goodHeader, [1]), 'claims_malformed'],
    ['a claim twice', signed(goodHeader, `{"exp":1,"exp":${now + 60}}`), 'claims_malformed'],
    ['half a character', signed(goodHeader, '{"sub":"\\ud800"}'), 'claims_malformed'],
    ['an exp in quotes', signed(goodHeader, { ...goodClaims, exp: '1' }), 'claim_invalid'],
    ['no exp', signed(goodHeader, { ...goodClaims, exp: undefined }), 'claim_missing'],
    ['a token that ends now', signed(goodHeader, { ...goodClaims, exp: now }), 'token_expired'],
    ['a token that begins later', signed(goodHeader, { ...goodClaims, nbf: now + 1 }), 'token_not_active'],
    ['another issuer', signed(goodHeader, { ...goodClaims, iss: `${issuer}/` }), 'issuer_mismatch'],
    ['no issuer', signed(goodHeader, { ...goodClaims, iss: undefined }), 'issuer_mismatch'],
    ['another audience', signed(goodHeader, { ...goodClaims, aud: ['apis'] }), 'audience_mismatch'],
    ['no audience', signed(goodHeader, { ...goodClaims, aud: undefined }), 'audience_mismatch'],
  ])('says of %s what the engine says', (_, token, code) => {
    expect(engineSays(token)).toBe(code)
    const { refusal } = explainToken(token, rules, nowMs)
    expect(refusal?.code).toBe(code)
    // At the step where the inspector shows the engine's refusal.
    expect(refusal?.step).toBe(code && stepOfCode[code])
  })

  test('agrees with the engine on headers and claims at random', () => {
    const time = fc.oneof(
      fc.integer({ min: now - 5, max: now + 5 }),
      fc.constantFrom('1', null, undefined, 0, 1e300),
    )
    const text = fc.constantFrom(issuer, 'api', 'other', '', 7, null, undefined)
    const header = fc.record({
      alg: fc.constantFrom('HS256', ...algorithmNames, 'none', 'hs256', 'RS1', undefined, 5),
      kid: fc.constantFrom('here', 'gone', 5),
      typ: fc.constantFrom('at+jwt', 'AT+JWT', 'application/at+jwt', 'application/a/b', 'JWT', undefined, 5),
      cty: fc.constantFrom(undefined, 'x', 5),
      crit: fc.constantFrom(undefined, undefined, []),
    })
    const claims = fc.record({
      ...{ exp: time, nbf: time, iat: time },
      ...{ iss: text, sub: text, jti: text },
      aud: fc.oneof(text, fc.array(text, { maxLength: 3 })),
    })
    const nearlyGood = fc.tuple(
      fc.oneof(fc.constant(goodHeader), header),
      fc.oneof(
        claims,
        fc.constant(goodClaims),
        claims.map(other => ({ ...other, exp: now + 60, iss: issuer })),
      ),
    )
    fc.assert(
      fc.property(nearlyGood, fc.integer({ min: 0, max: 5 }), ([head, body], toleranceSeconds) => {
        const token = signed(head, body)
        expect(wordsSay(token, { ...rules, toleranceSeconds })).toBe(
          engineSays(token, { ...asked, clockTolerance: toleranceSeconds }),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('tells which steps were passed, which cannot be told, and which were not reached', () => {
    const { steps: told } = explainToken(signed(goodHeader, { ...goodClaims, exp: now - 60 }), rules, nowMs)
    expect(told.map(({ step, state }) => `${step} ${state}`)).toEqual([
      ...['shape passed', 'header passed', 'key passed', 'signature unknown', 'claims passed'],
      ...['expiry stopped', 'audience not_reached', 'revocation not_reached', 'user not_reached'],
    ])
    expect(told[5]?.words).toBe('It ended 1 minute ago.')
  })

  test('gives times absolute and relative, meanings where there are some, and values as they are', () => {
    const token = signed(goodHeader, {
      ...goodClaims,
      auth_time: now - 3 * 86_400 - 7_200,
      exp: now + 90,
      colour: '<b>',
    })
    const { claims, summary } = explainToken(` Bearer ${token}\n`, rules, nowMs)
    const of = (name: string) => claims.find(claim => claim.name === name)
    expect(summary).toBe('An access token, made for 2 minutes 30 seconds; it ends in 1 minute 30 seconds.')
    expect(of('exp')?.time).toBe('2026-11-25 12:01:30 UTC, in 1 minute 30 seconds')
    expect(of('auth_time')?.time).toBe('2026-11-22 10:00:00 UTC, 3 days 2 hours ago')
    expect(of('iss')?.meaning).toMatch(/Who made the token/)
    expect(of('colour')).toEqual({
      name: 'colour',
      value: '"<b>"',
      meaning: 'The issuer’s own: no standard gives it a meaning.',
      section: undefined,
      time: undefined,
    })
  })

  test.each([
    ['lkr_abc', 'refresh_token'],
    ['lk_abc_def', 'api_key'],
    ['lko_abc', 'one_time_token'],
    ['a.b.c.d.e', 'encrypted'],
    ['correct horse', 'unknown'],
    ['', 'unknown'],
  ])('knows what %j is', (text, kind) => {
    const words = explainToken(text, rules, nowMs)
    expect(words).toMatchObject({ kind, header: [], claims: [] })
    expect(words.refusal).toBeDefined()
  })

  test.each(['token-words', 'token-steps', 'ladder', 'claim-words', 'read-token', 'time-words'])(
    '%s imports nothing of Node',
    name => {
      const text = readFileSync(new URL(`../../src/words/${name}.ts`, import.meta.url), 'utf8')
      const outside = [...text.matchAll(/^import (?!type).*? from '([^']+)'/gms)]
        .map(match => match[1])
        .filter(from => !from?.startsWith('./'))
      expect(outside).toEqual([])
      expect(text).not.toMatch(/\bBuffer\b|\bprocess\./)
    },
  )
})
