import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { type KeySource, keyring } from '../../src/keys/key-set.ts'
import { createSigner } from '../../src/token/signer.ts'
import type { StandardSchema } from '../../src/token/standard-schema.ts'
import type { Claims } from '../../src/token/verdict.ts'
import { type CachedToken, usualCacheSize, VerifiedTokens } from '../../src/token/verified-tokens.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })
const entry = (token: string, claims: Claims = {}): CachedToken => ({
  token,
  verified: { ok: true, claims, header: { alg: 'HS256' } },
  asked: { claims, header: { alg: 'HS256' } },
  fromMs: Number.NEGATIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
})
const signer = createSigner({ key, noTimestamp: true })

/** Keys whose use is counted: a verdict from the cache asks for none. */
function counted(inner: KeySource): KeySource & { asked: number } {
  return {
    asked: 0,
    get generation() {
      return inner.generation
    },
    find(query) {
      this.asked++
      return inner.find(query)
    },
  }
}

describe('[S49] the cache of verified tokens', () => {
  it('CVE-2026-35039 GHSA-rp9m-7r4c-75qg: tokens with equal tails are told apart, whatever else they share', () => {
    const cache = new VerifiedTokens(4)
    const tokens = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => `${name}.payload.the-very-same-signature`)
    for (const token of tokens) cache.add(entry(token, { sub: token }), 0)
    for (const token of tokens) {
      const found = cache.find(token, 0, 0)
      if (found !== undefined) expect(found.verified.claims).toEqual({ sub: token })
    }
    expect(tokens.filter(token => cache.find(token, 0, 0) !== undefined)).toEqual(tokens.slice(2))
    expect(cache.find('g.payload.the-very-same-signature', 0, 0)).toBeUndefined()
  })

  it('a token that differs in one character is never answered with the claims of another', () => {
    const verifier = createVerifier({ key })
    const token = signer({ sub: 'ada' })
    expect(verifier(token)).toEqual({ sub: 'ada' })
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect(verifier.safe(changed).ok).toBe(false)
    }
    expect(verifier(token)).toEqual({ sub: 'ada' })
  })

  it('answers with the same frozen verdict, and asks for no key', () => {
    const keys = counted(keyring(key))
    const verifier = createVerifier({ keys })
    const token = signer({ user: { roles: ['reader'], deep: { deeper: [1] } } })
    const first = verifier.safe(token)
    expect(keys.asked).toBe(1)
    expect(verifier.safe(token)).toBe(first)
    expect(keys.asked).toBe(1)
    expect(createVerifier({ keys, cache: false }).safe(token)).toEqual(first)
    expect(keys.asked).toBe(2)
  })

  it('what it hands out cannot be changed at any depth', () => {
    const verifier = createVerifier({ key })
    const token = signer({ user: { roles: ['reader'], deep: { deeper: [{ a: 1 }] } } })
    type Shape = { user: { roles: string[]; deep: { deeper: { a: number }[] } } }
    for (const read of [() => verifier(token), () => verifier.complete(token).claims]) {
      // The claims are the ones signed above.
      const claims = read() as unknown as Shape
      for (const change of [
        () => claims.user.roles.push('admin'),
        () => Object.assign(claims, { sub: 'eve' }),
        () => Object.assign(claims.user.deep.deeper[0] ?? {}, { a: 2 }),
        () => Reflect.deleteProperty(claims, 'user') || expect.unreachable('it was deleted') === claims,
        () => Object.setPrototypeOf(claims, { admin: true }),
        () => Object.defineProperty(claims.user, 'x', { value: 1 }),
      ]) {
        try {
          change()
        } catch {
          // Strict code throws; what counts is the next reader.
        }
      }
    }
    expect(verifier(token)).toEqual({ user: { roles: ['reader'], deep: { deeper: [{ a: 1 }] } } })
    const verdict = verifier.safe(token)
    expect(Object.isFrozen(verdict) && verdict.ok && Object.isFrozen(verdict.header)).toBe(true)
  })

  it('never outlives exp, nor begins before nbf', () => {
    let now = 1000
    const verifier = createVerifier({ key, clock: () => now * 1000, clockTolerance: 2 })
    const token = signer({ exp: 1100, nbf: 900 })
    expect(verifier.safe(token).ok).toBe(true)
    now = 1101.999
    expect(verifier.safe(token).ok).toBe(true)
    now = 1102
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_expired' })
    now = 1000
    expect(verifier.safe(token).ok).toBe(true)
    now = 897
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_not_active' })
  })

  it('never outlives maxAge', () => {
    let now = 1000
    const verifier = createVerifier({ key, clock: () => now * 1000, maxAge: 60 })
    const token = signer({ iat: 990 })
    expect(verifier.safe(token).ok).toBe(true)
    now = 1049.9
    expect(verifier.safe(token).ok).toBe(true)
    now = 1050
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_too_old' })
    now = 1000
    expect(verifier.safe(token).ok).toBe(true)
    now = 989
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_not_active' })
  })

  it('keeps an expired token where expiry is ignored', () => {
    const keys = counted(keyring(key))
    const verifier = createVerifier({ keys, unsafeIgnoreExpiration: true })
    const token = signer({ exp: 1 })
    expect([verifier.safe(token).ok, verifier.safe(token).ok, keys.asked]).toEqual([true, true, 1])
  })

  it('asks about revocation on each hit, and forgets what was revoked', () => {
    const revoked = new Set<unknown>()
    let asked = 0
    const revocations = {
      isRevoked: ({ claims }: { claims: { sub?: string } }) => {
        asked++
        return revoked.has(claims.sub)
      },
    }
    const verifier = createVerifier({ key, revocations })
    const token = signer({ sub: 'ada' })
    expect([verifier.safe(token).ok, verifier.safe(token).ok]).toEqual([true, true])
    expect(asked).toBe(2)
    revoked.add('ada')
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_revoked' })
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_revoked' })
    revoked.clear()
    expect(verifier.safe(token).ok).toBe(true)
  })

  it('lets nothing pass while the revocations cannot be asked', () => {
    const answers: unknown[] = [false, 'throw', undefined, null, 0, '', Promise.resolve(false)]
    let answer: unknown = false
    const verifier = createVerifier({
      key,
      revocations: {
        isRevoked: () => {
          if (answer === 'throw') throw new Error('down')
          return answer as boolean
        },
      },
    })
    const token = signer({})
    const outcomes = answers.map(next => {
      answer = next
      return verifier.safe(token).ok
    })
    expect(outcomes).toEqual([true, false, false, false, false, false, false])
  })

  it('is emptied when a key is taken away, and kept when one is added', () => {
    const [a, b] = [generateKey('ES256', { kid: 'a' }), generateKey('ES256', { kid: 'b' })]
    const ring = keyring([a])
    const keys = counted(ring)
    const verifier = createVerifier({ keys })
    const ofA = createSigner({ key: a })({})
    const ofB = createSigner({ key: b })({})
    expect(verifier.safe(ofA).ok).toBe(true)
    ring.rotate(b)
    expect(verifier.safe(ofA).ok).toBe(true)
    expect(keys.asked).toBe(1)
    expect(verifier.safe(ofB).ok).toBe(true)
    ring.revoke('a')
    expect(verifier.safe(ofA)).toMatchObject({ ok: false, code: 'key_not_found' })
    expect(verifier.safe(ofB).ok).toBe(true)
    ring.add(a)
    expect(verifier.safe(ofA).ok).toBe(true)
  })

  it('keeps no verdict of a key that was taken away while the token was judged', async () => {
    const key = generateKey('ES256', { kid: 'k' })
    const ring = keyring([key])
    let release: () => void = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    // A schema that takes its time: the key goes in the meantime.
    const schema: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: async value => gate.then(() => ({ value })) },
    }
    const verifier = createVerifier({ keys: ring, schema })
    const token = createSigner({ key })({})
    const pending = verifier.check(token)
    ring.revoke('k')
    release()
    await pending
    expect(await verifier.check(token)).toMatchObject({ ok: false, code: 'key_not_found' })
  })

  it('and none in the thread pool either', async () => {
    const key = generateKey('ES256', { kid: 'k' })
    const ring = keyring([key])
    const verifier = createVerifier({ keys: ring })
    const pending = verifier.async(createSigner({ key })({}))
    ring.revoke('k')
    await expect(pending).rejects.toMatchObject({ code: 'key_not_found' })
  })

  it('belongs to one verifier: what one accepted another asks anew', () => {
    const token = signer({ iss: 'a', exp: 9_999_999_999 })
    expect(createVerifier({ key, issuer: 'a' }).safe(token).ok).toBe(true)
    expect(createVerifier({ key, issuer: 'b' }).safe(token).ok).toBe(false)
    expect(createVerifier({ key: createKey({ secret: `${secret}2` }) }).safe(token).ok).toBe(false)
  })

  it('keeps what a schema made of the claims only when it is plain, and freezes it whole', () => {
    const schemaOf = (output: () => unknown): StandardSchema => ({
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: output() }) },
    })
    const token = signer({})
    const shallow = createVerifier({ key, schema: schemaOf(() => Object.freeze({ list: [1] })) })
    const first = shallow(token) as unknown as { list: number[] }
    expect(shallow(token)).toBe(first)
    expect(() => first.list.push(2)).toThrow(TypeError)
    const dated = createVerifier({ key, schema: schemaOf(() => ({ at: new Date(0) })) })
    expect(dated(token)).not.toBe(dated(token))
  })

  it('is not moved by a schema that changes the claims', () => {
    let now = 1000
    const schema: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: value => {
          Object.assign(value as object, { exp: 9_999_999_999 })
          return { value }
        },
      },
    }
    const verifier = createVerifier({ key, schema, clock: () => now * 1000 })
    const token = signer({ exp: 1100 })
    expect(verifier.safe(token).ok).toBe(true)
    now = 1100
    expect(verifier.safe(token)).toMatchObject({ ok: false, code: 'token_expired' })
  })

  it.each([1, 2, 3, 16, 1000])('holds no more than it was made for: %d', size => {
    const cache = new VerifiedTokens(size)
    for (let count = 0; count < 5000; count++)
      cache.add(entry(`t.${count}.${rawToken({ payload: { count } })}`), 0)
    expect(cache.size).toBeLessThanOrEqual(Math.max(2, 2 ** Math.ceil(Math.log2(size))))
    expect(cache.size).toBeGreaterThan(0)
    cache.clear()
    expect(cache.size).toBe(0)
  })

  it.each([
    ['nearly all', 0.5, 0.99],
    ['most', 0.625, 0.97],
  ])('finds %s of as many tokens as %d of its size', (_, part, least) => {
    const cache = new VerifiedTokens(4096)
    const tokens = Array.from({ length: 4096 * part }, (__, count) => rawToken({ payload: { count } }))
    for (const token of tokens) cache.add(entry(token), 0)
    expect(tokens.filter(token => cache.find(token, 0, 0)).length).toBeGreaterThan(tokens.length * least)
  })

  it('does not go back to an older generation of keys', () => {
    const cache = new VerifiedTokens(16)
    cache.add(entry('new.new.new'), 2)
    cache.add(entry('old.old.old'), 1)
    expect(cache.find('old.old.old', 0, 2)).toBeUndefined()
    expect(cache.find('new.new.new', 0, 2)).toBeDefined()
    expect(cache.find('new.new.new', 0, 3)).toBeUndefined()
  })

  it('takes the memory that is stated: 200 KB for the first token, about 18 MB full', () => {
    const script = fileURLToPath(new URL('./cache-memory.ts', import.meta.url))
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', '--conditions=latchkey-dev', script],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    // What the script prints.
    const { emptyBytes, fullBytes, entries } = JSON.parse(stdout) as Record<
      'emptyBytes' | 'fullBytes' | 'entries',
      number
    >
    expect(entries).toBeGreaterThan(usualCacheSize * 0.6)
    expect(emptyBytes).toBeLessThan(300_000)
    expect(fullBytes).toBeLessThan(25_000_000)
    expect(fullBytes).toBeGreaterThan(9_000_000)
  })
})
