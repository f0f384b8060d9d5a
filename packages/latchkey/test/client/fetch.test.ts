import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from 'latchkey/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFaultyNetwork } from '../../../../test/browser/faulty-network.ts'
import { codeOf, type Started, signedIn, start } from './started.ts'

interface Place {
  origin: string
  seen: IncomingHttpHeaders[]
  server: Server
}

/** A server of some origin that notes what it sees and redirects where the query says. */
async function openPlace(): Promise<Place> {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    const to = new URL(request.url ?? '/', 'http://localhost').searchParams.get('to')
    if (to === null) response.end('here')
    else response.writeHead(307, { location: to }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, seen, server }
}

let started: Started
let api: Place
let stranger: Place
beforeAll(async () => {
  ;[started, api, stranger] = await Promise.all([start(), openPlace(), openPlace()])
})
afterAll(async () => {
  api.server.close()
  stranger.server.close()
  await started.end()
})

const tokensSeen = (place: Place): (string | undefined)[] =>
  place.seen.splice(0).map(one => one.authorization)
const redirect = (from: string, to: string): string => `${from}/?to=${encodeURIComponent(to)}`

describe('fetch', () => {
  test('sends the token to the server’s origin and to tokenOrigins, and nowhere else', async () => {
    const { client } = await signedIn(started, { tokenOrigins: [api.origin] })
    const token = `Bearer ${await client.getAccessToken()}`
    await client.fetch(api.origin)
    await client.fetch(new URL('/path', api.origin))
    await client.fetch(new Request(api.origin, { method: 'POST', body: 'text' }))
    expect(tokensSeen(api)).toEqual([token, token, token])
    // The same host by another name, and another port of it, are other origins.
    await client.fetch(stranger.origin)
    await client.fetch(api.origin.replace('localhost', '127.0.0.1'))
    expect(tokensSeen(stranger)).toEqual([undefined])
    expect(tokensSeen(api)).toEqual([undefined])
  })

  test('keeps the token on a redirect inside the origin, and drops it on one out of it', async () => {
    const { client } = await signedIn(started, { tokenOrigins: [api.origin] })
    const token = `Bearer ${await client.getAccessToken()}`
    await client.fetch(redirect(api.origin, '/inside'))
    expect(tokensSeen(api)).toEqual([token, token])
    const answer = await client.fetch(redirect(api.origin, stranger.origin))
    expect(await answer.text()).toBe('here')
    expect(tokensSeen(api)).toEqual([token])
    expect(tokensSeen(stranger)).toEqual([undefined])
    // Nor does it come back by a detour.
    await client.fetch(redirect(api.origin, redirect(stranger.origin, api.origin)))
    expect(tokensSeen(api)).toEqual([token, undefined])
  })

  test('leaves an Authorization header of the caller alone', async () => {
    const { client } = await signedIn(started, { tokenOrigins: [api.origin] })
    await client.fetch(api.origin, { headers: { authorization: 'Basic YTpi' } })
    expect(tokensSeen(api)).toEqual(['Basic YTpi'])
    const answer = await client.fetch('/user/data', { headers: { authorization: 'Bearer junk' } })
    expect(answer.status).toBe(403)
    expect(started.network.count('/user/refresh')).toBe(0)
  })

  test('keeps the method, the body and the other headers', async () => {
    const { client } = await signedIn(started)
    const headers = { 'content-type': 'application/json' }
    const answer = await client.fetch('/user', { method: 'PATCH', body: '{"name":"Ada"}', headers })
    expect(await answer.json()).toMatchObject({ user: { name: 'Ada' } })
  })
})

test('a password is not sent on by a redirect', async () => {
  const seenBefore = stranger.seen.length
  const misleading = await openFaultyNetwork()
  misleading.target = `${api.origin}/?to=${stranger.origin}&from=`
  const client = createClient({ url: misleading.url })
  const credentials = { username: 'ada', password: 'a lantern on the sill' }
  expect(await codeOf(client.signIn(credentials))).toBe('network_error')
  expect(misleading.count('/user/login')).toBe(1)
  expect(stranger.seen.length).toBe(seenBefore)
  await misleading.close()
})
