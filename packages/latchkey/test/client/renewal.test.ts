import type { Expiry } from 'latchkey/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { codeOf, openStore, type Started, settled, signedIn, start, until } from './started.ts'

const lifetimeSeconds = 1000
let started: Started
beforeAll(async () => {
  started = await start({ LATCHKEY_ACCESS_TTL: `${lifetimeSeconds}s` })
})
afterAll(() => started.end())
afterEach(() => vi.useRealTimers())

const renewals = (): number => started.network.count('/user/refresh')

/** Both clocks of this machine go on, as they do while it is awake. */
function passSeconds(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1000)
}

describe('with the clocks in hand', () => {
  // Timers stay real but for what the client itself might set: Node's own requests need theirs.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  })

  test('a token is renewed at 80 to 95 % of its lifetime, at a point that varies', async () => {
    const { client } = await signedIn(started)
    const ages: number[] = []
    for (let round = 0; round < 40; round++) {
      const before = renewals()
      passSeconds(lifetimeSeconds * 0.79)
      await client.getAccessToken()
      expect(renewals()).toBe(before)
      let age = 0.79
      while (renewals() === before) {
        passSeconds(lifetimeSeconds * 0.01)
        age += 0.01
        await client.getAccessToken()
      }
      ages.push(age)
    }
    expect(Math.min(...ages)).toBeGreaterThan(0.799)
    expect(Math.max(...ages)).toBeLessThan(0.961)
    expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(0.05)
  })

  test('many calls at the moment of expiry make one renewal', async () => {
    const { client } = await signedIn(started)
    const before = renewals()
    passSeconds(lifetimeSeconds)
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.fetch('/user/data')))
    expect(answers.every(answer => answer.ok)).toBe(true)
    expect(renewals()).toBe(before + 1)
  })

  test('a renewal is told, with the new end', async () => {
    const { client, session } = await signedIn(started)
    const heard: unknown[] = []
    client.onAuthStateChange((event, now) => heard.push([event, now?.expiresAt]))
    passSeconds(lifetimeSeconds)
    await client.getSession()
    await settled()
    const expiresAt = session.expiresAt + lifetimeSeconds
    expect(heard).toEqual([
      ['INITIAL_SESSION', session.expiresAt],
      ['TOKEN_REFRESHED', expiresAt],
    ])
  })

  const year = 365 * 86_400_000
  test.each([
    ['a year behind', -year],
    ['a year ahead', year],
  ])('a clock that is %s makes no difference', async (_what, offsetMs) => {
    vi.setSystemTime(Date.now() + offsetMs)
    const { client } = await signedIn(started)
    const before = renewals()
    expect((await client.fetch('/user/data')).status).toBe(200)
    expect(renewals()).toBe(before)
    passSeconds(lifetimeSeconds)
    expect((await client.fetch('/user/data')).status).toBe(200)
    expect(renewals()).toBe(before + 1)
  })

  test('a clock that is set back does not keep an old token', async () => {
    const { client } = await signedIn(started)
    const before = renewals()
    passSeconds(lifetimeSeconds)
    vi.setSystemTime(Date.now() - year)
    await client.getAccessToken()
    expect(renewals()).toBe(before + 1)
  })

  test('a machine that slept notices by the wall clock, though the other one stood still', async () => {
    const { client } = await signedIn(started)
    const before = renewals()
    vi.setSystemTime(Date.now() + lifetimeSeconds * 1000)
    await client.getAccessToken()
    expect(renewals()).toBe(before + 1)
  })
})

test('nothing is renewed by a timer: whoever does nothing for ten lifetimes asks for nothing', async () => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'],
  })
  const { client } = await signedIn(started)
  client.onAuthStateChange(() => {})
  await client.getSession()
  const before = renewals()
  await vi.advanceTimersByTimeAsync(10 * lifetimeSeconds * 1000)
  await settled()
  expect(renewals()).toBe(before)
  await client.getSession()
  expect(renewals()).toBe(before + 1)
})

describe('a token that the server refuses', () => {
  test('as expired, though the client’s clocks stand still, is renewed and the call sent again, once', async () => {
    const short = await start({ LATCHKEY_ACCESS_TTL: '1s' })
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    const { client } = await signedIn(short)
    const token = await client.getAccessToken()
    const headers = { authorization: `Bearer ${token}` }
    const direct = (): Promise<Response> => fetch(`${short.server.url}/user/data`, { headers })
    await until(async () => (await direct()).status === 403)

    const change = new Request(`${short.network.url}/user`, {
      method: 'PATCH',
      body: JSON.stringify({ name: 'Ada L.' }),
      headers: { 'content-type': 'application/json' },
    })
    const answer = await client.fetch(change)
    expect(await answer.json()).toMatchObject({ user: { name: 'Ada L.' } })
    expect(short.network.count('/user')).toBe(2)
    expect(short.network.count('/user/refresh')).toBe(1)
    await short.end()
  })

  test('because its session was ended elsewhere ends it here: onExpired is called once, all calls say why', async () => {
    const expiries: Expiry[] = []
    const store = openStore()
    const { client } = await signedIn(started, { onExpired: expiry => expiries.push(expiry), store })
    const heard: string[] = []
    client.onAuthStateChange(event => heard.push(event))
    const data = await (await client.fetch('/user/sessions')).json()
    const token = await client.getAccessToken()
    await fetch(`${started.server.url}/user/sessions/${data.items[0].id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(client.fetch('/user/data'))))
    expect(new Set(codes)).toEqual(new Set(['session_revoked']))
    await settled()
    expect(expiries).toEqual([{ reason: 'session_revoked', returnTo: undefined }])
    expect(heard).toEqual(['INITIAL_SESSION', 'SIGNED_OUT'])
    expect([...store.items.values()].join()).not.toContain('refreshToken')
    expect(await client.getSession()).toBeUndefined()
    expect((await client.fetch('/user/data')).status).toBe(403)
    expect(expiries).toHaveLength(1)
  })

  test('is not sent again when its body was a stream: that can be read once', async () => {
    const { client } = await signedIn(started)
    const { client: ended } = await signedIn(started)
    const token = await ended.getAccessToken()
    await fetch(`${started.server.url}/user/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const stream = (): RequestInit => ({
      method: 'PATCH',
      body: new Blob(['{"name":"Ada"}']).stream(),
      headers: { 'content-type': 'application/json' },
      // Node and browsers want it said; the types do not know it.
      ...({ duplex: 'half' } as object),
    })
    expect((await client.fetch('/user', stream())).status).toBe(200)
    expect((await ended.fetch('/user', stream())).status).toBe(403)
  })
})

test('a session that was idle for too long is over at its next use', async () => {
  const idle = await start({ LATCHKEY_ACCESS_TTL: '1s', LATCHKEY_SESSION_IDLE: '1s' })
  const reasons: string[] = []
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const { client } = await signedIn(idle, { onExpired: ({ reason }) => reasons.push(reason) })
  const token = await client.getAccessToken()
  const headers = { authorization: `Bearer ${token}` }
  // Token and idle time end together on the server's clock; only looking, without use, tells when.
  await until(async () => (await fetch(`${idle.server.url}/user/data`, { headers })).status === 403)
  expect(await codeOf(client.fetch('/user/data'))).toBe('refresh_expired')
  await settled()
  expect(reasons).toEqual(['refresh_expired'])
  await idle.end()
})
