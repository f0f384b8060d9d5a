// The feed of revocations, on a real socket: the server's side and the guard's subscriber together.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decode, LatchkeyError } from 'latchkey'
import { createGuard, type RevocationFeed, revocationFeed } from 'latchkey/guard'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, signIn } from '../../../../test/account.ts'
import { readEvents } from '../../../latchkey/src/guard/event-stream.ts'
import { openRevocations } from '../../src/auth/revocations.ts'
import { openRevocationStream } from '../../src/http/revocation-stream.ts'
import { nodeListener } from '../../src/mount/listener.ts'
import { openStore } from '../../src/store/open.ts'
import { openTestServer, type TestServer, temporaryFolder } from '../open-test-server.ts'

interface Listening extends TestServer {
  url: string
  sockets: Server
  clientId: string
  clientSecret: string
}

async function listen(): Promise<Listening> {
  const server = await openTestServer()
  const sockets = createServer(nodeListener(server.latchkey.handler))
  sockets.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  onTestFinished(() => {
    server.latchkey.drain()
    sockets.closeAllConnections()
    sockets.close()
  })
  const { client, secret } = await server.latchkey.clients.add({
    name: 'guard',
    scopes: ['revocations:read'],
  })
  const { port } = sockets.address() as AddressInfo
  return { ...server, sockets, url: `http://127.0.0.1:${port}`, clientId: client.id, clientSecret: secret }
}

function subscribe(server: Listening, options: object = {}): RevocationFeed {
  const { url, clientId, clientSecret } = server
  const feed = revocationFeed({ url, clientId, clientSecret, ...options })
  onTestFinished(() => feed.close())
  return feed
}

const isRevoked = (feed: RevocationFeed, sid: string): boolean =>
  feed.isRevoked({ claims: { sid }, header: { alg: 'ES256' } })

async function tokenOf({ url, clientId, clientSecret }: Listening): Promise<string> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Reads events until one has this name; gives them all. */
async function eventsUntil(body: ReadableStream<Uint8Array>, name: string) {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes(`event: ${name}\n`) || !text.endsWith('\n\n')) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  return { text, reader, ids: [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '') }
}

const sidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid

describe('the feed', () => {
  test('begins with everything that is revoked, and tells each revocation after it', async () => {
    const server = await listen()
    const [one, two] = [await signIn(server.call), await signIn(server.call)]
    await server.call('/user/logout', { method: 'POST', ...bearer(one.access_token) })
    const feed = subscribe(server)
    await feed.ready()
    expect(isRevoked(feed, sidOf(one.access_token))).toBe(true)
    expect(isRevoked(feed, sidOf(two.access_token))).toBe(false)
    expect(feed.status()).toMatchObject({ state: 'live', entries: 1, connections: 1, problem: undefined })
    await server.call('/user/logout', { method: 'POST', ...bearer(two.access_token) })
    await expect.poll(() => isRevoked(feed, sidOf(two.access_token)), { interval: 5 }).toBe(true)
  })

  test('an event id brings back exactly what was missed; an unknown one brings a snapshot', async () => {
    const server = await listen()
    const headers = { authorization: `Bearer ${await tokenOf(server)}` }
    const opened = await fetch(`${server.url}/revocations`, { headers })
    const opening = await eventsUntil(opened.body as ReadableStream<Uint8Array>, 'complete')
    expect(opening.text).toContain('event: snapshot')
    const [lastEventId = ''] = opening.ids
    await opening.reader.cancel()

    const { access_token: missed } = await signIn(server.call)
    await server.call('/user/logout', { method: 'POST', ...bearer(missed) })
    // The batch is collected for 50 ms; a listener of its own shows when it is out.
    const feed = subscribe(server)
    await expect.poll(() => feed.status().entries).toBe(1)

    const again = async (id: string) => {
      const answer = await fetch(`${server.url}/revocations`, {
        headers: { ...headers, 'last-event-id': id },
      })
      const events = await eventsUntil(answer.body as ReadableStream<Uint8Array>, 'complete')
      await events.reader.cancel()
      return events.text
    }
    const resumed = await again(lastEventId)
    expect(resumed).not.toContain('event: snapshot')
    expect(resumed).toContain(sidOf(missed))
    for (const id of ['elsewhere.0', `${lastEventId}7`, 'junk', '']) {
      const anew = await again(id)
      expect(anew, id).toContain('event: snapshot')
      expect(anew, id).toContain(sidOf(missed))
    }
  })

  test('is sent packed to whom it suits, in members that can be read one by one', async () => {
    const server = await listen()
    const { access_token: token } = await signIn(server.call)
    await server.call('/user/logout', { method: 'POST', ...bearer(token) })
    const answer = await server.call('/revocations', {
      headers: { authorization: `Bearer ${await tokenOf(server)}`, 'accept-encoding': 'gzip' },
    })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    while (!text.includes('event: complete')) text += gunzipSync((await reader.read()).value ?? '').toString()
    expect(text).toContain(sidOf(token))
    await reader.cancel()
  })

  test('brings many thousands in pieces, as a snapshot and as one batch', async () => {
    const folder = temporaryFolder()
    const store = await openStore(`sqlite:${join(folder, 'latchkey.db')}`)
    onTestFinished(() => store.close())
    const revocations = await openRevocations(store, Date.now)
    const stream = openRevocationStream(revocations, Date.now)
    onTestFinished(() => stream.close())
    const entriesFrom = (first: number) =>
      Array.from({ length: 30_000 }, (_, i) => {
        const id = Buffer.alloc(16)
        id.writeUInt32BE(first + i)
        return { kind: 'token' as const, id: id.toString('base64url'), expiresAt: 4_000_000_000 }
      })
    revocations.apply(entriesFrom(0))
    const body = stream.open({
      lastEventId: undefined,
      compressed: false,
      tokenIds: [],
      expiresAtMs: Number.POSITIVE_INFINITY,
    })
    const ids = new Set<string>()
    let isBatchSent = false
    for await (const { event, data } of readEvents(body, 128 * 1024)) {
      const told = JSON.parse(data) as { revoked?: [string, number][] }
      for (const [id] of told.revoked ?? []) ids.add(id)
      if (event === 'complete') {
        expect(ids.size).toBe(30_000)
        revocations.apply(entriesFrom(1_000_000))
        isBatchSent = true
      }
      if (isBatchSent && ids.size === 60_000) break
    }
    expect(stream.listeners).toBe(0)
  })

  test('a HEAD request opens no stream', async () => {
    const server = await listen()
    const answer = await fetch(`${server.url}/revocations`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await tokenOf(server)}` },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
  })

  test('needs the scope, and a credential', async () => {
    const server = await listen()
    const { access_token: token } = await signIn(server.call)
    expect((await server.call('/revocations')).status).toBe(403)
    expect((await server.call('/revocations', bearer(token))).status).toBe(403)
    const other = await server.latchkey.clients.add({ name: 'other', scopes: [] })
    const feed = subscribe({ ...server, clientId: other.client.id, clientSecret: other.secret })
    await expect.poll(() => feed.status().problem).toMatch(/answered 400 to the request for the token/)
    expect(() => isRevoked(feed, 'x')).toThrow(LatchkeyError)
    expect(feed.status().state).toBe('connecting')
  })

  test('a listener whose client is disabled is cut off', async () => {
    const server = await listen()
    const feed = subscribe(server)
    await feed.ready()
    await server.latchkey.clients.disable(server.clientId)
    await expect.poll(() => feed.status().problem).toMatch(/answered 401|closed the connection/)
  })

  test('a subscriber comes back after its connection was cut, and knows what it missed', async () => {
    const server = await listen()
    const feed = subscribe(server)
    await feed.ready()
    const { access_token: token } = await signIn(server.call)
    server.sockets.closeAllConnections()
    await server.call('/user/logout', { method: 'POST', ...bearer(token) })
    await expect.poll(() => isRevoked(feed, sidOf(token)), { timeout: 10_000 }).toBe(true)
    expect(feed.status().connections).toBeGreaterThan(1)
  })

  test.each([
    ['an http URL off the loopback', { url: 'http://auth.example.com' }],
    ['no secret', { clientSecret: '' }],
    ['a misspelled option', { maxStail: '60s' }],
    ['a time below what heartbeats allow', { maxStale: '2s' }],
    ['another choice', { whenStale: 'maybe' }],
  ])('a subscriber is not made with %s', (_, wrong) => {
    const right = { url: 'https://auth.example.com', clientId: 'a', clientSecret: 'b' }
    expect(() => revocationFeed({ ...right, ...wrong } as never)).toThrow(TypeError)
  })
})

describe('a revoked token', () => {
  test('is refused until its last tolerated second, though it came from a node that is a minute ahead', async () => {
    const right = await openTestServer()
    const { folder, time } = right
    const ahead = await openTestServer({}, { folder, nowMs: time.nowMs + 60_000 })
    const { access_token: token } = await signIn(ahead.call)
    await right.call('/user/logout', { method: 'POST', ...bearer(token) })
    // A guard with the right time and all the tolerance there is, that hears of revocations from the one ahead.
    const guard = createGuard({
      ...ahead.latchkey.guard,
      clock: () => time.nowMs,
      clockTolerance: '60s',
      cache: false,
    })
    const verdictOf = async (of: string): Promise<string> => {
      const verdict = await guard.check({ authorization: `Bearer ${of}` })
      return verdict.kind === 'refused' ? verdict.error.code : verdict.kind
    }
    await expect.poll(() => verdictOf(token)).toBe('token_revoked')

    const { exp } = decode(token) as { exp: number }
    time.nowMs = (exp + 59) * 1000
    ahead.time.nowMs = time.nowMs + 60_000
    // When it knows of what was revoked a moment ago, it has looked over its set at this time, too.
    const { access_token: another } = await signIn(ahead.call)
    await right.call('/user/logout', { method: 'POST', ...bearer(another) })
    await expect.poll(() => verdictOf(another)).toBe('token_revoked')
    expect(await verdictOf(token)).toBe('token_revoked')

    time.nowMs += 1_000
    expect(await verdictOf(token)).toBe('token_expired')
  })
})
