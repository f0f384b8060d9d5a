import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { type RemoteKeySet, type RemoteKeysOptions, remoteKeys } from '../../src/keys/remote-key-set.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A publisher of keys on the loopback, real to the last byte; what it answers can change while it runs. */
class Publisher {
  readonly requests: IncomingMessage[] = []
  answer: Answer
  readonly #server: Server

  private constructor(answer: Answer) {
    this.answer = answer
    this.#server = createServer((request, response) => {
      this.requests.push(request)
      this.answer(request, response)
    })
  }

  static async start(answer: Answer): Promise<Publisher> {
    const publisher = new Publisher(answer)
    publisher.#server.listen(0, '127.0.0.1')
    await once(publisher.#server, 'listening')
    running.push(publisher)
    return publisher
  }

  get port(): number {
    // The cast: a server that listens on a port has an address of this shape.
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/jwks`
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

const running: Publisher[] = []
afterEach(async () => {
  for (const publisher of running.splice(0)) await publisher.stop()
})

const first = generateKey('ES256', { kid: 'first' })
const second = generateKey('Ed25519', { kid: 'second' })

const setOf = (...keys: Key[]): string => JSON.stringify({ keys: keys.map(key => key.toJwk()) })
const text =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
  }
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end()
  }
const silent: Answer = () => undefined

interface Setting {
  readonly publisher: Publisher
  readonly source: RemoteKeySet
  /** Lets time pass, in seconds. */
  pass(seconds: number): void
}

async function setting(answer: Answer, options: RemoteKeysOptions = {}): Promise<Setting> {
  const publisher = await Publisher.start(answer)
  let now = 1_700_000_000_000
  const source = remoteKeys(publisher.url, { clock: () => now, ...options })
  return {
    publisher,
    source,
    pass: seconds => {
      now += seconds * 1000
    },
  }
}

const query = { alg: 'ES256', kid: 'first' }
const other = { alg: 'Ed25519', kid: 'second' }

/** What a verifier does: look, ask if told to, look again. */
async function search(
  source: RemoteKeySet,
  header: { alg: string; kid?: string },
): Promise<readonly Key[] | undefined> {
  const found = source.find(header)
  if (found !== undefined) return found
  await source.load(header)
  return source.find(header)
}

async function refusalOf(promise: Promise<unknown>): Promise<LatchkeyError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof LatchkeyError))
    throw new Error('it was not refused by a LatchkeyError', { cause: error })
  return error
}

/** Waits, turn by turn of the event loop, for what happens behind the caller's back. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn()
}

const kidsOf = (keys: readonly Key[] | undefined): (string | undefined)[] | undefined =>
  keys?.map(key => key.kid)

describe('when keys are fetched', () => {
  it('asks nobody before a token needs a key', async () => {
    const { publisher, source } = await setting(text(setOf(first)))
    expect(source.find(query)).toBeUndefined()
    expect(source.status).toMatchObject({ state: 'empty', requests: 0, keys: [] })
    expect(publisher.requests).toHaveLength(0)
  })

  it('[S64] makes one request for all who wait at the same time', async () => {
    const { publisher, source } = await setting(text(setOf(first, second)))
    const found = await Promise.all(Array.from({ length: 500 }, () => search(source, query)))
    expect(publisher.requests).toHaveLength(1)
    expect(found.every(keys => keys?.[0]?.kid === 'first')).toBe(true)
  })

  it('[S64] makes one request a cool-down for 10,000 tokens of unknown key ids', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first), { 'cache-control': 'max-age=3600' }))
    for (let round = 0; round < 10_000; round++) {
      expect(await search(source, { alg: 'ES256', kid: `unknown-${round}` })).toEqual([])
    }
    expect(publisher.requests).toHaveLength(1)
    pass(29)
    expect(await search(source, { alg: 'ES256', kid: 'unknown' })).toEqual([])
    expect(publisher.requests).toHaveLength(1)
    pass(1)
    await Promise.all(
      Array.from({ length: 500 }, (_, round) => search(source, { alg: 'ES256', kid: `x${round}` })),
    )
    expect(publisher.requests).toHaveLength(2)
  })

  it('finds a key that was published after the last look, once the cool-down is over', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)))
    await search(source, query)
    publisher.answer = text(setOf(first, second))
    expect(await search(source, other)).toEqual([])
    pass(30)
    expect(kidsOf(await search(source, other))).toEqual(['second'])
  })

  it('does not ask again for a known key id with another algorithm', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first), { 'cache-control': 'max-age=3600' }))
    await search(source, query)
    pass(60)
    expect(await search(source, { alg: 'RS256', kid: 'first' })).toEqual([])
    expect(publisher.requests).toHaveLength(1)
  })
})

describe('how long keys are kept', () => {
  // Seconds that the answer's headers give: [headers, seconds].
  const rows: readonly (readonly [Record<string, string>, number])[] = [
    [{}, 300],
    [{ 'cache-control': 'public, max-age=600' }, 600],
    [{ 'cache-control': 'max-age="600"' }, 600],
    [{ 'cache-control': 'max-age=600', age: '200' }, 400],
    [{ 'cache-control': 'max-age=600', age: 'nonsense' }, 600],
    [{ 'cache-control': 's-maxage=900' }, 300],
    [{ 'cache-control': 'max-age=5' }, 5],
    [{ 'cache-control': 'max-age=0' }, 30],
    [{ 'cache-control': 'no-store' }, 30],
    [{ 'cache-control': 'no-cache, max-age=600' }, 30],
    [{ 'cache-control': 'max-age=99999999' }, 86_400],
  ]
  for (const [headers, seconds] of rows) {
    it(`keeps them ${seconds} s for ${JSON.stringify(headers)}`, async () => {
      const { source } = await setting(text(setOf(first), headers))
      await search(source, query)
      const { fetchedAtMs = 0, freshUntilMs = 0 } = source.status
      expect(freshUntilMs - fetchedAtMs).toBe(seconds * 1000)
    })
  }

  it('finds a new key as soon as a publisher that rotates fast has told of it, whatever the cooldown', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first), { 'cache-control': 'max-age=2' }))
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    publisher.answer = text(setOf(first, second), { 'cache-control': 'max-age=2' })
    pass(1)
    for (let round = 0; round < 100; round++) expect(await search(source, other)).toEqual([])
    expect(publisher.requests).toHaveLength(1)
    pass(1)
    expect(kidsOf(await search(source, other))).toEqual(['second'])
    expect(publisher.requests).toHaveLength(2)
  })

  it('looks again before their time is over, and nobody waits for it', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)))
    await search(source, query)
    pass(239)
    expect(kidsOf(source.find(query))).toEqual(['first'])
    expect(source.status.requests).toBe(1)
    pass(1)
    for (let round = 0; round < 100; round++) expect(kidsOf(source.find(query))).toEqual(['first'])
    await until(() => publisher.requests.length === 2 && source.status.fetchedAtMs === 1_700_000_240_000)
    expect(source.status.requests).toBe(2)
  })

  it('looks again as well when every token comes from a cache, which asks for the generation only', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first, second)))
    await search(source, query)
    publisher.answer = text(setOf(second))
    const before = source.generation
    pass(240)
    expect(source.generation).toBe(before)
    await until(() => source.generation > before)
    expect(source.status.keys).toEqual([{ kid: 'second', alg: 'Ed25519' }])
  })

  it('lets them go when their time is over before anybody looked again', async () => {
    const { source, pass } = await setting(text(setOf(first)))
    await search(source, query)
    const before = source.generation
    pass(300)
    expect(source.generation).toBeGreaterThan(before)
    expect(source.find(query)).toBeUndefined()
    expect(kidsOf(await search(source, query))).toEqual(['first'])
  })

  it('[S49] looks again in time, and lets go of a key, when the clock is set back by a day', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)))
    await search(source, query)
    publisher.answer = text(setOf(second))
    const before = source.generation
    pass(-86_400)
    expect(source.find(query)).toHaveLength(1)
    pass(299)
    source.find(query)
    await expect.poll(() => source.find(query)).toEqual([])
    expect(source.generation).toBeGreaterThan(before)
    publisher.answer = text(setOf(second, first))
    pass(-86_400)
    expect(await search(source, query)).toEqual([])
    pass(30)
    expect(kidsOf(await search(source, query))).toEqual(['first'])
  })

  it('asks by ETag, and keeps what did not change', async () => {
    const tagged: Answer = (request, response) => {
      const headers = { etag: '"one"', 'cache-control': 'max-age=60' }
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304, headers).end()
      else response.writeHead(200, headers).end(setOf(first))
    }
    const { publisher, source, pass } = await setting(tagged)
    const [key] = (await search(source, query)) ?? []
    pass(61)
    const [again] = (await search(source, query)) ?? []
    expect(publisher.requests.map(request => request.headers['if-none-match'])).toEqual([undefined, '"one"'])
    expect(again).toBe(key)
    expect(source.status).toMatchObject({ state: 'fresh', problem: undefined })
  })

  it('[S49] grows its generation when a key was taken away, and not when one was added or stayed', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first), { 'cache-control': 'max-age=3600' }))
    const [key] = (await search(source, query)) ?? []
    const before = source.generation
    pass(30)
    publisher.answer = text(setOf(second, first), { 'cache-control': 'max-age=3600' })
    expect(kidsOf(await search(source, other))).toEqual(['second'])
    expect(source.generation).toBe(before)
    expect(source.find(query)?.[0]).toBe(key)
    pass(30)
    publisher.answer = text(setOf(second), { 'cache-control': 'max-age=3600' })
    await search(source, { alg: 'ES256', kid: 'unknown' })
    expect(source.generation).toBe(before + 1)
    expect(source.find(query)).toEqual([])
  })

  it('grows its generation when another key comes under the same key id', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)))
    await search(source, query)
    const before = source.generation
    publisher.answer = text(setOf(generateKey('ES256', { kid: 'first' })))
    pass(30)
    await search(source, { alg: 'ES256', kid: 'unknown' })
    expect(source.generation).toBe(before + 1)
  })
})

describe('when the publisher fails', () => {
  it('[S56] refuses with keys_unavailable when there were never any keys', async () => {
    const { source } = await setting(status(500))
    const error = await refusalOf(search(source, query))
    expect(error).toMatchObject({ code: 'keys_unavailable', status: 503, retryAfterSeconds: 1 })
    expect(error.detail).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jwks answered with status 500\.$/)
    expect(source.status).toMatchObject({ state: 'unavailable', problem: error.detail })
  })

  it('asks a failing publisher less and less often, and never more than once a pause', async () => {
    const { publisher, source, pass } = await setting(status(503))
    const counts: number[] = []
    for (const seconds of [0, 0, 1, 1, 1, 4, 8, 16, 29, 1, 30]) {
      pass(seconds)
      await Promise.all(Array.from({ length: 20 }, () => refusalOf(search(source, query))))
      counts.push(publisher.requests.length)
    }
    expect(counts).toEqual([1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8])
  })

  it('[S64] keeps using stale keys, and no longer than it was told to', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)), { staleIfError: '10m' })
    await search(source, query)
    publisher.answer = status(500)
    pass(300)
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    expect(source.status).toMatchObject({ state: 'stale' })
    const before = source.generation
    pass(599)
    expect(kidsOf(source.find(query))).toEqual(['first'])
    await until(() => source.status.requests === 3 && publisher.requests.length === 3)
    pass(1)
    expect(source.generation).toBeGreaterThan(before)
    expect(await refusalOf(search(source, query))).toMatchObject({ code: 'keys_unavailable' })
    expect(source.status.state).toBe('unavailable')
    publisher.answer = text(setOf(first))
    pass(30)
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    expect(source.status).toMatchObject({ state: 'fresh', problem: undefined })
  })

  it('makes nobody wait while it looks again for a publisher that hangs', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first)), { timeout: 0.05 })
    await search(source, query)
    publisher.answer = silent
    pass(300)
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    pass(60)
    expect(kidsOf(source.find(query))).toEqual(['first'])
    await until(() => publisher.requests.length === 3)
  })

  it('does not say of a key that it is unknown while the publisher cannot be asked', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first), { 'cache-control': 'max-age=3600' }))
    await search(source, query)
    publisher.answer = status(500)
    pass(60)
    expect(await refusalOf(search(source, other))).toMatchObject({ code: 'keys_unavailable' })
    expect(await refusalOf(search(source, other))).toMatchObject({ code: 'keys_unavailable' })
    expect(publisher.requests).toHaveLength(2)
    expect(kidsOf(await search(source, query))).toEqual(['first'])
  })

  it('survives that the publisher is gone', async () => {
    const { publisher, source } = await setting(silent)
    await publisher.stop()
    expect(await refusalOf(search(source, query))).toMatchObject({
      code: 'keys_unavailable',
      retryAfterSeconds: 1,
    })
  })
})

describe('what is let in from the network', () => {
  const refusedAnswers: readonly (readonly [string, Answer, RegExp])[] = [
    ['more bytes than allowed', text(`${setOf(first)}${' '.repeat(1_048_576)}`), /more than 1048576 bytes/],
    ['an endless answer', (_, response) => void endless(response), /more than 1048576 bytes/],
    ['a packed answer', text(gzipSync(setOf(first)), { 'content-encoding': 'gzip' }), /packed/],
    ['a page in place of the set', text('<html></html>'), /not a JWK Set/],
    ['a set without keys', text('{"jwks":[]}'), /not a JWK Set/],
    ['keys that are no list', text('{"keys":{}}'), /not a JWK Set/],
    ['[S6] a repeated name', text('{"keys":[],"keys":[]}'), /repeats a name/],
    ['[S5] bytes that are not UTF-8', text(Buffer.from('{"keys":[],"x":"\xff"}', 'latin1')), /not a JWK Set/],
    ['a byte order mark', text(`\ufeff${setOf(first)}`), /not a JWK Set/],
    [
      'more than 100 keys',
      text(JSON.stringify({ keys: Array(101).fill(first.toJwk()) })),
      /more than 100 keys/,
    ],
    ['an unasked 304', status(304), /status 304/],
    ['no content', status(204), /status 204/],
    ['a redirect to nowhere', status(302), /redirects to nowhere/],
    ['a redirect to itself', status(302, { location: '/jwks' }), /more than 3 times/],
    ['a redirect to a file', status(302, { location: 'file:///etc/passwd' }), /another origin/],
  ]
  for (const [what, answer, reason] of refusedAnswers) {
    it(`[S63] refuses ${what}`, async () => {
      const { source } = await setting(answer)
      const error = await refusalOf(search(source, query))
      expect(error.code).toBe('keys_unavailable')
      expect(error.detail).toMatch(reason)
    })
  }

  it('[S63] gives up on a publisher that does not answer, or answers one byte at a time', async () => {
    for (const answer of [silent, dripping]) {
      const { source } = await setting(answer, { timeout: 0.2 })
      const error = await refusalOf(search(source, query))
      expect(error.detail).toMatch(/did not answer within 200 ms/)
    }
  })

  it('[S63] gives up on a name that takes too long to resolve', async () => {
    const resolve = (): Promise<string[]> => new Promise(() => undefined)
    const source = remoteKeys('https://keys.example/jwks', { resolve, timeout: 0.05 })
    expect((await refusalOf(source.load(query))).detail).toMatch(/did not answer within 50 ms/)
  })

  it('[S63] follows a redirect on its own origin only', async () => {
    const stranger = await Publisher.start(text(setOf(first)))
    const { publisher, source, pass } = await setting((request, response) => {
      if (request.url === '/moved') text(setOf(first))(request, response)
      else response.writeHead(307, { location: '/moved' }).end()
    })
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    publisher.answer = status(301, { location: stranger.url })
    pass(30)
    expect((await refusalOf(search(source, other))).detail).toMatch(/redirects to another origin/)
    expect(stranger.requests).toHaveLength(0)
  })

  it('does not mind the media type', async () => {
    const { source } = await setting(text(setOf(first), { 'content-type': 'text/plain' }))
    expect(kidsOf(await search(source, query))).toEqual(['first'])
  })
})

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  response.writeHead(200)
  more()
}

function dripping(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200)
  const timer = setInterval(() => response.write(' '), 20)
  response.once('close', () => clearInterval(timer))
}

describe('where keys may come from', () => {
  const refusedUrls = [
    'http://keys.example/jwks',
    'http://10.0.0.1/jwks',
    'http://localhost.example/jwks',
    'ftp://localhost/jwks',
    'file:///jwks',
    'https://name:password@keys.example/jwks',
    'http://name@localhost/jwks',
    '/jwks',
    '',
  ]
  for (const url of refusedUrls) {
    it(`[S63] a TypeError for ${JSON.stringify(url)}`, () => {
      expect(() => remoteKeys(url)).toThrow(TypeError)
    })
  }

  it('takes http from every name and address of the loopback', () => {
    for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '[::1]']) {
      expect(remoteKeys(`http://${host}:1/jwks`).status.state).toBe('empty')
    }
  })

  it('refuses plain http to a loopback name that resolves elsewhere', async () => {
    const source = remoteKeys('http://keys.localhost/jwks', {
      resolve: async () => ['127.0.0.1', '10.0.0.1'],
    })
    expect((await refusalOf(source.load(query))).detail).toMatch(/resolves off the loopback/)
  })

  const privateAddresses = [
    '127.0.0.1',
    '10.0.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
  ]
  for (const address of privateAddresses) {
    it(`[S63] refuses a URL from metadata that leads to ${address}, by name and by number`, async () => {
      const options = { fromMetadataOf: 'https://issuer.example', resolve: async () => ['1.1.1.1', address] }
      const byName = remoteKeys('https://keys.example/jwks', options)
      expect((await refusalOf(byName.load(query))).detail).toMatch(/not public/)
      const host = address.includes(':') ? `[${address}]` : address
      const byNumber = remoteKeys(`https://${host}/jwks`, options)
      expect((await refusalOf(byNumber.load(query))).detail).toMatch(/not public/)
    })
  }

  it('[S63] opens no connection to a local publisher that metadata names', async () => {
    const { publisher, source } = await setting(text(setOf(first)), {
      fromMetadataOf: 'https://issuer.example',
    })
    expect((await refusalOf(source.load(query))).detail).toMatch(/not public/)
    expect(publisher.requests).toHaveLength(0)
  })

  it('[S63] refuses a plain http URL from metadata when it is asked', async () => {
    const source = remoteKeys('http://keys.example/jwks', { fromMetadataOf: 'https://issuer.example' })
    expect((await refusalOf(source.load(query))).detail).toMatch(/not an https URL/)
  })

  it('takes a URL from metadata that is of the issuer’s own origin, wherever that is', async () => {
    const publisher = await Publisher.start(text(setOf(first)))
    const issuer = `http://127.0.0.1:${publisher.port}`
    expect(kidsOf(await search(remoteKeys(publisher.url, { fromMetadataOf: issuer }), query))).toEqual([
      'first',
    ])
  })

  it('[S63] connects to the address that it judged: a name that changes between two questions gains nothing', async () => {
    const publisher = await Publisher.start(text(setOf(first), { 'cache-control': 'max-age=3600' }))
    const answers = [['127.0.0.1'], ['10.0.0.1']]
    let questions = 0
    let now = 0
    const source = remoteKeys(`http://rebound.localhost:${publisher.port}/jwks`, {
      clock: () => now,
      resolve: async () => answers[questions++] ?? [],
    })
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    expect(questions).toBe(1)
    expect(publisher.requests[0]?.headers.host).toBe(`rebound.localhost:${publisher.port}`)
    now += 30_000
    expect((await refusalOf(search(source, other))).detail).toMatch(/resolves off the loopback/)
    expect([questions, publisher.requests.length]).toEqual([2, 1])
  })
})

describe('the keys of a set', () => {
  const good = first.toJwk()
  const rsa = generateKey('RS256', { kid: 'rsa' }).toJwk()
  const { alg: _alg, use: _use, ...bareRsa } = rsa
  const { alg: _ecAlg, ...bareEc } = good

  // Each stands in a set beside a good key: [what, the bad key, why].
  const badKeys: readonly (readonly [string, unknown, RegExp])[] = [
    ['[S20] a secret', { kty: 'oct', kid: 'bad', k: 'A'.repeat(64), alg: 'HS256' }, /never holds secrets/],
    ['[S26] a private key', second.toPrivateJwk(), /private members/],
    ['[S28] a key for encryption', { ...rsa, kid: 'bad', use: 'enc' }, /use/],
    ['[S28] a key whose operations leave verify out', { ...good, kid: 'bad', key_ops: ['sign'] }, /key_ops/],
    [
      '[S22] an RSA key of 1024 bits',
      { kty: 'RSA', kid: 'bad', alg: 'RS256', e: 'AQAB', n: `w${'A'.repeat(170)}` },
      /weak/,
    ],
    ['[S25] a point that is not on its curve', { ...good, kid: 'bad', y: good['x'] }, /not a key/],
    ['[S25] a curve of another algorithm', { ...good, kid: 'bad', alg: 'ES384' }, /curve/],
    ['[S30] an unknown type of key', { kty: 'XYZ', kid: 'bad' }, /./],
    ['[S30] an unknown algorithm', { ...good, kid: 'bad', alg: 'ES1024' }, /./],
    ['an RSA key that claims a MAC', { ...rsa, kid: 'bad', alg: 'HS256' }, /./],
    ['a key id that is no text', { ...good, kid: 5 }, /kid/],
    ['a number', 5, /not a JWK/],
    ['nothing', null, /not a JWK/],
  ]
  for (const [what, bad, reason] of badKeys) {
    it(`leaves out ${what}, and keeps the others`, async () => {
      const { source } = await setting(text(JSON.stringify({ keys: [bad, good] })))
      expect(kidsOf(await search(source, query))).toEqual(['first'])
      const { keys, refused } = source.status
      expect(keys).toEqual([{ kid: 'first', alg: 'ES256' }])
      expect(refused).toHaveLength(1)
      expect(refused[0]?.reason).toMatch(reason)
    })
  }

  it('[S29] leaves out both keys of one key id', async () => {
    const twin = generateKey('ES256', { kid: 'first' })
    const { source } = await setting(text(setOf(first, second, twin)))
    expect(await search(source, query)).toEqual([])
    expect(source.status.keys).toEqual([{ kid: 'second', alg: 'Ed25519' }])
    expect(source.status.refused.map(({ kid }) => kid)).toEqual(['first', 'first'])
  })

  it('[S13] takes a key id for a name and nothing more', async () => {
    const kids = ['__proto__', 'constructor', '../../etc/passwd', "' OR 1=1"]
    const keys = kids.map(kid => ({ ...generateKey('ES256').toJwk(), kid }))
    const { source } = await setting(text(JSON.stringify({ keys })))
    for (const kid of kids) expect(kidsOf(await search(source, { alg: 'ES256', kid }))).toEqual([kid])
    expect(await search(source, { alg: 'ES256', kid: 'toString' })).toEqual([])
    expect(await search(source, { alg: 'ES256', kid: 'x'.repeat(1_000_000) })).toEqual([])
  })

  it('binds a key that names no algorithm to the one of its curve', async () => {
    const { source } = await setting(text(JSON.stringify({ keys: [bareEc] })))
    expect((await search(source, query))?.map(key => key.alg)).toEqual(['ES256'])
  })

  it('[S18] binds an RSA key that names no algorithm to RS256, or to those that are allowed', async () => {
    const set = text(JSON.stringify({ keys: [bareRsa] }))
    const { source } = await setting(set)
    expect(kidsOf(await search(source, { alg: 'RS256', kid: 'rsa' }))).toEqual(['rsa'])
    expect(await search(source, { alg: 'PS256', kid: 'rsa' })).toEqual([])
    const { source: wider } = await setting(set, { algorithms: ['PS256', 'RS512', 'ES256'] })
    expect((await search(wider, { alg: 'PS256', kid: 'rsa' }))?.map(key => key.alg)).toEqual(['PS256'])
    expect(await search(wider, { alg: 'RS256', kid: 'rsa' })).toEqual([])
  })

  it('[S16] leaves out keys of an algorithm that is not allowed', async () => {
    const { source } = await setting(text(setOf(first, second)), { algorithms: ['Ed25519'] })
    expect(await search(source, query)).toEqual([])
    expect(kidsOf(await search(source, other))).toEqual(['second'])
  })

  it('[S27] finds a key under both names of its algorithm', async () => {
    const { source } = await setting(text(JSON.stringify({ keys: [{ ...second.toJwk(), alg: 'EdDSA' }] })))
    expect(kidsOf(await search(source, { alg: 'Ed25519', kid: 'second' }))).toEqual(['second'])
    expect(kidsOf(await search(source, { alg: 'EdDSA', kid: 'second' }))).toEqual(['second'])
  })

  it('tries keys without a key id for every token, and all that fit for a token without one', async () => {
    const nameless = { ...generateKey('ES256').toJwk() }
    const { kid: _kid, ...bare } = nameless as { kid?: unknown }
    const { source } = await setting(text(JSON.stringify({ keys: [good, bare] })))
    expect(kidsOf(await search(source, { alg: 'ES256' }))).toEqual(['first', undefined])
    expect(kidsOf(await search(source, query))).toEqual(['first'])
    expect(kidsOf(await search(source, { alg: 'ES256', kid: 'unknown' }))).toEqual([undefined])
  })

  it('[S13] tries 16 keys at most: a token without a key id costs no more signatures', async () => {
    const list = Array.from({ length: 16 }, (_, at) => generateKey('ES256', { kid: `key-${at}` }))
    const { publisher, source, pass } = await setting(text(setOf(...list)))
    expect(await search(source, { alg: 'ES256' })).toHaveLength(16)
    const { kid: _kid, ...nameless } = second.toJwk() as { kid?: unknown }
    publisher.answer = text(JSON.stringify({ keys: [...JSON.parse(setOf(...list, first)).keys, nameless] }))
    pass(300)
    expect(await search(source, { alg: 'ES256' })).toEqual([])
    expect(kidsOf(await search(source, { alg: 'Ed25519', kid: 'unknown' }))).toEqual([undefined])
    expect(kidsOf(await search(source, query))).toEqual(['first'])
  })
})

describe('a verifier with remote keys', () => {
  const issuer = 'https://issuer.example'
  const sign = createSigner({ key: first, issuer, expiresIn: '1h' })

  it('waits for the keys once, and then judges at once', async () => {
    const { publisher, source } = await setting(text(setOf(first)))
    const verify = createVerifier({ keys: source, algorithms: ['ES256'], issuer })
    const tokens = Array.from({ length: 50 }, (_, n) => sign({ n }))
    const claims = await Promise.all(tokens.map(token => verify.async(token)))
    expect(claims.map(({ n }) => n)).toEqual(tokens.map((_, n) => n))
    expect(verify(tokens[0] ?? '')).toMatchObject({ n: 0, iss: issuer })
    expect(publisher.requests).toHaveLength(1)
  })

  it('[S49] drops a cached token when the key that signed it is no longer published', async () => {
    const { publisher, source, pass } = await setting(text(setOf(first, second)))
    const verify = createVerifier({ keys: source, algorithms: ['ES256'], issuer, cache: true })
    const token = sign({ a: 1 })
    await verify.async(token)
    expect(verify(token)).toMatchObject({ a: 1 })
    publisher.answer = text(setOf(second))
    pass(300)
    expect(await refusalOf(verify.async(token))).toMatchObject({ code: 'key_not_found' })
  })

  it('[S56] tells a publisher that cannot be reached from a token that is not good', async () => {
    const { source } = await setting(status(500))
    const verify = createVerifier({ keys: source, algorithms: ['ES256'], issuer })
    expect(await refusalOf(verify.async(sign({})))).toMatchObject({ code: 'keys_unavailable', status: 503 })
  })
})

describe('the options of remoteKeys', () => {
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['a misspelled option', { coolDown: 5 }, /did you mean 'cooldown'/],
    ['an unknown algorithm', { algorithms: ['none'] }, /algorithm/i],
    ['a time without a unit', { maxAge: '300' }, /maxAge/],
    ['a negative time', { timeout: -1 }, /timeout/],
    ['a size of nothing', { maxBytes: 0 }, /maxBytes/],
    ['half a key', { maxKeys: 1.5 }, /maxKeys/],
    ['an issuer that is no URL', { fromMetadataOf: 'issuer' }, /fromMetadataOf/],
  ]
  for (const [what, options, message] of wrong) {
    it(`a TypeError for ${what}`, () => {
      expect(() => remoteKeys('https://keys.example/jwks', options)).toThrow(TypeError)
      expect(() => remoteKeys('https://keys.example/jwks', options)).toThrow(message)
    })
  }

  it('never shows the query of its URL', async () => {
    const publisher = await Publisher.start(status(500))
    const source = remoteKeys(`${publisher.url}?key=hidden`)
    const error = await refusalOf(source.load(query))
    expect(JSON.stringify([error.message, source.status])).not.toContain('hidden')
    expect(publisher.requests[0]?.url).toBe('/jwks?key=hidden')
  })
})
