// React, Vue and Svelte, each by its own runtime in a real browser: one table of what all three show.
import { createClient } from 'latchkey/client'
import { LatchkeyProvider, useSession } from 'latchkey/react'
import type { Page } from 'playwright-core'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { beforeEach, describe, expect, test } from 'vitest'
import { bundlePage, pageWith } from './bundle-page.ts'
import { useStage } from './use-stage.ts'

const entries = { react: 'react-page.ts', vue: 'vue-page.ts', svelte: 'svelte-page.js' }

const stage = useStage(async network => {
  for (const [name, entry] of Object.entries(entries)) {
    network.pages[`/${name}`] = pageWith(`/${name}.js`)
    network.pages[`/${name}.js`] = { type: 'text/javascript', text: await bundlePage(entry) }
  }
  return {}
})

describe.each(Object.keys(entries))('%s', name => {
  const errors: string[] = []
  beforeEach(() => {
    errors.length = 0
  })

  async function open(): Promise<Page> {
    const page = await stage.context.newPage()
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(`${stage.network.url}/${name}`)
    return page
  }
  const shows = (page: Page, text: string): Promise<void> =>
    page.locator('#shown', { hasText: text }).waitFor()

  test('shows that it does not know yet, then who is signed in, in every page of the browser', async () => {
    const answer = Promise.withResolvers<undefined>()
    stage.network.fault = () => answer.promise
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
    stage.network.fault = () => 'refuse'
    const page = await open()
    await shows(page, 'unreachable nobody')
    stage.network.fault = () => undefined
    await stage.context.setOffline(true)
    await stage.context.setOffline(false)
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
