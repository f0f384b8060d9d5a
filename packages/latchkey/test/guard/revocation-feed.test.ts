// The subscriber against a server that says what a test wants said. With the real server: packages/server/test/http.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { LatchkeyError } from 'latchkey'
import { type RevocationFeed, revocationFeed } from 'latchkey/guard'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readEvents } from '../../src/guard/event-stream.ts'

const event = (name: string, data: object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

interface Script {
  url: string
  /** The headers of each request for the feed so far. */
  asked: IncomingHttpHeaders[]
  /** The answers that are open. */
  open: ServerResponse[]
}

/** A server that gives tokens, and to whom it listens the text that `opening` makes for each connection in turn. */
function speak(...openings: string[]): Promise<Script> {
  return speakWith({ 'content-type': 'text/event-stream' }, ...openings)
}

async function speakWith(headers: Record<string, string>, ...openings: (string | Buffer)[]): Promise<Script> {
  const asked: IncomingHttpHeaders[] = []
  const open: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.url === '/oauth/token') {
      const isRight = request.headers.authorization === `Basic ${btoa('orders:secret')}`
      response.statusCode = isRight ? 200 : 401
      return response.end(JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', expires_in: 60 }))
    }
    asked.push(request.headers)
    open.push(response)
    response.writeHead(200, headers)
    return response.write(openings[asked.length - 1] ?? openings.at(-1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, open }
}

function subscribe({ url }: Script, options: object = {}): RevocationFeed {
  const feed = revocationFeed({ url, clientId: 'orders', clientSecret: 'secret', ...options })
  onTestFinished(() => feed.close())
  return feed
}

const ask = (feed: RevocationFeed, claims: Record<string, unknown>, kid?: string): boolean =>
  feed.isRevoked({ claims, header: { alg: 'ES256', ...(kid !== undefined && { kid }) } })

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error instanceof LatchkeyError ? error.code : error
  }
}

const snapshot = event('snapshot', {})
const complete = event('complete', { age_ms: 0 }, 'one.1')

describe('a subscriber', () => {
  test('lets nobody pass before the snapshot is whole, then knows sessions, tokens and keys', async () => {
    const script = await speak(
      `${snapshot}${event('revoked', {
        revoked: [
          ['s', 9e9],
          ['t', 9e9],
          ['k', 9e9],
        ],
      })}`,
    )
    const feed = subscribe(script, { whenStale: 'allow' })
    await expect.poll(() => feed.status().entries).toBe(3)
    expect(refusalOf(() => ask(feed, { sid: 'another' }))).toBe('revocations_stale')
    script.open[0]?.write(complete)
    await feed.ready()
    expect([ask(feed, { sid: 's' }), ask(feed, { jti: 't' }), ask(feed, {}, 'k')]).toEqual([true, true, true])
    expect(ask(feed, { sid: 'another', jti: 'x' }, 'y')).toBe(false)
  })

  test('asks for what it missed by the last id, and for everything when its snapshot was torn', async () => {
    const torn = `${snapshot}${event('revoked', { revoked: [['s', 9e9]] }, 'one.7')}`
    const script = await speak(torn, `${snapshot}${complete}`)
    const feed = subscribe(script)
    await expect.poll(() => feed.status().entries).toBe(1)
    script.open[0]?.destroy()
    await feed.ready()
    expect(script.asked[1]?.['last-event-id']).toBeUndefined()
    script.open[1]?.write(event('revoked', { revoked: [['t', 9e9]] }, 'one.8'))
    await expect.poll(() => ask(feed, { jti: 't' })).toBe(true)
    script.open[1]?.end()
    await expect.poll(() => script.asked[2]?.['last-event-id'], { timeout: 10_000 }).toBe('one.8')
    expect(script.asked[2]?.authorization).toBe('Bearer a-token')
  })

  test.each([
    ['deny', 'revocations_stale', 'revocations_stale'],
    ['allow', true, false],
  ] as const)(
    'counts the age that the server tells, and does as it was told: %s',
    async (whenStale, known, unknown) => {
      const old = event('complete', { age_ms: 61_000 }, 'one.1')
      const script = await speak(`${snapshot}${event('revoked', { revoked: [['s', 9e9]] })}${old}`)
      const feed = subscribe(script, { whenStale })
      await feed.ready()
      expect(feed.status()).toMatchObject({ state: 'stale', entries: 1 })
      expect(refusalOf(() => ask(feed, { sid: 's' }))).toBe(known)
      expect(refusalOf(() => ask(feed, { sid: 'another' }))).toBe(unknown)
      script.open[0]?.write(event('alive', { age_ms: 0 }))
      await expect.poll(() => feed.status().state).toBe('live')
      expect(ask(feed, { sid: 'another' })).toBe(false)
    },
  )

  test.each([
    ['an entry without an end', '{"revoked":[["s","soon"]]}'],
    ['an entry that is none', '{"revoked":[["s",9e9],[7,9e9]]}'],
    ['entries that are no list', '{"revoked":{"s":9e9}}'],
    ['an age before now, which would never be stale', '{"age_ms":-1e400}'],
    ['no JSON', 'revoked'],
  ])('hangs up on a server that says %s, and knows no more than before', async (_, data) => {
    const script = await speak(`${snapshot}${complete}`)
    const feed = subscribe(script)
    await feed.ready()
    const [answer] = script.open
    const closed = once(answer as ServerResponse, 'close')
    answer?.write(`event: revoked\ndata: ${data}\nid: one.9\n\n`)
    await closed
    await expect.poll(() => script.asked[1]?.['last-event-id'], { timeout: 10_000 }).toBe('one.1')
    expect(feed.status()).toMatchObject({ entries: 0, connections: 2 })
  })

  test('hangs up on a line without an end', async () => {
    const script = await speak(`${snapshot}${complete}`)
    const feed = subscribe(script)
    await feed.ready()
    const [answer] = script.open
    answer?.write('a'.repeat(1_100_000))
    await once(answer as ServerResponse, 'close')
    await expect.poll(() => feed.status().problem).toContain('too long')
  })

  test('hangs up on a packed stream that cannot be read', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
    const script = await speakWith(headers, gzipSync(`${snapshot}${complete}`))
    const feed = subscribe(script)
    await feed.ready()
    script.open[0]?.write(gzipSync('event: revoked\ndata: revoked\n\n'))
    await once(script.open[0] as ServerResponse, 'close')
  })

  test.each([{ 'content-type': 'text/html' }, {}])('takes no feed of the type %j', async headers => {
    const feed = subscribe(await speakWith(headers, `${snapshot}${complete}`))
    await expect
      .poll(() => feed.status().problem)
      .toMatch(/to the request for the feed, not text\/event-stream/)
    expect(refusalOf(() => ask(feed, { sid: 'another' }))).toBe('revocations_stale')
  })

  test('forgets by the clock of the server, whatever this machine says for a while', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const seconds = Math.floor(Date.now() / 1000)
    const list = [
      ['over', seconds - 1],
      ['needed', seconds + 3_600],
    ]
    const feed = subscribe(await speak(`${snapshot}${event('revoked', { revoked: list })}${complete}`))
    await feed.ready()
    vi.setSystemTime((seconds + 7_200) * 1000)
    vi.advanceTimersByTime(60_000)
    vi.setSystemTime(seconds * 1000)
    expect([ask(feed, { sid: 'needed' }), ask(feed, { sid: 'over' })]).toEqual([true, false])
  })

  test('says what is wrong with its credentials, and warns of it once', async () => {
    const warnings: Error[] = []
    const collect = (warning: Error): unknown => warnings.push(warning)
    process.on('warning', collect)
    onTestFinished(() => void process.off('warning', collect))
    const feed = subscribe(await speak(complete), { clientSecret: 'wrong' })
    await expect.poll(() => feed.status().problem).toMatch(/answered 401 .* client id and secret/)
    await expect.poll(() => feed.status().connections, { timeout: 5_000 }).toBeGreaterThan(1)
    expect(warnings).toMatchObject([
      {
        name: 'LatchkeyWarning',
        code: 'LATCHKEY_FEED_REFUSED',
        message: expect.stringMatching(/^revocationFeed: the server answered 401 .* revocations:read$/),
      },
    ])
  })
})

describe('events', () => {
  const text = `${snapshot}${event('revoked', { revoked: [['ä', 1]] }, 'x.1')}: a comment\n\n${complete}event: torn`
  const read = async (chunks: Uint8Array[]) => {
    const all = []
    for await (const one of readEvents(chunks as never, 1_000)) all.push([one.event, one.id])
    return all
  }

  test('are read wherever the stream is cut, and one that is torn at the end is none', async () => {
    const bytes = Buffer.from(text)
    const expected = [
      ['snapshot', undefined],
      ['revoked', 'x.1'],
      ['complete', 'one.1'],
    ]
    expect(await read([bytes])).toEqual(expected)
    for (let cut = 1; cut < bytes.length; cut++)
      expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected)
  })

  test('without an end are given up on', async () => {
    await expect(read([Buffer.alloc(600, 97), Buffer.alloc(600, 97)])).rejects.toThrow('too long')
  })

  test('may come packed, in one member after the other', async () => {
    const { createGunzip } = await import('node:zlib')
    const unpacked = createGunzip()
    const reading = (async () => {
      const all = []
      for await (const one of readEvents(unpacked, 1_000)) all.push(one.event)
      return all
    })()
    for (const part of [snapshot, complete]) unpacked.write(gzipSync(part))
    unpacked.end()
    expect(await reading).toEqual(['snapshot', 'complete'])
  })
})
