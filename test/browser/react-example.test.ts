// examples/react in a real browser, on another port than the server, as its README starts it; and the recipe of a
// single-page application, as its page has it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { serveExample } from '../../examples/react/serve.ts'
import { programsOf, start, written } from '../../examples/test/page-program.ts'
import { ada, bearer, callerAt, signIn } from '../account.ts'
import { root } from '../imports.ts'
import { newFolder } from '../server-process.ts'
import { useStage } from './use-stage.ts'

let example: Awaited<ReturnType<typeof serveExample>>
let recipe: Awaited<ReturnType<typeof start>>

const stage = useStage(async network => {
  example = await serveExample(0, network.url)
  recipe = await startRecipe(network.url)
  return {
    LATCHKEY_ORIGINS: `${example.url},${recipe.url}`,
    LATCHKEY_ACCESS_TTL: '3s',
    LATCHKEY_SESSION_IDLE: '3s',
  }
})
afterAll(async () => {
  example?.close()
  await recipe?.stop()
})

/** The recipe's two programs: its page bundled as it says, its server started beside it. */
async function startRecipe(url: string): ReturnType<typeof start> {
  const programs = programsOf(readFileSync(join(root, 'docs/recipes/single-page-app.md'), 'utf8'))
  const code = (file: string): string => programs.find(one => one.file === file)?.code ?? ''
  const folder = newFolder()
  await build({
    stdin: { contents: code('page.ts'), loader: 'ts', resolveDir: root },
    bundle: true,
    format: 'esm',
    conditions: ['latchkey-dev'],
    outfile: join(folder, 'page.js'),
  })
  const started = await start(
    await written('recipe-server', code('server.ts')),
    { LATCHKEY_URL: url },
    folder,
  )
  // Pages of one site share the session's cookie.
  return { ...started, url: started.url.replace('127.0.0.1', 'localhost') }
}

async function open(path: string): Promise<Page> {
  const page = await stage.context.newPage()
  await page.goto(example.url + path)
  return page
}

async function fillIn(page: Page, { username, password }: typeof ada): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.locator('[type=submit]').click()
}

const greets = (page: Page, username: string): Promise<void> =>
  page.getByRole('heading', { name: `Hello, ${username}` }).waitFor()

/** Returns once a session that nobody uses any more is over: a later one’s token has run out. */
async function idleTimeIsOver(): Promise<void> {
  const { access_token } = await signIn(callerAt(stage.server.url))
  const status = async () => (await fetch(`${stage.server.url}/user/data`, bearer(access_token))).status
  await expect.poll(status, { timeout: 10_000, interval: 100 }).toBe(403)
}

describe('the React example', () => {
  test('asks who it is, says what is wrong, and leads to where the user wanted to go', async () => {
    const page = await open('/?view=mine')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).searchParams.get('return_to')).toBe('/?view=mine')

    await fillIn(page, { ...ada, password: 'not the one at all' })
    const refusal = page.getByRole('alert')
    await refusal.waitFor()
    expect(await refusal.textContent()).toBe('The name or the password is wrong.')
    expect(await refusal.evaluate(element => element === document.activeElement)).toBe(true)
    expect(await page.getByLabel('Username').inputValue()).toBe(ada.username)
    expect(await page.getByLabel('Password').inputValue()).toBe('')

    await fillIn(page, ada)
    await greets(page, 'ada')
    expect(page.url()).toBe(`${example.url}/?view=mine`)
    await page.locator('pre', { hasText: 'Successful log in' }).waitFor()
  })

  test('leads back to the sign-in page when the session has run out, and from there to where the user was', async () => {
    const page = await open('/?view=mine')
    await fillIn(page, ada)
    await greets(page, 'ada')
    await idleTimeIsOver()
    await page.getByRole('button', { name: 'Read it again' }).click()
    await page.getByText('Your session has ended.').waitFor()
    await fillIn(page, ada)
    await greets(page, 'ada')
    expect(page.url()).toBe(`${example.url}/?view=mine`)
  })

  test('leads a link to elsewhere nowhere but to its own first page', async () => {
    for (const wanted of [
      'https://example.com/',
      '//example.com/',
      '/\\example.com/',
      'javascript:alert(1)',
    ]) {
      const page = await open(`/sign-in?return_to=${encodeURIComponent(wanted)}`)
      if ((await stage.context.cookies(`${stage.network.url}/user`)).length === 0) await fillIn(page, ada)
      await greets(page, 'ada')
      expect(page.url()).toBe(`${example.url}/`)
    }
  })

  test('creates an account, and signs out in every page', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Create an account' }).click()
    await fillIn(page, { username: 'grace', password: 'password' })
    await page.getByRole('alert').waitFor()
    await fillIn(page, { username: 'grace', password: 'a moth in the relay' })
    await greets(page, 'grace')
    const second = await open('/')
    await greets(second, 'grace')
    await second.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('says when the login server cannot be reached', async () => {
    stage.network.fault = () => 'refuse'
    const page = await open('/')
    await page.getByRole('heading', { name: 'cannot be reached' }).waitFor()
  })
})

describe('the recipe of a single-page application', () => {
  test('signs in, says what is wrong, outlives a reload, and signs out in every tab', async () => {
    const page = await stage.context.newPage()
    await page.goto(recipe.url)
    await fillInRecipe(page, 'not the one at all')
    await page.getByText('The name or the password is wrong.').waitFor()
    await fillInRecipe(page, ada.password)
    await page.getByText('Only ada sees this.').waitFor()
    await page.reload()
    await page.getByText('Only ada sees this.').waitFor()
    const second = await stage.context.newPage()
    await second.goto(recipe.url)
    await second.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })
})

async function fillInRecipe(page: Page, password: string): Promise<void> {
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
