// [S15] What an error says, to whoever reads logs, never includes a token, a secret, a key or the value of a claim.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createKey, type KeyInput } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { keyring } from '../../src/keys/key-set.ts'
import { decode } from '../../src/token/decode.ts'
import { sign } from '../../src/token/sign-once.ts'
import { createSigner } from '../../src/token/signer.ts'
import type { StandardSchema } from '../../src/token/standard-schema.ts'
import { createVerifier, type VerifierSettings } from '../../src/token/verifier.ts'
import { verify } from '../../src/token/verify-once.ts'
import { rawToken } from './raw-token.ts'

const hidden = 'Sw0rdfish-and-many-more-bytes-of-it'
const value = 'a-value-of-ada'
const ec = generateKey('ES256', { kid: 'kid' })
const jwk = ec.toPrivateJwk()
const header = { alg: 'HS256', typ: 'JWT' }

/** Everything about an error that a log may show. */
function shown(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (
      inspect(error, { depth: 9, showHidden: false, getters: true }) + JSON.stringify(error) + String(error)
    )
  }
  return ''
}

const badTokens: readonly string[] = [
  'junk',
  `${value}.${value}.${value}`,
  rawToken({ header: { alg: 'none', x: value } }),
  rawToken({ header: { ...header, crit: [value] } }),
  rawToken({ header: { ...header, kid: [value] } }),
  rawToken({ header: { ...header, kid: value }, payload: { sub: value } }),
  rawToken({ key: hidden, payload: `{"sub":"${value}"` }),
  rawToken({ key: `${hidden}!`, payload: { sub: value } }),
  ...[
    { exp: value },
    { exp: 1, sub: value },
    { nbf: 9_999_999_999, sub: value },
    { iss: value },
    { aud: value },
    { sub: value },
  ].map(payload => rawToken({ key: hidden, header, payload })),
  `${rawToken({ key: hidden, payload: { sub: value } })}.x.y`,
  'x'.repeat(9000),
]
const settings: readonly VerifierSettings[] = [
  {},
  { issuer: 'x' },
  { audience: 'x' },
  { subject: 'x' },
  { nonce: 'x' },
  { maxAge: 1 },
  { typ: 'at+jwt' },
  { requiredClaims: ['tenant'] },
]

describe('[S15] an error keeps to itself', () => {
  it('the token and its claims', () => {
    let errors = 0
    for (const token of badTokens) {
      for (const options of settings) {
        const verifier = createVerifier({ key: createKey({ secret: hidden }), ...options })
        const text = shown(() => verifier(token))
        if (text === '') continue
        errors++
        expect(text).not.toContain(value)
        expect(text).not.toContain('eyJ')
        expect(text).not.toContain(hidden)
      }
    }
    expect(errors).toBeGreaterThan(100)
  })

  it('what a schema says about values', () => {
    const schema: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => ({ issues: [{ message: `bad: ${value}`, path: ['sub'] }] }),
      },
    }
    const verifier = createVerifier({ key: createKey({ secret: hidden }), schema })
    const text = shown(() => verifier(rawToken({ key: hidden, payload: { sub: value } })))
    expect(text).toContain('schema_mismatch')
    expect(text).toContain('sub')
    expect(text).not.toContain(value)
  })

  it('secrets and keys', () => {
    const secretOf = (text: string): string => Buffer.from(text).toString('base64url')
    const inputs: readonly unknown[] = [
      hidden,
      { secret: hidden.slice(0, 20) },
      { secret: `-----BEGIN PUBLIC KEY-----${hidden}` },
      { secret: JSON.stringify(jwk) },
      { secret: [hidden] },
      { pem: hidden },
      { pem: `-----BEGIN PRIVATE KEY-----\n${secretOf(hidden)}\n-----END PRIVATE KEY-----` },
      { pem: ec.toPrivatePem().replace('M', 'N') },
      { pem: ec.toPrivatePem(), passphrase: [hidden] },
      { jwk: { kty: 'oct', alg: 'HS512', k: secretOf(hidden) } },
      { jwk: { kty: 'oct', alg: hidden, k: secretOf(hidden) } },
      { jwk: { kty: hidden } },
      { jwk: { ...jwk, x: `${jwk['d']}A` } },
      { jwk: { ...jwk, y: jwk['d'] } },
      { jwk: { ...jwk, crv: hidden } },
      { jwk: { ...jwk, kid: [hidden] } },
    ]
    for (const input of inputs) {
      const text = shown(() => createKey(input as KeyInput))
      expect(text).not.toBe('')
      for (const part of [
        hidden,
        hidden.slice(0, 20),
        secretOf(hidden),
        String(jwk['d']),
        ec.toPrivatePem().slice(40, 80),
      ]) {
        expect(text).not.toContain(part)
      }
    }
  })

  it('what is signed', () => {
    const circle: Record<string, unknown> = { sub: value }
    circle['self'] = { deep: [circle] }
    for (const payload of [
      circle,
      { exp: value },
      { sub: [value] },
      { a: 1n, sub: value },
      { a: `${value}\ud800` },
      [value],
    ]) {
      const text = shown(() => sign(payload, hidden))
      expect(text).not.toBe('')
      expect(text).not.toContain(value)
      expect(text).not.toContain(hidden)
    }
  })

  it('and wrong calls', () => {
    for (const work of [
      () => sign({ a: value }, hidden, { expiresIn: 'x', issuer: value }),
      () => sign({ a: value }, hidden.slice(9)),
      () => verify(rawToken({ payload: { a: value } }), { secret: hidden } as unknown as string),
      () => verify(rawToken({ payload: { a: value } }), hidden, { algorithms: ['ES256'] }),
      () => createVerifier({ key: hidden as never }),
      () => createSigner({ key: hidden as never }),
      () => keyring([hidden as never]),
      () => decode(rawToken({ payload: { a: value } }), { [`complet`]: true } as object),
    ]) {
      const text = shown(work)
      expect(text).not.toBe('')
      for (const part of [value, hidden, hidden.slice(9), 'eyJ']) expect(text).not.toContain(part)
    }
  })
})
