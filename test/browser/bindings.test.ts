// React, Vue and Svelte, each by its own runtime in a real browser: one table of what all three show.
import { createClient } from 'latchkey/client'
import { LatchkeyProvider, useSession } from 'latchkey/react'
import type { BrowserContext, Page } from 'playwright-core'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ada, callerAt, post } from '../account.ts'
import { type ServerProcess, startServer } from '../server-process.ts'
import { bundlePage, pageWith } from './bundle-page.ts'
import { type FaultyNetwork, openFaultyNetwork } from './faulty-network.ts'
import { type OpenedBrowser, openBrowser } from './open-browser.ts'

const entries = { react: 'react-page.ts', vue: 'vue-page.ts', svelte: 'svelte-page.js' }

let opened: OpenedBrowser
let network: FaultyNetwork
let server: ServerProcess
let context: BrowserContext

beforeAll(async () => {
  opened = await openBrowser()
  if (opened.browser === undefined) return
  network = await openFaultyNetwork()
  for (const [name, entry] of Object.entries(entries)) {
    network.pages[`/${name}`] = pageWith(`/${name}.js`)
    network.pages[`/${name}.js`] = { type: 'text/javascript', text: await bundlePage(entry) }
  }
  server = await startServer({ env: { LATCHKEY_ISSUER: network.url, LATCHKEY_LIMITS: 'off' } })
  network.target = server.url
  await post(callerAt(server.url), '/user/register', ada)
})
afterAll(async () => {
  await opened.browser?.close()
  await network?.close()
  await server?.end()
})

describe.each(Object.keys(entries))('%s', name => {
  const errors: string[] = []
  beforeEach(async ({ skip }) => {
    if (opened.browser === undefined) return skip(true, opened.reason)
    network.fault = () => undefined
    errors.length = 0
    context = await opened.browser.newContext()
  })
  afterEach(() => context?.close())

  async function open(): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(`${network.url}/${name}`)
    return page
  }
  const shows = (page: Page, text: string): Promise<void> =>
    page.locator('#shown', { hasText: text }).waitFor()

  test('shows that it does not know yet, then who is signed in, in every page of the browser', async () => {
    const answer = Promise.withResolvers<undefined>()
    network.fault = () => answer.promise
    const page = await open()
    await shows(page, 'loading nobody')
    answer.resolve(undefined)
    await shows(page, 'signed-out nobody')
    const second = await open()
    await shows(second, 'signed-out nobody')

    await page.locator('#sign-in').click()
    await shows(page, 'signed-in ada')
    await shows(second, 'signed-in ada')
    await page.reload()
    await shows(page, 'signed-in ada')
    await second.locator('#sign-out').click()
    await shows(page, 'signed-out nobody')
    await shows(second, 'signed-out nobody')
    expect(errors).toEqual([])
  })

  test('says when nobody can be asked, and asks again once the browser is online', async () => {
    network.fault = () => 'refuse'
    const page = await open()
    await shows(page, 'unreachable nobody')
    network.fault = () => undefined
    await context.setOffline(true)
    await context.setOffline(false)
    await shows(page, 'signed-out nobody')
    expect(errors).toEqual([])
  })
})

function Shown(): string {
  const { status, user } = useSession()
  return `${status} ${user?.username}`
}

describe('React on a server', () => {
  test('renders that it does not know yet, and asks for nothing', () => {
    const client = createClient({ url: 'http://localhost:1' })
    expect(renderToString(createElement(LatchkeyProvider, { client }, createElement(Shown)))).toBe(
      'loading undefined',
    )
  })

  test('says what is missing where there is no provider', () => {
    expect(() => renderToString(createElement(Shown))).toThrow(/needs a LatchkeyProvider/)
  })
})
