// The client where React Native's globals are all there is: the whole way of a session, a process that ends in the
// middle of a renewal, many calls at once, and a network that fails.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openNativeApp } from './native-context.ts'
import { openStore, password, type Started, start } from './started.ts'

const lifetimeSeconds = 1000
let started: Started
beforeAll(async () => {
  started = await start({ LATCHKEY_ACCESS_TTL: `${lifetimeSeconds}s` })
})
afterAll(() => started.end())
afterEach(() => {
  started.network.fault = () => undefined
})

let names = 0
/** An application whose new user is signed in, on a phone with clocks of its own. */
async function openSignedIn(store = openStore()) {
  const clock = { aheadMs: 0 }
  const open = () => openNativeApp({ aheadMs: () => clock.aheadMs })
  const app = await open()
  const client = app.createClient({ url: started.network.url, store })
  const credentials = { username: `phone${names++}`, password }
  await client.signUp(credentials)
  const session = await client.signIn(credentials)
  return { app, open, clock, client, session, store, credentials }
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: unknown }) => error.code,
  )

test('has what a phone has, and nothing of a browser or of Node', async () => {
  const app = await openNativeApp()
  const missing = [
    ...['document', 'location', 'localStorage', 'BroadcastChannel', 'addEventListener', 'navigator.locks'],
    ...[
      'crypto.subtle',
      'crypto.randomUUID',
      'TextEncoder',
      'structuredClone',
      'process',
      'Buffer',
      'require',
    ],
    ...['Intl', 'Promise.any', 'Array.prototype.at'],
  ]
  expect(missing.map(name => [name, app.typeOf(name)])).toEqual(missing.map(name => [name, 'undefined']))
  expect(app.typeOf('fetch.polyfill')).toBe('boolean')
})

test('signs up, in and out, calls with the token, and sets no timer', async () => {
  const { app, client, session, store, credentials } = await openSignedIn()
  const heard: string[] = []
  client.onAuthStateChange(event => heard.push(event))
  expect(session.user.username).toBe(credentials.username)
  const answer = await client.fetch('/user/data')
  expect(await answer.json()).toMatchObject({ authorizedData: { user: { username: credentials.username } } })
  expect([...store.items.values()].join()).toMatch(/lkr_/)
  expect([...store.items.values()].join()).not.toMatch(/eyJ/)
  expect(app.timers()).toBe(0)
  const token = await client.getAccessToken()
  await client.signOut()
  expect(await client.getSession()).toBeUndefined()
  expect([...store.items.values()].join()).not.toMatch(/lkr_/)
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${started.server.url}/user/data`, { headers })).status).toBe(403)
  expect(heard).toEqual(['INITIAL_SESSION', 'SIGNED_OUT'])
  expect(await codeOf(client.signIn({ ...credentials, password: 'not it at all' }))).toBe(
    'invalid_credentials',
  )
})

test('twenty calls at the moment of expiry make one renewal', async () => {
  const { client, clock } = await openSignedIn()
  const before = started.network.count('/user/refresh')
  clock.aheadMs += lifetimeSeconds * 1000
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.fetch('/user/data')))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(started.network.count('/user/refresh')).toBe(before + 1)
})

test('an application that is ended before the answer comes goes on with the attempt that it kept', async () => {
  const { client, clock, open, store, session } = await openSignedIn()
  started.network.fault = ({ path }) => (path === '/user/refresh' ? 'lose-answer' : undefined)
  clock.aheadMs += lifetimeSeconds * 1000
  expect(await codeOf(client.getAccessToken())).toBe('network_error')
  started.network.fault = () => undefined
  // The system has ended it; it starts anew with what its store kept.
  const later = (await open()).createClient({ url: started.network.url, store })
  expect((await later.getSession())?.user).toEqual(session.user)
  const sent = started.network.passed.filter(({ path }) => path === '/user/refresh').slice(-2)
  const [first, second] = sent.map(
    ({ body }) => JSON.parse(body) as { attempt: string; refresh_token: string },
  )
  expect(second).toEqual(first)
  expect((await later.fetch('/user/data')).status).toBe(200)
})

test('offline for the length of a token and back, the session is there', async () => {
  const { client, clock } = await openSignedIn()
  started.network.fault = () => 'refuse'
  clock.aheadMs += lifetimeSeconds * 1000
  expect(await codeOf(client.fetch('/user/data'))).toBe('network_error')
  expect(await codeOf(client.getAccessToken())).toBe('network_error')
  started.network.fault = () => undefined
  expect((await client.fetch('/user/data')).status).toBe(200)
})

test.each(['crypto', 'URL'])('without the polyfill of %s it says so when it is made', async name => {
  const app = await openNativeApp({ without: [name] })
  expect(() => app.createClient({ url: started.network.url, store: openStore() })).toThrow(name)
})
