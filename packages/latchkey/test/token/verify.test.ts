// The ladder: in which order a token is judged, and that nothing further is done once it is refused.
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'
import type { KeySource } from '../../src/keys/key-set.ts'
import { keyring } from '../../src/keys/key-set.ts'
import { createSigner } from '../../src/token/signer.ts'
import type { StandardSchema } from '../../src/token/standard-schema.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { verifyingHalf } from '../keys/keys-of-tests.ts'
import { rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })

/** A verifier that writes down what it asks of whom. */
function watched(): { steps: string[]; judge: (token: string) => string } {
  const steps: string[] = []
  const keys: KeySource = {
    generation: 0,
    find: () => {
      steps.push('key')
      return [key]
    },
  }
  const schema: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: value => {
        steps.push('schema')
        return { value }
      },
    },
  }
  const verifier = createVerifier({
    keys,
    schema,
    issuer: 'a',
    cache: false,
    revocations: {
      isRevoked: ({ claims }) => {
        steps.push('revocation')
        return claims.jti === 'gone'
      },
    },
  })
  return {
    steps,
    judge: token => {
      steps.length = 0
      const verdict = verifier.safe(token)
      return verdict.ok ? 'ok' : verdict.code
    },
  }
}

describe('a token is judged by shape, header, key, signature, claims, schema, revocation', () => {
  const everythingWrong = {
    header: '{"alg":"HS256","crit":[]}',
    payload: '{"iss":1,"exp":1}',
    key: 'another secret of 32 bytes or more!',
  }
  it.each<[string, string, string, string[]]>([
    ['shape', `${rawToken(everythingWrong)}.x`, 'token_malformed', []],
    ['length', rawToken({ ...everythingWrong, payload: 'x'.repeat(9000) }), 'token_too_long', []],
    ['header', rawToken(everythingWrong), 'crit_unsupported', []],
    ['signature', rawToken({ ...everythingWrong, header: '{"alg":"HS256"}' }), 'signature_invalid', ['key']],
    ['signature before JSON', rawToken({ payload: '[[[', key: `${secret}!` }), 'signature_invalid', ['key']],
    ['claims as JSON', rawToken({ payload: '[[[' }), 'claims_malformed', ['key']],
    ['claims', rawToken({ payload: { iss: 'b' } }), 'issuer_mismatch', ['key']],
    [
      'revocation',
      rawToken({ payload: { iss: 'a', jti: 'gone' } }),
      'token_revoked',
      ['key', 'schema', 'revocation'],
    ],
    ['nothing', rawToken({ payload: { iss: 'a' } }), 'ok', ['key', 'schema', 'revocation']],
  ])('refused for its %s', (_, token, code, steps) => {
    const { steps: taken, judge } = watched()
    expect(judge(token)).toBe(code)
    expect(taken).toEqual(steps)
  })

  it('[S6] a header with a good signature is remembered, one without never', () => {
    const verifier = createVerifier({ key, cache: false })
    const header = '{"alg":"HS256","typ":"x"}'
    const good = rawToken({ header, payload: { a: 1 } })
    const bad = rawToken({ header, payload: { a: 1 }, key: `${secret}!` })
    expect(verifier.safe(bad).ok).toBe(false)
    const first = verifier.safe(good)
    const second = verifier.safe(rawToken({ header, payload: { a: 2 } }))
    expect(first.ok && second.ok && first.header === second.header).toBe(true)
    expect(verifier.safe(bad)).toMatchObject({ ok: false, code: 'signature_invalid' })
  })
})

describe('several keys', () => {
  it('without a kid all of the algorithm are tried, and a good one is found wherever it stands', async () => {
    const keys = Array.from({ length: 4 }, () =>
      createKey({ jwk: { ...generateKey('ES256').toPrivateJwk(), kid: undefined } }),
    )
    const verifier = createVerifier({ keys: keys.map(verifyingHalf) })
    for (const [count, one] of keys.entries()) {
      const token = createSigner({ key: one })({ count })
      expect(verifier(token)).toMatchObject({ count })
      expect(await verifier.async(token)).toMatchObject({ count })
    }
    const foreign = createSigner({ key: generateKey('ES256') })({})
    expect(verifier.safe(foreign)).toMatchObject({ ok: false, code: 'signature_invalid' })
  })

  it('with a kid that one of them has, no other is tried', () => {
    const [a, b] = [generateKey('ES256', { kid: 'a' }), generateKey('ES256', { kid: 'b' })]
    const verifier = createVerifier({ keys: [a, b] })
    expect(verifier.safe(createSigner({ key: b, keyid: 'a' })({}))).toMatchObject({
      ok: false,
      code: 'signature_invalid',
    })
    expect(verifier.safe(createSigner({ key: b, header: { kid: 'a' } })({}))).toMatchObject({ ok: false })
    expect(verifier.safe(createSigner({ key: b })({})).ok).toBe(true)
  })
})

describe('keys that must be fetched', () => {
  const source = (loaded: readonly Key[] | Error): KeySource & { loads: number } => ({
    generation: 0,
    loads: 0,
    find() {
      return this.loads > 0 && Array.isArray(loaded) ? loaded : undefined
    },
    async load() {
      this.loads++
      if (loaded instanceof Error) throw loaded
    },
  })
  const token = rawToken({ payload: { a: 1 } })

  it('are asked for by check and by async, and a synchronous call says what to do', async () => {
    const verifier = createVerifier({ keys: source([key]) })
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'keys_unavailable' })
    expect(() => verifier(token)).toThrow(/call .async or .check/)
    expect(await verifier.check(token)).toMatchObject({ ok: true, claims: { a: 1 } })
    expect(verifier(token)).toEqual({ a: 1 })
    expect(await createVerifier({ keys: source([key]) }).async(token)).toEqual({ a: 1 })
  })

  it.each([
    ['their own code', new LatchkeyError('keys_unavailable', { detail: 'Down.' }), 'keys_unavailable'],
    ['an internal error', new Error('boom'), 'internal_error'],
  ])('fail with %s, and let nothing pass', async (_, error, code) => {
    const verifier = createVerifier({ keys: source(error) })
    expect(await verifier.check(token)).toMatchObject({ ok: false, code })
    await expect(verifier.async(token)).rejects.toMatchObject({ code })
  })

  it('that a source never gives are not found', async () => {
    const never: KeySource = { generation: 0, find: () => undefined }
    expect(await createVerifier({ keys: never }).check(token)).toMatchObject({
      ok: false,
      code: 'key_not_found',
    })
    await expect(createVerifier({ keys: never }).async(token)).rejects.toMatchObject({
      code: 'key_not_found',
    })
  })

  it('are not believed when they are none', () => {
    const strange: KeySource = { generation: 0, find: () => [{ alg: 'HS256' } as Key] }
    expect(createVerifier({ keys: strange }).safe(token)).toMatchObject({ ok: false, code: 'internal_error' })
    const throwing: KeySource = {
      generation: 0,
      find: () => {
        throw new Error('boom')
      },
    }
    expect(createVerifier({ keys: throwing }).safe(token)).toMatchObject({
      ok: false,
      code: 'internal_error',
    })
  })
})

describe('the four ways to ask', () => {
  const verifier = createVerifier({ key })
  const token = rawToken({ header: { alg: 'HS256', typ: 'x' }, payload: { a: 1 } })

  it('agree about a token that holds', async () => {
    const parts = {
      header: { alg: 'HS256', typ: 'x' },
      claims: { a: 1 },
      payload: { a: 1 },
      signature: token.split('.')[2],
    }
    expect(verifier(token)).toEqual({ a: 1 })
    expect(await verifier.async(token)).toEqual({ a: 1 })
    expect(verifier.safe(token)).toEqual({ ok: true, claims: { a: 1 }, header: parts.header })
    expect(verifier.complete(token)).toEqual(parts)
    expect(verifier.check(token)).toEqual(verifier.safe(token))
  })

  it('agree about one that does not', async () => {
    const bad = `${token.slice(0, -4)}AAAA`
    const refusal = verifier.safe(bad)
    if (refusal.ok) return expect.unreachable()
    expect(refusal.error).toBeInstanceOf(LatchkeyError)
    expect(refusal.error).toBe(refusal.error)
    for (const ask of [() => verifier(bad), () => verifier.complete(bad)])
      expect(ask).toThrow(expect.objectContaining({ code: refusal.code }))
    await expect(verifier.async(bad)).rejects.toMatchObject({ code: refusal.code })
    expect(verifier.check(bad)).toMatchObject({ ok: false, code: refusal.code })
  })

  it('a synchronous schema gives a verdict at once, an asynchronous one a promise of it', async () => {
    const schemaOf = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
      '~standard': { version: 1, vendor: 'test', validate },
    })
    const slow = createVerifier({ key, schema: schemaOf(async value => ({ value })) })
    expect(() => slow(token)).toThrow(/The schema answers with a promise/)
    expect(await slow.async(token)).toEqual({ a: 1 })
    expect(await slow.check(token)).toMatchObject({ ok: true })
    for (const validate of [
      () => Promise.reject(new Error('boom')),
      () => {
        throw new Error('boom')
      },
    ]) {
      const broken = createVerifier({ key, schema: schemaOf(validate) })
      expect(await broken.check(token)).toMatchObject({ ok: false, code: 'internal_error' })
      await expect(broken.async(token)).rejects.toMatchObject({ code: 'internal_error' })
    }
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    [
      'a promise of another make',
      Object.fromEntries([['then', (settle: (result: object) => void) => settle({ value: {} })]]),
    ],
    ['true', true],
  ])('a schema that answers %s lets nothing pass', async (_, answer) => {
    const schema = {
      '~standard': { version: 1, vendor: 'test', validate: () => answer },
    } as unknown as StandardSchema
    const strange = createVerifier({ key, schema })
    expect(strange.safe(token)).toMatchObject({ ok: false, code: 'internal_error' })
    expect(await strange.check(token)).toMatchObject({ ok: false, code: 'internal_error' })
  })

  it('a source of revocations may say that it is out of date', () => {
    const revocations = {
      isRevoked: () => {
        throw new LatchkeyError('revocations_stale')
      },
    }
    expect(createVerifier({ key, revocations }).safe(token)).toMatchObject({
      ok: false,
      code: 'revocations_stale',
    })
  })

  it('judges nothing by text that only looks like ASCII', () => {
    // Written as Latin-1, as Node's base64 decoder reads it, U+0141 is an A.
    const token = rawToken({ payload: '{"a":"\\u0000"}' })
    expect(Buffer.from('AA\u0141A', 'base64url').equals(Buffer.from('AAAA', 'base64url'))).toBe(true)
    expect(verifier.safe(token).ok).toBe(true)
    for (let at = 0; at < token.length; at++) {
      const folded = String.fromCharCode(token.charCodeAt(at) + 0x100)
      expect(verifier.safe(token.slice(0, at) + folded + token.slice(at + 1)).ok).toBe(false)
    }
  })

  it('a ring that is emptied refuses everything', () => {
    const ring = keyring(createKey({ secret }, { kid: 'a' }))
    const emptied = createVerifier({ keys: ring })
    const named = rawToken({ header: { alg: 'HS256', kid: 'a' } })
    expect(emptied.safe(named).ok).toBe(true)
    ring.revoke('a')
    expect(emptied.safe(named)).toMatchObject({ ok: false, code: 'key_not_found' })
  })
})
