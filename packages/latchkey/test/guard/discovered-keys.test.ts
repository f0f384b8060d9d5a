// Keys that are found by an issuer's name, at a publisher that is real to the last byte. [S85] [S63]
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discoveredKeys } from '../../src/guard/discovered-keys.ts'
import { createGuard } from '../../src/guard/guard.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { createSigner } from '../../src/token/signer.ts'

const first = generateKey('ES256', { kid: 'first' })
const second = generateKey('ES256', { kid: 'second' })
const audience = 'https://api.example'

interface Publisher {
  readonly origin: string
  readonly asked: string[]
  documents: Record<string, unknown>
}

async function publish(): Promise<Publisher> {
  const publisher = { origin: '', asked: [] as string[], documents: {} as Record<string, unknown> }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    publisher.asked.push(path)
    const document = publisher.documents[path]
    const body = typeof document === 'string' ? document : JSON.stringify(document)
    response.writeHead(document === undefined ? 404 : 200).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The cast: a server that listens on a port has an address of this shape.
  publisher.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return publisher
}

const setOf = (...keys: Key[]) => ({ keys: keys.map(key => key.toJwk()) })
const query = (kid: string) => ({ alg: 'ES256', kid })
const metadataPath = '/.well-known/oauth-authorization-server'

describe('discovered keys', () => {
  it.each([
    ['', [metadataPath]],
    ['/', [metadataPath]],
    ['/tenant', [`${metadataPath}/tenant`]],
    ['/a/b', [`${metadataPath}/a/b`]],
  ])('of an issuer with the path %j are looked for at %j (RFC 8414 3.1)', async (path, places) => {
    const publisher = await publish()
    const issuer = publisher.origin + path
    publisher.documents = {
      [places[0] ?? '']: { issuer, jwks_uri: `${publisher.origin}/jwks` },
      '/jwks': setOf(first),
    }
    const source = discoveredKeys(issuer)
    expect(source.find(query('first'))).toBeUndefined()
    await source.load?.(query('first'))
    expect(source.find(query('first'))?.map(key => key.kid)).toEqual(['first'])
    expect(publisher.asked).toEqual([...places, '/jwks'])
  })

  it("are looked for at OpenID's place after that, behind the path", async () => {
    const publisher = await publish()
    const issuer = `${publisher.origin}/tenant`
    publisher.documents = {
      '/tenant/.well-known/openid-configuration': { issuer, jwks_uri: `${publisher.origin}/jwks` },
      '/jwks': setOf(first),
    }
    const source = discoveredKeys(issuer)
    await source.load?.(query('first'))
    expect(publisher.asked).toEqual([
      `${metadataPath}/tenant`,
      '/tenant/.well-known/openid-configuration',
      '/jwks',
    ])
  })

  const bad: readonly (readonly [string, (issuer: string, origin: string) => unknown, RegExp])[] = [
    [
      'names another issuer',
      (issuer, origin) => ({ issuer: `${issuer}/`, jwks_uri: `${origin}/jwks` }),
      /another/,
    ],
    [
      'names the issuer in a list',
      (issuer, origin) => ({ issuer: [issuer], jwks_uri: `${origin}/jwks` }),
      /another/,
    ],
    ['names no issuer', (_issuer, origin) => ({ jwks_uri: `${origin}/jwks` }), /another/],
    ['names no keys', issuer => ({ issuer }), /no jwks_uri/],
    ['names keys by half a URL', issuer => ({ issuer, jwks_uri: '/jwks' }), /no jwks_uri/],
    ['is no JSON', () => 'hello', /not a JSON object/],
    ['is a list', () => [], /not a JSON object/],
    [
      'names the issuer twice',
      issuer => `{"issuer":"https://evil.example","issuer":"${issuer}"}`,
      /not a JSON object/,
    ],
  ]
  it.each(bad)('are not there when the metadata %s', async (_name, document, detail) => {
    const publisher = await publish()
    const issuer = publisher.origin
    publisher.documents = { [metadataPath]: document(issuer, publisher.origin), '/jwks': setOf(first) }
    const source = discoveredKeys(issuer)
    await expect(source.load?.(query('first'))).rejects.toMatchObject({
      code: 'keys_unavailable',
      detail: expect.stringMatching(detail),
    })
    expect(publisher.asked).not.toContain('/jwks')
  })

  it('are not fetched from a private place of another origin that the metadata names', async () => {
    const [publisher, inside] = [await publish(), await publish()]
    inside.documents = { '/jwks': setOf(first) }
    publisher.documents = {
      [metadataPath]: { issuer: publisher.origin, jwks_uri: `${inside.origin}/jwks` },
    }
    await expect(discoveredKeys(publisher.origin).load?.(query('first'))).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
    expect(inside.asked).toEqual([])
  })

  it('are asked for once by a hundred tokens at once, and again only after a pause', async () => {
    const publisher = await publish()
    const time = { nowMs: Date.UTC(2026, 0, 1) }
    const source = discoveredKeys(publisher.origin, { clock: () => time.nowMs })
    const load = () => source.load?.(query('first')).catch((error: { code: string }) => error.code)
    const codes = await Promise.all(Array.from({ length: 100 }, load))
    expect(new Set(codes)).toEqual(new Set(['keys_unavailable']))
    const places = [metadataPath, '/.well-known/openid-configuration']
    expect(publisher.asked).toEqual(places)
    await load()
    expect(publisher.asked).toEqual(places)

    publisher.documents = {
      [metadataPath]: { issuer: publisher.origin, jwks_uri: `${publisher.origin}/jwks` },
      '/jwks': setOf(first),
    }
    // Set back meanwhile: a pause is a pause by what passes.
    time.nowMs -= 86_400_000
    await load()
    time.nowMs += 1000
    await load()
    expect(source.find(query('first'))).toHaveLength(1)
  })

  it('follow the metadata to another place, and what the old place vouched for is gone', async () => {
    const publisher = await publish()
    const issuer = publisher.origin
    const time = { nowMs: Date.UTC(2026, 0, 1) }
    publisher.documents = {
      [metadataPath]: { issuer, jwks_uri: `${issuer}/jwks` },
      '/jwks': setOf(first),
      '/moved': setOf(second),
    }
    const clock = () => time.nowMs
    const guard = createGuard({ discover: true, issuer, audience, clock })
    const tokenOf = (key: Key) =>
      createSigner({ key, typ: 'at+jwt', issuer, audience, expiresIn: '1d', clock })({ sub: 'ada' })
    const [old, moved] = [tokenOf(first), tokenOf(second)]
    const kindOf = async (token: string) => (await guard.check({ authorization: `Bearer ${token}` })).kind
    expect(await kindOf(old)).toBe('admitted')
    publisher.documents = { ...publisher.documents, [metadataPath]: { issuer, jwks_uri: `${issuer}/moved` } }
    time.nowMs += 3_600_000
    expect(await kindOf(moved)).toBe('admitted')
    expect(await kindOf(old)).toBe('refused')
  })
})
