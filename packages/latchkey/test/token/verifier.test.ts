import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { keyring } from '../../src/keys/key-set.ts'
import { createVerifier, type VerifierOptions } from '../../src/token/verifier.ts'
import { rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })
const make = (options: object): unknown => createVerifier({ key, ...options } as unknown as VerifierOptions)

describe('createVerifier reads its options once, and a wrong one is a TypeError', () => {
  it.each<[string, object]>([
    ['two sources of keys', { keys: key }],
    ['an unknown option', { issuers: 'a' }],
    ['an old name', { ignoreExpiration: true }],
    ['issuer', { issuer: 1 }],
    ['an empty issuer', { issuer: '' }],
    ['no issuer', { issuer: [] }],
    ['issuer null', { issuer: null }],
    ['audience', { audience: [1] }],
    ['an empty audience', { audience: ['a', ''] }],
    ['subject', { subject: ['a'] }],
    ['an empty subject', { subject: '' }],
    ['jwtid', { jwtid: 1 }],
    ['nonce', { nonce: '' }],
    ['typ', { typ: 1 }],
    ['typ as a pattern', { typ: /at/ }],
    ['maxAge 0', { maxAge: 0 }],
    ['maxAge in words', { maxAge: 'soon' }],
    ['a bare number as text', { maxAge: '60' }],
    ['[S38] clockTolerance above 60', { clockTolerance: 61 }],
    ['[S38] clockTolerance above 60 in words', { clockTolerance: '61s' }],
    ['[S38] clockTolerance of minutes', { clockTolerance: '2m' }],
    ['clockTolerance below 0', { clockTolerance: -1 }],
    ['clockTolerance', { clockTolerance: Number.NaN }],
    ['clockTolerance endless', { clockTolerance: Number.POSITIVE_INFINITY }],
    ['requiredClaims', { requiredClaims: [1] }],
    ['requiredClaims empty', { requiredClaims: [] }],
    ['unsafeIgnoreExpiration', { unsafeIgnoreExpiration: 'false' }],
    ['unsafeIgnoreExpiration as a number', { unsafeIgnoreExpiration: 1 }],
    ['algorithms empty', { algorithms: [] }],
    ['algorithms as text', { algorithms: 'HS256' }],
    ['an unknown algorithm', { algorithms: ['none'] }],
    ['an algorithm that no key is for', { algorithms: ['HS512'] }],
    ['cache', { cache: 'yes' }],
    ['cache size 0', { cache: { size: 0 } }],
    ['cache size', { cache: { size: 1.5 } }],
    ['cache without size', { cache: {} }],
    ['revocations', { revocations: () => false }],
    ['revocations null', { revocations: null }],
    ['schema', { schema: {} }],
    ['schema of another kind', { schema: { validate: () => true } }],
    ['clock', { clock: 5 }],
    ['maxTokenLength 0', { maxTokenLength: 0 }],
    ['maxTokenLength above a megabyte', { maxTokenLength: 2_000_000 }],
  ])('%s', (_, options) => {
    expect(() => make(options)).toThrow(TypeError)
    expect(() => make(options)).toThrow(/^createVerifier: /)
  })

  it.each([
    null,
    undefined,
    'x',
    {},
    [],
    { key: undefined },
    { keys: null },
    { keys: [] },
    { key: {} },
    { keys: new Map() },
    { keys: 'secret' },
  ])('[S16] there is none without keys: %j', options => {
    expect(() => createVerifier(options as unknown as VerifierOptions)).toThrow(TypeError)
  })

  it.each<object>([
    { issuer: undefined, cache: undefined },
    { cache: true },
    { cache: { size: 1 } },
    { clockTolerance: 60 },
    { clockTolerance: '30s' },
    { clockTolerance: '1m' },
    { typ: '' },
    { algorithms: ['HS256', 'HS512'] },
    { maxTokenLength: 1_048_576 },
  ])('and takes %j', options => {
    expect(() => make(options)).not.toThrow()
  })

  it('suggests the near name', () => {
    expect(() => make({ audiences: 'a' })).toThrow("there is no option 'audiences'; did you mean 'audience'?")
    expect(() => make({ ignoreExpiration: true })).toThrow("did you mean 'unsafeIgnoreExpiration'?")
  })

  it('is not moved by what happens to its options later', () => {
    const audience = ['a']
    const keys = [key]
    const algorithms: ('HS256' | 'HS384')[] = ['HS256']
    const verifier = createVerifier({ keys, audience, algorithms })
    audience.push('b')
    keys.length = 0
    algorithms[0] = 'HS384'
    expect(verifier.safe(rawToken({ payload: { aud: 'b' } }))).toMatchObject({ code: 'audience_mismatch' })
    expect(verifier.safe(rawToken({ payload: { aud: 'a' } })).ok).toBe(true)
  })
})

describe('[S38] an access token must end', () => {
  it.each<[VerifierOptions['typ'], boolean]>([
    ['at+jwt', false],
    ['application/at+jwt', false],
    [['at+jwt', 'JWT'], false],
    [['at+jwt', ''], true],
    ['JWT', true],
    [undefined, true],
  ])('typ %j takes a token without exp: %j', (typ, isTaken) => {
    const header = { alg: 'HS256', typ: Array.isArray(typ) ? typ[0] : (typ ?? 'x') }
    expect(createVerifier({ key, typ }).safe(rawToken({ header })).ok).toBe(isTaken)
  })
})

describe('algorithms narrow what the keys allow', () => {
  it('for fixed keys and for a ring that changes', () => {
    const [es, ed] = [generateKey('ES256', { kid: 'es' }), generateKey('Ed25519', { kid: 'ed' })]
    const ring = keyring([es, ed])
    for (const keys of [[es, ed], ring]) {
      const verifier = createVerifier({ keys, algorithms: ['ES256'] })
      expect(verifier.safe(rawToken({ header: { alg: 'Ed25519', kid: 'ed' } }))).toMatchObject({
        code: 'alg_not_allowed',
      })
      expect(verifier.safe(rawToken({ header: { alg: 'ES256', kid: 'es' } }))).toMatchObject({
        code: 'signature_invalid',
      })
    }
    expect(() => createVerifier({ keys: keyring(), algorithms: ['ES256'] })).not.toThrow()
  })
})
