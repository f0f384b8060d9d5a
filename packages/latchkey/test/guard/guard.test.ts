// The guard without a framework: what only shows in many requests, in time, or in what is shared between requests.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createGuard, type GuardOptions } from '../../src/guard/guard.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { keyring } from '../../src/keys/key-set.ts'
import { createSigner } from '../../src/token/signer.ts'

const secret = 'a shared secret that is longer than its hash'
const key = generateKey('ES256', { kid: 'first' })
const ring = keyring(key)
const signer = createSigner({ key, expiresIn: '1h' })

const ask = async (options: GuardOptions, token: string) =>
  createGuard(options).check({ authorization: `Bearer ${token}` })

describe('a guard', () => {
  it('answers 100,000 random headers with 400 or 401 and nothing else [S55]', async () => {
    const guard = createGuard({ secret })
    const alphabet = 'BEARERbearer  \t,,;="\\%.{}[]\u0000\u0080\u00ff\u{1f511}eyJhbGciOiJub25lIn0'
    const letters = [...alphabet]
    let seed = 42
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    const kinds = new Set<string>()
    for (let at = 0; at < 100_000; at++) {
      const start = random(2) === 0 ? 'Bearer ' : ''
      const value = start + Array.from({ length: random(24) }, () => letters[random(letters.length)]).join('')
      const verdict = await guard.check({ authorization: random(9) === 0 ? [value, value] : value })
      kinds.add(verdict.kind === 'refused' ? String(verdict.status) : verdict.kind)
      if (verdict.kind === 'refused') {
        const challenge = verdict.headers['www-authenticate'] ?? ''
        // RFC 6750 3: nothing of what was sent comes back, and nothing needs escaping.
        expect(challenge).toMatch(
          /^Bearer(?: \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(?:, \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*)?$/,
        )
      }
    }
    expect([...kinds].sort()).toEqual(['400', '401'])
  })

  it('gives the same caller for the same token, frozen [S49]', async () => {
    const guard = createGuard({ keys: ring })
    const token = signer({ sub: 'ada', scope: 'a' })
    const [first, second] = [
      await guard.check({ authorization: `Bearer ${token}` }),
      await guard.check({ authorization: `Bearer ${token}` }),
    ]
    if (first.kind !== 'admitted' || second.kind !== 'admitted') throw new Error('refused')
    expect(second.auth).toBe(first.auth)
    expect(() => Object.assign(first.auth.claims, { scope: '*' })).toThrow(TypeError)
  })

  it('asks for the scopes of a route with the verifier of the guard', async () => {
    const guard = createGuard({ keys: ring, scope: 'a' })
    const request = { authorization: `Bearer ${signer({ sub: 'ada', scope: 'a' })}` }
    const narrow = guard.asking(['b'])
    const [open, closed] = [await guard.check(request), await narrow.check(request)]
    expect(open.kind).toBe('admitted')
    if (closed.kind !== 'refused') throw new Error('admitted')
    expect(closed.headers['www-authenticate']).toContain('scope="a b"')
    expect((await narrow.check({ authorization: `Bearer ${signer({ scope: 'a b' })}` })).kind).toBe(
      'admitted',
    )
  })

  it('refuses a token whose key was taken away, whose schema was asked before, and whose session ended', async () => {
    const second = generateKey('ES256', { kid: 'second' })
    const own = keyring([key, second])
    const dead = new Set<unknown>()
    const guard = createGuard({
      keys: own,
      claims: { tenant: 'blue' },
      revocations: { isRevoked: ({ claims }) => dead.has(claims['sid']) },
    })
    const tokenOf = (signing: typeof key, sid: string) =>
      createSigner({ key: signing, expiresIn: '1h' })({ tenant: 'blue', sid })
    const [first, other] = [tokenOf(key, 's1'), tokenOf(second, 's2')]
    const kindOf = async (token: string) => {
      const verdict = await guard.check({ authorization: `Bearer ${token}` })
      return verdict.kind === 'refused' ? verdict.error.code : verdict.kind
    }
    expect([await kindOf(first), await kindOf(first), await kindOf(other)]).toEqual(Array(3).fill('admitted'))
    dead.add('s1')
    expect(await kindOf(first)).toBe('token_revoked')
    own.remove('second')
    expect(await kindOf(other)).toBe('key_not_found')
  })

  it('asks the keys of one issuer for a token, and of no other, whatever its kid [S40]', async () => {
    const asked: string[] = []
    const audience = 'https://api.example'
    const issuers = ['https://a.example', 'https://b.example'].map(issuer => ({
      issuer,
      audience,
      keys: {
        generation: 0,
        find() {
          asked.push(issuer)
          return [key]
        },
      },
    }))
    const guard = createGuard({ issuers })
    const judge = async (issuer: string) => {
      const token = createSigner({ key, typ: 'at+jwt', issuer, audience, expiresIn: '1h' })({ sub: 'ada' })
      asked.length = 0
      const { kind } = await guard.check({ authorization: `Bearer ${token}` })
      return [kind, ...asked]
    }
    expect(await judge('https://b.example')).toEqual(['admitted', 'https://b.example'])
    expect(await judge('https://a.example')).toEqual(['admitted', 'https://a.example'])
    expect(await judge('https://c.example')).toEqual(['refused'])
  })

  it('does not share what a schema made and cannot be frozen', async () => {
    const guard = createGuard({
      keys: ring,
      claims: {
        '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { when: new Date(0) } }) },
      },
    })
    const request = { authorization: `Bearer ${signer({ sub: 'ada' })}` }
    const [first, second] = [await guard.check(request), await guard.check(request)]
    if (first.kind !== 'admitted' || second.kind !== 'admitted') throw new Error('refused')
    expect(second.auth).not.toBe(first.auth)
    expect(first.auth.subject).toBe('ada')
  })

  it('denies when a revocation source answers with a promise', async () => {
    const later = { isRevoked: () => Promise.resolve(false) as unknown as boolean }
    expect(await ask({ keys: ring, revocations: later }, signer({ sub: 'ada' }))).toMatchObject({
      kind: 'refused',
      status: 401,
    })
  })

  it.each([
    ['null', null, 401],
    ['text', 'ada', 503],
    ['a list', [], 503],
  ])('denies when the resolver of API keys gives %s', async (_name, given, status) => {
    const apiKeys = () => given as never
    expect(await ask({ keys: ring, apiKeys }, 'lk_x')).toMatchObject({ kind: 'refused', status })
  })

  it('says what the application says when an API key must wait', async () => {
    const { LatchkeyError } = await import('../../src/base/errors.ts')
    const apiKeys = () => {
      throw new LatchkeyError('rate_limited', { retryAfterSeconds: 9 })
    }
    const verdict = await ask({ keys: ring, apiKeys }, 'lk_x')
    expect(verdict).toMatchObject({ kind: 'refused', status: 429, headers: { 'retry-after': '9' } })
    expect(verdict).not.toHaveProperty('headers.www-authenticate')
  })

  it('refuses a cookie of a page without an origin where nobody says what the host is [S104]', async () => {
    // A frame in a sandbox sends such an Origin; some runtimes keep Host out of a request's headers.
    const guard = createGuard({ keys: ring, from: { cookie: 'session' } })
    const request = (origin: string) => ({
      authorization: undefined,
      method: 'POST',
      cookie: `session=${signer({ sub: 'ada' })}`,
      header: (name: string) => (name === 'origin' ? origin : undefined),
    })
    for (const origin of ['null', 'https://evil.example', 'nonsense'])
      expect(await guard.check(request(origin)), origin).toMatchObject({ kind: 'refused', status: 403 })
  })

  it('keeps no secret in what it tells [S15]', async () => {
    const token = signer({ sub: 'ada' })
    const verdict = await ask({ secret }, token)
    expect(JSON.stringify(verdict)).not.toContain('eyJ')
    expect(JSON.stringify(verdict)).not.toContain(secret)
  })
})

describe('a guard of published keys', () => {
  const issuer = 'https://issuer.example'
  const audience = 'https://api.example'

  it('fetches once a cool-down for 10,000 tokens of random key ids, and lets valid ones go on meanwhile [S64]', async () => {
    let requests = 0
    const publisher = createServer((_request, response) => {
      requests++
      response.end(JSON.stringify({ keys: [key.toJwk()] }))
    })
    publisher.listen(0, '127.0.0.1')
    await once(publisher, 'listening')
    // The cast: a server that listens on a port has an address of this shape.
    const jwks = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/jwks`
    const time = { nowMs: Date.UTC(2026, 0, 1) }
    const clock = () => time.nowMs
    const guard = createGuard({ jwks, issuer, audience, clock })
    const good = createSigner({ key, typ: 'at+jwt', issuer, audience, expiresIn: '1h', clock })({
      sub: 'ada',
    })
    const kindOf = async (token: string) => (await guard.check({ authorization: `Bearer ${token}` })).kind
    const [, claims = '', signature = ''] = good.split('.')
    const strange = (at: number): string => {
      const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: `k${at}` })
      return `${Buffer.from(header).toString('base64url')}.${claims}.${signature}`
    }

    expect(await kindOf(good)).toBe('admitted')
    time.nowMs += 31_000
    const kinds = new Set<string>()
    for (let at = 0; at < 10_000; at++) {
      kinds.add(await kindOf(strange(at)))
      if (at % 1000 === 0) expect(await kindOf(good)).toBe('admitted')
    }
    expect([...kinds]).toEqual(['refused'])
    expect(requests).toBe(2)

    publisher.closeAllConnections()
    publisher.close()
    await once(publisher, 'close')
    time.nowMs += 600_000
    expect(await kindOf(good)).toBe('admitted')
  })
})
