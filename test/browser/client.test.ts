// The client in a real browser: the cookie, tabs that share it, sleep and no network.

import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { generate } from 'selfsigned'
import { beforeEach, describe, expect, test } from 'vitest'
import { ada, callerAt, post, signIn } from '../account.ts'
import { newFolder, startServer } from '../server-process.ts'
import { bundlePage, pageWith } from './bundle-page.ts'
import type { ClientPage } from './pages/client-page.ts'
import { useStage } from './use-stage.ts'

declare const page: ClientPage

const stage = useStage(async network => {
  network.pages['/page'] = pageWith('/page.js')
  network.pages['/page.js'] = { type: 'text/javascript', text: await bundlePage('client-page.ts') }
  return { LATCHKEY_REFRESH_GRACE: '1s' }
})

/** The cookies that keep a session; what tells a device again opens nothing and stays. */
async function sessionCookies(context: BrowserContext) {
  const cookies = await context.cookies()
  return cookies.filter(({ name }) => !name.includes('-device'))
}

/** Opens the page with clocks that a test can move. */
async function open(path = '/page'): Promise<Page> {
  const tab = await stage.context.newPage()
  await tab.clock.install()
  await tab.goto(stage.network.url + path)
  await tab.evaluate(() => page.client.getSession())
  return tab
}

async function signInAt(tab: Page): Promise<void> {
  await tab.evaluate(credentials => page.client.signIn(credentials), ada)
}

const hourMs = 3_600_000
const renewals = (): number => stage.network.count('/user/refresh')
const heardBy = (tab: Page): Promise<string[]> => tab.evaluate(() => page.heard)
const call = (tab: Page, times: number): Promise<(number | string)[]> =>
  tab.evaluate(count => page.call(count), times)
const sessionOf = (tab: Page) => tab.evaluate(() => page.client.getSession())

/** Everything that scripts of the page can read of what outlives it. */
function readable(tab: Page): Promise<string> {
  return tab.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
      await caches.keys(),
    ]),
  )
}

describe('a browser session', () => {
  test('outlives the page by its cookie alone', async () => {
    const tab = await open()
    await signInAt(tab)
    const cookies = await sessionCookies(stage.context)
    expect(cookies).toEqual([
      expect.objectContaining({ httpOnly: true, sameSite: 'Strict', path: '/user' }),
      expect.objectContaining({ httpOnly: true, sameSite: 'Lax', path: '/' }),
    ])
    await tab.reload()
    expect((await sessionOf(tab))?.user.username).toBe('ada')
    expect(await heardBy(tab)).toEqual(['INITIAL_SESSION ada'])
  })

  test('[S105] leaves no token where a script can read it, during a renewal neither', async () => {
    const tab = await open()
    await signInAt(tab)
    expect(await readable(tab)).toBe('[{},{},"",[],[]]')
    const during: string[] = []
    stage.network.fault = async ({ path }) => {
      if (path === '/user/refresh') during.push(await readable(tab))
      return undefined
    }
    await tab.clock.fastForward(hourMs)
    const token = await tab.evaluate(() => page.client.getAccessToken())
    // The attempt is there, kept before it was sent, and opens nothing.
    expect(during).toEqual([
      expect.stringMatching(/^\[\{"latchkey[\w.-]+":"[0-9a-f]{32}"\},\{\},"",\[\],\[\]\]$/),
    ])
    expect(await readable(tab)).toBe('[{},{},"",[],[]]')
    const [cookie] = await sessionCookies(stage.context)
    for (const secret of [token ?? '', cookie?.value ?? '']) expect(during.join()).not.toContain(secret)
  })

  test('refuses a store that every script can read', async () => {
    const tab = await open()
    await expect(
      tab.evaluate(() => void page.createClient({ url: '/', store: localStorage })),
    ).rejects.toThrow(/readable by every script/)
  })
})

describe.each([
  ['with Web Locks', false],
  ['without Web Locks', true],
])('two pages of one browser, %s', (_how, isWithoutLocks) => {
  beforeEach(async () => {
    if (isWithoutLocks) {
      await stage.context.addInitScript(() =>
        Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }),
      )
    }
  })

  test('20 parallel calls in each at the moment of expiry make one renewal', async () => {
    const tabs = [await open(), await open()]
    const [first] = tabs
    if (first === undefined) throw new Error('there are two')
    expect(await first.evaluate(() => navigator.locks === undefined)).toBe(isWithoutLocks)
    await signInAt(first)
    for (const tab of tabs) expect((await sessionOf(tab))?.user.username).toBe('ada')
    for (let round = 1; round <= 5; round++) {
      const before = renewals()
      await first.clock.fastForward(hourMs)
      const statuses = await Promise.all(tabs.map(tab => call(tab, 20)))
      expect(statuses.flat()).toEqual(Array(40).fill(200))
      expect(renewals()).toBe(before + 1)
      const tokens = await Promise.all(tabs.map(tab => tab.evaluate(() => page.client.getAccessToken())))
      expect(tokens[0]).toBe(tokens[1])
    }
  })

  test('a page that is closed in the middle of a renewal holds nobody up', async () => {
    const [first, second] = await openTwoDue()
    const release = await holdNextRenewal(() => void call(first, 1).catch(() => {}))
    // No timer runs any more: the second goes on because the first one says goodbye.
    await second.clock.pauseAt((await second.evaluate(() => Date.now())) + 1_000)
    const answered = call(second, 1)
    await first.close({ runBeforeUnload: true })
    expect(await answered).toEqual([200])
    release()
    // The second sent the attempt that the first had kept.
    const bodies = stage.network.passed.filter(one => one.path === '/user/refresh').map(one => one.body)
    expect(bodies.at(-1)).toBe(bodies.at(-2))
  })

  test('a page that is stopped holds nobody up', async () => {
    const [first, second] = await openTwoDue()
    const goOn = await stop(first)
    expect(await call(second, 1)).toEqual([200])
    await goOn()
  })

  test('a page that is stopped in the middle of a renewal holds the others up for a while, not for ever', async () => {
    const [first, second] = await openTwoDue()
    await hurryLongWaits(second)
    const release = await holdNextRenewal(() => void call(first, 1).catch(() => {}))
    const asked = isWithoutLocks ? answerTo(second) : Promise.resolve()
    const answered = call(second, 1)
    await asked
    const goOn = await stop(first)
    expect(await answered).toEqual([200])
    await goOn()
    release()
  })

  test('a page whose renewal gets no answer gives up, and the others go on', async () => {
    const [first, second] = await openTwoDue()
    const statuses = Promise.withResolvers<(number | string)[]>()
    const release = await holdNextRenewal(() => call(first, 1).then(statuses.resolve, statuses.reject))
    const seconds = await secondsUntilAnswered(second)
    expect(await statuses.promise).toEqual(['network_error'])
    expect(seconds).toBeGreaterThan(10)
    expect(seconds).toBeLessThan(60)
    release()
  })
})

/** Two pages of a session whose token has just run out. The clock is one for all pages of a stage.context. */
async function openTwoDue(): Promise<[Page, Page]> {
  const tabs: [Page, Page] = [await open(), await open()]
  await signInAt(tabs[0])
  for (const tab of tabs) await sessionOf(tab)
  await tabs[0].clock.fastForward(hourMs)
  return tabs
}

/** Stops a page in the middle of a statement, as a debugger or a dialogue does. Gives the way on. */
async function stop(tab: Page): Promise<() => Promise<unknown>> {
  const devtools = await stage.context.newCDPSession(tab)
  await devtools.send('Debugger.enable')
  const paused = new Promise(resolve => devtools.once('Debugger.paused', resolve))
  void devtools.send('Runtime.evaluate', { expression: 'debugger' }).catch(() => {})
  await paused
  return () => devtools.send('Debugger.disable')
}

/** What is to be waited for 20 seconds or longer takes a fifth of one in this page. */
async function hurryLongWaits(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    const wait = window.setTimeout
    const hurry = (act: () => void, ms = 0, ...rest: unknown[]): number =>
      wait(act, ms < 20_000 ? ms : ms / 100, ...rest)
    Object.assign(window, { setTimeout: hurry })
  })
}

/** Returns when another page has said something to this one. */
async function answerTo(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const name = `latchkey.${location.origin.replace(/[^\w.-]+/g, '_')}`
    await new Promise(resolve =>
      new BroadcastChannel(name).addEventListener('message', ({ data }) => data.to && resolve(0)),
    )
  })
}

/**
 * How far the clock has to go on until a call of this page is answered. It stands still once the page has asked for
 * itself: how long the answer takes is not of the page's time.
 */
async function secondsUntilAnswered(tab: Page): Promise<number> {
  const asked = tab.waitForRequest('**/user/refresh').then(
    () => 'asked' as const,
    () => 'never asked' as const,
  )
  const answered = call(tab, 1)
  let seconds = 0
  const forward = async (): Promise<'forward'> => {
    await tab.clock.runFor(1_000)
    seconds++
    return 'forward'
  }
  while ((await Promise.race([asked, answered, forward()])) === 'forward');
  expect(await answered).toEqual([200])
  return seconds
}

/** Starts something that renews, and gives the way to let its renewal through once that has arrived. */
async function holdNextRenewal(start: () => void): Promise<() => void> {
  const held = Promise.withResolvers<undefined>()
  const arrived = Promise.withResolvers<void>()
  stage.network.fault = ({ path }) => {
    if (path !== '/user/refresh') return undefined
    stage.network.fault = () => undefined
    arrived.resolve()
    return held.promise
  }
  start()
  await arrived.promise
  return () => held.resolve(undefined)
}

describe('the pages of one browser', () => {
  test('hear from each other who signs in and out', async () => {
    const [first, second] = [await open(), await open()]
    await signInAt(first)
    await expect.poll(() => heardBy(second)).toEqual(['INITIAL_SESSION nobody', 'SIGNED_IN ada'])
    await second.evaluate(() => page.client.signOut())
    await expect
      .poll(() => heardBy(first))
      .toEqual(['INITIAL_SESSION nobody', 'SIGNED_IN ada', 'SIGNED_OUT nobody'])
    expect(await sessionOf(first)).toBeUndefined()
    expect(await sessionCookies(stage.context)).toEqual([])
    expect(await first.evaluate(() => page.expiries)).toEqual([])
  })

  test('each go back to the login page, once, when the session was ended from elsewhere', async () => {
    const [first, second] = [await open('/page?view=1#top'), await open()]
    await signInAt(first)
    await sessionOf(second)
    const { access_token } = await signIn(callerAt(stage.server.url))
    await post(
      callerAt(stage.server.url),
      '/user/logout',
      { all: true },
      { authorization: `Bearer ${access_token}` },
    )
    expect(new Set(await call(first, 20))).toEqual(new Set(['session_revoked']))
    expect(await first.evaluate(() => page.expiries)).toEqual([
      { reason: 'session_revoked', returnTo: '/page?view=1#top' },
    ])
    await expect
      .poll(() => second.evaluate(() => page.expiries))
      .toEqual([{ reason: 'session_revoked', returnTo: '/page' }])
    expect(await sessionCookies(stage.context)).toEqual([])
  })

  test('hold no lock while their listeners run', async () => {
    const tab = await open()
    const held = await tab.evaluate(async credentials => {
      const counts: (number | undefined)[] = []
      const heard = new Promise<void>(resolve => {
        page.client.onAuthStateChange(async event => {
          const query = navigator.locks.query()
          // Using the client here must not wait for the turn that is being told of.
          const session = await page.client.getSession()
          counts.push((await query).held?.length)
          if (event === 'SIGNED_IN' && session !== undefined) await page.client.signOut()
          if (event === 'SIGNED_OUT') resolve()
        })
      })
      await page.client.signIn(credentials)
      await heard
      return counts
    }, ada)
    expect(held).toEqual([0, 0, 0])
  })
})

describe('without the network', () => {
  test('for the length of a token and back, the session is still there', async () => {
    const tab = await open()
    await signInAt(tab)
    await stage.context.setOffline(true)
    await tab.clock.fastForward(2 * hourMs)
    expect(await call(tab, 3)).toEqual(['network_error', 'network_error', 'network_error'])
    await stage.context.setOffline(false)
    expect(await call(tab, 3)).toEqual([200, 200, 200])
    expect(await heardBy(tab)).toEqual(['INITIAL_SESSION nobody', 'SIGNED_IN ada', 'TOKEN_REFRESHED ada'])
  })

  test('an answer that is lost costs nothing, after a reload of the page neither', async () => {
    const tab = await open()
    await signInAt(tab)
    await tab.clock.fastForward(hourMs)
    stage.network.fault = ({ path }) => (path === '/user/refresh' ? 'lose-answer' : undefined)
    expect(await call(tab, 1)).toEqual(['network_error'])
    stage.network.fault = () => undefined
    await tab.reload()
    expect(await call(tab, 1)).toEqual([200])
    const bodies = stage.network.passed.filter(one => one.path === '/user/refresh').map(one => one.body)
    expect(bodies.at(-1)).toBe(bodies.at(-2))
  })
})

test('a redirect to another origin takes the token off, in a browser too', async () => {
  const seen: (string | undefined)[] = []
  const stranger = createServer((request, response) => {
    if (request.method !== 'OPTIONS') seen.push(request.headers.authorization)
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization',
    })
    response.end('here')
  })
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  const tab = await open()
  await signInAt(tab)
  await tab.route('**/elsewhere', route =>
    route.fulfill({ status: 307, headers: { location: `http://localhost:${port}/` } }),
  )
  expect(await tab.evaluate(async () => (await page.client.fetch('/elsewhere')).text())).toBe('here')
  expect(seen).toEqual([undefined])
  stranger.closeAllConnections()
  stranger.close()
})

test('over https the cookie is bound to its host, and the session outlives the page as well', async () => {
  const folder = newFolder()
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
  })
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  const secure = await startServer({
    folder,
    env: { LATCHKEY_TLS_CERT: join(folder, 'cert.pem'), LATCHKEY_TLS_KEY: join(folder, 'key.pem') },
  })
  // The page is the server's own: its policy would not let a test in.
  const trusting = await stage.browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true })
  const tab = await trusting.newPage()
  const content = await bundlePage('client-page.ts')
  const load = async (): Promise<void> => {
    await tab.goto(secure.url)
    await tab.addScriptTag({ content })
  }
  await load()
  await tab.evaluate(async credentials => {
    await page.client.signUp(credentials)
    await page.client.signIn(credentials)
  }, ada)
  expect(await sessionCookies(trusting)).toEqual([
    expect.objectContaining({ name: '__Host-latchkey', httpOnly: true, secure: true, path: '/' }),
    expect.objectContaining({ name: '__Host-latchkey-page', httpOnly: true, secure: true, path: '/' }),
  ])
  await load()
  expect((await sessionOf(tab))?.user.username).toBe('ada')
  await tab.evaluate(() => page.client.signOut())
  expect(await sessionCookies(trusting)).toEqual([])
  await trusting.close()
  await secure.end()
})
