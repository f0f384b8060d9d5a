import { createClient } from 'latchkey/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { callerAt, refresh, signIn, tokens } from '../../../../test/account.ts'
import type { Fault } from '../../../../test/browser/faulty-network.ts'
import { codeOf, openStore, password, type Started, signedIn, start, until } from './started.ts'

const lifetimeMs = 3_600_000
let started: Started
beforeAll(async () => {
  started = await start({ LATCHKEY_REFRESH_GRACE: '1s' })
})
afterAll(() => started.end())
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  started.network.fault = () => undefined
})

const renewals = (): { refresh_token: string; attempt: string }[] =>
  started.network.passed.filter(one => one.path === '/user/refresh').map(one => JSON.parse(one.body))

function failRenewals(fault: Fault): void {
  started.network.fault = ({ path }) => (path === '/user/refresh' ? fault : undefined)
}

/** Returns once the grace is over on the server's clock: a bystander's session, rotated now, rotates again. */
async function graceIsOver(): Promise<void> {
  const call = callerAt(started.server.url)
  const first = await signIn(call, { username: 'bystander', password: 'a lantern on the sill' })
  const second = await tokens(await refresh(call, first.refresh_token))
  await until(async () => {
    const next = await tokens(await refresh(call, second.refresh_token))
    return next.refresh_token !== second.refresh_token
  })
}

describe.each(['lose-answer', 'cut-answer'] as const)('an answer that is lost (%s)', fault => {
  test('leaves the session, and the next use sends the same token and attempt again, however late', async () => {
    const store = openStore()
    const { client, session } = await signedIn(started, { store })
    vi.advanceTimersByTime(lifetimeMs)
    const before = renewals().length
    failRenewals(fault)
    expect(await codeOf(client.fetch('/user/data'))).toBe('network_error')
    await graceIsOver()
    started.network.fault = () => undefined
    expect((await client.fetch('/user/data')).status).toBe(200)

    const [lost, again] = renewals().slice(before)
    expect(again).toEqual(lost)
    expect(lost?.attempt).toMatch(/^[0-9a-f]{32}$/)
    expect((await client.getSession())?.user).toEqual(session.user)

    // The attempt that was answered is spent: the next renewal has another.
    vi.advanceTimersByTime(lifetimeMs)
    await client.getAccessToken()
    expect(renewals().at(-1)?.attempt).not.toBe(lost?.attempt)
  })
})

test('the attempt is in the store before it is on its way', async () => {
  const store = openStore()
  const { client } = await signedIn(started, { store })
  vi.advanceTimersByTime(lifetimeMs)
  let kept: string[] = []
  let sent = ''
  started.network.fault = ({ path, body }) => {
    if (path === '/user/refresh') {
      kept = [...store.items.values()]
      sent = JSON.parse(body).attempt
    }
    return undefined
  }
  await client.getAccessToken()
  expect(sent).not.toBe('')
  expect(kept.join()).toContain(sent)
})

test('a process that ended before the answer came goes on in the next one', async () => {
  const store = openStore()
  const { client } = await signedIn(started, { store })
  vi.advanceTimersByTime(lifetimeMs)
  failRenewals('lose-answer')
  await codeOf(client.getAccessToken())
  await graceIsOver()
  started.network.fault = () => undefined
  const next = createClient({ url: started.network.url, store })
  expect((await next.fetch('/user/data')).status).toBe(200)
})

test('a store that fails when the new token is kept costs nothing: the next use gets the same one again', async () => {
  const store = openStore()
  const { client } = await signedIn(started, { store })
  const { setItem } = store
  vi.advanceTimersByTime(lifetimeMs)
  let writes = 0
  store.setItem = (key, value) => {
    writes++
    if (writes === 2) throw new Error('the disk is full')
    return setItem(key, value)
  }
  await expect(client.getAccessToken()).rejects.toThrow('the disk is full')
  await graceIsOver()
  expect((await client.fetch('/user/data')).status).toBe(200)
})

describe('offline', () => {
  test('for the length of a token and longer leaves the session, and each use says network_error', async () => {
    const { client, session } = await signedIn(started)
    const heard: string[] = []
    client.onAuthStateChange(event => heard.push(event))
    await client.getSession()
    started.network.fault = () => 'refuse'
    vi.advanceTimersByTime(lifetimeMs * 2)
    expect(await codeOf(client.fetch('/user/data'))).toBe('network_error')
    expect(await codeOf(client.getSession())).toBe('network_error')
    expect(await codeOf(client.getAccessToken())).toBe('network_error')
    expect(await codeOf(client.signOut())).toBe('network_error')
    expect(heard).toEqual(['INITIAL_SESSION'])
    started.network.fault = () => undefined
    expect((await client.getSession())?.user).toEqual(session.user)
    expect((await client.fetch('/user/data')).status).toBe(200)
  })

  test('while a token is due but still good, it is used, and the renewal is not tried at each use', async () => {
    const { client } = await signedIn(started)
    const token = await client.getAccessToken()
    started.network.fault = () => 'refuse'
    vi.advanceTimersByTime(lifetimeMs * 0.955)
    const before = renewals().length
    for (let use = 0; use < 10; use++) expect(await client.getAccessToken()).toBe(token)
    expect(renewals().length).toBe(before + 1)
    vi.advanceTimersByTime(lifetimeMs * 0.05)
    expect(await codeOf(client.getAccessToken())).toBe('network_error')
  })

  test('at the start, it is not known whether there is a session; later it is told', async () => {
    const store = openStore()
    const { session } = await signedIn(started, { store })
    started.network.fault = () => 'refuse'
    const client = createClient({ url: started.network.url, store })
    const heard: unknown[] = []
    client.onAuthStateChange((event, now) => heard.push([event, now?.user.id]))
    expect(await codeOf(client.getSession())).toBe('network_error')
    expect(heard).toEqual([])
    started.network.fault = () => undefined
    await client.getSession()
    expect(heard).toEqual([['INITIAL_SESSION', session.user.id]])
  })

  test('an answer that is not from Latchkey, such as a proxy’s page, ends nothing either', async () => {
    const { client } = await signedIn(started)
    const { target } = started.network
    const other = await start()
    other.network.pages['/user/refresh'] = { type: 'text/html', text: '<h1>Captive portal</h1>' }
    started.network.target = other.network.url
    vi.advanceTimersByTime(lifetimeMs)
    expect(await codeOf(client.getAccessToken())).toBe('network_error')
    started.network.target = target
    expect((await client.fetch('/user/data')).status).toBe(200)
    await other.end()
  })

  test('an abort stays an abort', async () => {
    const { client } = await signedIn(started)
    const signal = AbortSignal.abort()
    await expect(client.fetch('/user/data', { signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('clients that share a store share the session: parallel renewals keep both signed in', async () => {
  const store = openStore()
  const { client } = await signedIn(started, { store })
  const second = createClient({ url: started.network.url, store })
  await second.getSession()
  for (let round = 0; round < 3; round++) {
    vi.advanceTimersByTime(lifetimeMs)
    const answers = await Promise.all([client.fetch('/user/data'), second.fetch('/user/data')])
    expect(answers.map(answer => answer.status)).toEqual([200, 200])
    await graceIsOver()
  }
})

test('an answer that comes late does not overwrite what another client of the store has kept meanwhile', async () => {
  const store = openStore()
  const { client } = await signedIn(started, { store })
  const { username } = await signedIn(started)
  vi.advanceTimersByTime(lifetimeMs)
  const held = Promise.withResolvers<undefined>()
  const arrived = Promise.withResolvers<void>()
  started.network.fault = ({ path }) => {
    if (path !== '/user/refresh') return undefined
    arrived.resolve()
    return held.promise
  }
  const renewed = client.getAccessToken()
  await arrived.promise
  await createClient({ url: started.network.url, store }).signIn({ username, password })
  const kept = [...store.items.values()]
  held.resolve(undefined)
  await renewed
  expect([...store.items.values()]).toEqual(kept)
})
