// The pages that explain: what a token says and where it is refused, and the API to read and to try out.
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type OpenApiDocument,
  operationsOf,
  type PlacedOperation,
} from '../../packages/server/src/api/openapi.ts'
import { ada, bearer, callerAt, refusal, signIn } from '../account.ts'
import { cleanEnvironment, run, serverProgram } from '../server-process.ts'
import { useStage } from './use-stage.ts'

const stage = useStage()
const call = (path: string, init?: RequestInit) => callerAt(stage.server.url)(path, init)

/** A token of ada's by the server's own key, with something about it that is not as it should be. */
async function signByHand(...options: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    process.execPath,
    [serverProgram, 'token', 'sign', '--user', 'ada', ...options],
    { cwd: stage.server.folder, env: cleanEnvironment({ LATCHKEY_ISSUER: stage.network.url }) },
  )
  if (stdout === '') throw new Error(stderr)
  return stdout.trim()
}

const unsigned = (claims: object): string =>
  `${[{ alg: 'ES256', typ: 'at+jwt', kid: 'here' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2lnbmVk`

/** What a page does that it must not: errors of scripts and of its policy, and questions to other origins. */
interface Watched {
  page: Page
  complaints: string[]
  foreign: string[]
}

async function open(path: string, options?: BrowserContextOptions): Promise<Watched> {
  const context = options === undefined ? stage.context : await stage.browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  const foreign: string[] = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => {
    const url = request.url()
    if (!url.startsWith('data:') && !url.startsWith(stage.network.url)) foreign.push(url)
  })
  await page.goto(stage.network.url + path)
  return { page, complaints, foreign }
}

/** A refused request is told to the console by the browser itself, and is no fault of the page's. */
const faultsOf = ({ complaints, foreign }: Watched): string[] => [
  ...complaints.filter(line => !/Failed to load resource: the server responded/.test(line)),
  ...foreign,
]

const ask = (page: Page): Promise<void> => page.getByRole('button', { name: 'Ask this server' }).click()
const verdictOf = async (page: Page): Promise<string> => {
  const heading = page.locator('#verdict h2')
  await heading.waitFor()
  return (await heading.textContent()) ?? ''
}

describe('the inspector', () => {
  const tokens: Record<string, string> = {}
  beforeAll(async () => {
    if (stage.browser === undefined) return
    tokens['good'] = (await signIn(call)).access_token
    tokens['changed'] = tokens['good'].replace(/.{4}$/, last => (last === 'AAAA' ? 'BBBB' : 'AAAA'))
    const ended = await signIn(call)
    await call('/user/logout', { method: 'POST', ...bearer(ended.access_token) })
    tokens['revoked'] = ended.access_token
    tokens['expired'] = await signByHand('--claim', 'exp=1700000000')
    tokens['foreign'] = await signByHand('--audience', 'another-api')
  })

  test.each([
    ['good', '✓ Accepted', ''],
    ['changed', '✕ Refused at the step “signature”', 'invalid_token'],
    ['expired', '✕ Refused at the step “expiry”', 'token_expired'],
    ['foreign', '✕ Refused at the step “audience”', 'invalid_token'],
    ['revoked', '✕ Refused at the step “revocation”', 'token_revoked'],
  ])('reads a token that is %s, and tells the verdict with its step', async (name, verdict, code) => {
    const watched = await open('/inspect')
    const { page } = watched
    // As it is copied from a request, with white space around it.
    await page.getByLabel('Token').fill(`  Bearer ${tokens[name]}\n`)
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    expect(await page.locator('#verdict').textContent()).toBe('')
    await ask(page)
    expect(await verdictOf(page)).toBe(verdict)
    if (code !== '') expect(await page.locator('#verdict code').first().textContent()).toBe(code)
    expect(await page.locator('#verdict li.stopped').count()).toBe(code === '' ? 0 : 1)
    // And a guard says the same.
    const answer = await call('/user/data', bearer(tokens[name] ?? ''))
    expect(code === '' ? answer.status : await refusal(answer)).toBe(code === '' ? 200 : `403 ${code}`)
    expect(faultsOf(watched)).toEqual([])
  })

  test('the token goes nowhere but into the body of that one question', async () => {
    const watched = await open('/inspect')
    const { page } = watched
    const token = tokens['good'] ?? ''
    const part = token.slice(-40)
    const before = stage.network.passed.length
    const historyLength = await page.evaluate(() => history.length)
    const headers: string[] = []
    page.on('request', async request => headers.push(JSON.stringify(await request.allHeaders())))
    await page.getByLabel('Token').fill(token)
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    expect(stage.network.passed.length, 'asked before the button was pressed').toBe(before)
    await ask(page)
    await verdictOf(page)
    await page.getByRole('link', { name: /Latchkey/ }).click()
    await page.waitForURL(`${stage.network.url}/`)
    const passed = stage.network.passed.slice(before)
    expect(passed.filter(({ body }) => body.includes(part)).map(({ path }) => path)).toEqual(['/inspect'])
    expect(passed.filter(({ path }) => path.includes(part))).toEqual([])
    expect(headers.filter(line => line.includes(part))).toEqual([])
    expect(await page.evaluate(() => history.length)).toBe(historyLength + 1)
    await page.goBack()
    expect(page.url()).toBe(`${stage.network.url}/inspect`)
    const kept = await page.evaluate(async () => ({
      storages: [localStorage.length, sessionStorage.length],
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
    }))
    expect(kept).toEqual({ storages: [0, 0], databases: 0, caches: 0 })
    expect(await stage.context.cookies()).toEqual([])
    expect(stage.server.output()).not.toContain(part)
    expect(faultsOf(watched)).toEqual([])
  })

  test('works by the keyboard alone', async () => {
    const { page } = await open('/inspect')
    await page.getByLabel('Token').focus()
    await page.keyboard.insertText(tokens['expired'] ?? '')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await verdictOf(page)).toContain('“expiry”')
    // The verdict is announced where it appears.
    expect(await page.locator('#verdict').getAttribute('aria-live')).toBe('polite')
    // Another token: the verdict on the one before it is gone.
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.insertText('x')
    await expect.poll(() => page.locator('#verdict').textContent()).toBe('')
  })

  test.each(['with scripts', 'without'])('%s, hostile claims are text', async how => {
    const claims = {
      sub: '<img src=x onerror="document.title=\'taken over\'">',
      '<script>document.title="taken over"</script>': 1,
      name: '</code><h1 id=over>over</h1>',
      exp: 4_000_000_000,
    }
    const javaScriptEnabled = how === 'with scripts'
    const watched = await open('/inspect', { javaScriptEnabled })
    const { page } = watched
    await page.getByLabel('Token').fill(unsigned(claims))
    await ask(page)
    expect(await verdictOf(page)).toBe('✕ Refused at the step “key”')
    const said = (await page.locator('#reading').textContent()) ?? ''
    for (const [name, value] of Object.entries(claims)) {
      expect(said).toContain(name)
      expect(said).toContain(JSON.stringify(value))
    }
    expect(await page.locator('#over, #reading img, #reading script').count()).toBe(0)
    expect(await page.title()).toMatch(/^Token inspector/)
    expect(faultsOf(watched)).toEqual([])
    await page.context().close()
  })

  test('junk and what is too long is judged, and breaks nothing', async () => {
    const watched = await open('/inspect')
    const { page } = watched
    const field = page.getByLabel('Token')
    const long = Number(await field.getAttribute('maxlength'))
    for (const junk of ['junk', '....', 'a.b.c', '🔑.🔑.🔑', '{"alg":"none"}', 'x'.repeat(long)]) {
      await field.fill(junk)
      await ask(page)
      expect(await verdictOf(page), junk.slice(0, 20)).toBe('✕ Refused at the step “shape”')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
        await page.evaluate(() => document.documentElement.clientWidth),
      )
    }
    await field.fill('lkr_AQGb0kFz')
    expect(await page.getByRole('button', { name: 'Ask this server' }).isDisabled()).toBe(true)
    expect(await page.locator('#asks-nothing').isVisible()).toBe(true)
    expect(faultsOf(watched)).toEqual([])
  })

  test('without a script the form is answered by the whole page', async () => {
    const watched = await open('/inspect', { javaScriptEnabled: false })
    const { page } = watched
    expect(await page.locator('noscript').textContent()).toContain('Scripts are off')
    await page.getByLabel('Token').fill(tokens['foreign'] ?? '')
    await ask(page)
    expect(await verdictOf(page)).toContain('“audience”')
    expect(await page.locator('#reading').textContent()).toContain('"another-api"')
    expect(page.url()).toBe(`${stage.network.url}/inspect`)
    expect(await page.getByLabel('Token').inputValue()).toBe(tokens['foreign'])
    await page.context().close()
  })

  test('says so when the server cannot be reached', async () => {
    const { page } = await open('/inspect')
    await page.getByLabel('Token').fill(tokens['good'] ?? '')
    stage.network.fault = () => 'refuse'
    await ask(page)
    await page.getByText('The server could not be reached. Nothing was judged.').waitFor()
    stage.network.fault = () => undefined
    await ask(page)
    expect(await verdictOf(page)).toBe('✓ Accepted')
  })
})

describe('the page of the API', () => {
  const operation = (page: Page, id: string) => page.locator(`details#${id}`)
  const result = (page: Page, id: string) => operation(page, id).locator('.result')

  async function signInAtPage(page: Page): Promise<void> {
    const panel = page.locator('.try-session')
    await panel.getByLabel('Username').fill(ada.username)
    await panel.getByLabel('Password').fill(ada.password)
    await panel.getByRole('button', { name: 'Sign in' }).click()
    await panel.getByText('Signed in as ada').waitFor()
  }

  async function send(page: Page, id: string): Promise<string> {
    await operation(page, id).getByRole('button', { name: 'Send the request' }).click()
    const line = result(page, id).locator('p')
    await line.waitFor()
    return (await line.textContent()) ?? ''
  }

  const described = async (): Promise<PlacedOperation[]> =>
    operationsOf((await (await call('/openapi.json')).json()) as OpenApiDocument)

  test.each(['with scripts', 'without'])(
    '%s, it has every operation, with all that is said of it',
    async how => {
      const watched = await open('/docs', { javaScriptEnabled: how === 'with scripts' })
      const { page } = watched
      const shown = await page.locator('main .address').allTextContents()
      const operations = await described()
      const addresses = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      expect(shown.toSorted()).toEqual(addresses.toSorted())
      for (const {
        operation: { operationId, tags, summary },
      } of operations.filter(one => one.operation.tags[0] !== 'Pages'))
        expect(await operation(page, operationId).locator('.summary').textContent(), tags[0]).toBe(summary)
      await operation(page, 'signIn').locator('summary').first().click()
      expect(await operation(page, 'signIn').getByText('curl -F username=ada').isVisible()).toBe(true)
      const forms = page.locator('form:visible')
      expect((await forms.count()) > 0).toBe(how === 'with scripts')
      expect(faultsOf(watched)).toEqual([])
      await page.context().close()
    },
  )

  test('signs in, calls the guarded route and shows its answer; the token is in memory alone', async () => {
    const watched = await open('/docs#readData')
    const { page } = watched
    expect(await operation(page, 'readData').getAttribute('open')).toBe('')
    expect(await send(page, 'readData')).toMatch(/^403 .*, \d+ ms$/)
    await signInAtPage(page)
    expect(await send(page, 'readData')).toMatch(/^200 OK, \d+ ms$/)
    const answer = JSON.parse((await result(page, 'readData').locator('pre').textContent()) ?? '') as {
      authorizedData: { user: { username: string } }
    }
    expect(answer.authorizedData.user.username).toBe('ada')
    expect(await stage.context.cookies()).toEqual([])
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
    await page.reload()
    expect(await send(page, 'readData')).toMatch(/^403 /)
    expect(faultsOf(watched)).toEqual([])
  })

  test('asks without the session that the pages have', async () => {
    const { page } = await open('/login')
    await page.locator('[name=username]').fill(ada.username)
    await page.locator('[name=password]').fill(ada.password)
    await page.locator('main [type=submit]').click()
    await page.waitForURL('**/account')
    await page.goto(`${stage.network.url}/docs#signOut`)
    const cookies = await stage.context.cookies()
    expect(cookies.length).toBeGreaterThan(0)
    expect(await send(page, 'signOut')).toMatch(/^403 /)
    expect(await stage.context.cookies()).toEqual(cookies)
    await page.goto(`${stage.network.url}/account`)
    expect(new URL(page.url()).pathname).toBe('/account')
  })

  test('sends a body and a parameter as they stand there, and shows a refusal', async () => {
    const watched = await open('/docs')
    const { page } = watched
    await signInAtPage(page)
    const change = operation(page, 'changeProfile')
    await change.locator('summary').first().click()
    await change.getByRole('textbox').fill('{"name": "The Countess"}')
    expect(await send(page, 'changeProfile')).toMatch(/^200 /)
    expect(await result(page, 'changeProfile').locator('pre').textContent()).toContain('The Countess')
    await change.getByRole('textbox').fill('{"colour": "brass"}')
    expect(await send(page, 'changeProfile')).toMatch(/^422 /)
    expect(await result(page, 'changeProfile').locator('pre').textContent()).toContain('colour')

    const end = operation(page, 'endSession')
    await end.locator('summary').first().click()
    await end.getByRole('textbox').fill('../../user/keys?no=such')
    expect(await send(page, 'endSession')).toMatch(/^404 /)
    const asked = stage.network.passed.at(-1)
    expect(asked?.path).toBe('/user/sessions/..%2F..%2Fuser%2Fkeys%3Fno%3Dsuch')
    expect(faultsOf(watched)).toEqual([])
  })

  test('signing out there ends the session', async () => {
    const { page } = await open('/docs')
    const token = new Promise<string>(resolve => {
      page.on('response', async response => {
        if (response.url().endsWith('/user/login')) resolve((await response.json()).access_token)
      })
    })
    await signInAtPage(page)
    expect((await call('/user/data', bearer(await token))).status).toBe(200)
    await page.locator('.try-session').getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('Signed out: the session has ended.').waitFor()
    expect(await refusal(await call('/user/data', bearer(await token)))).toBe('403 token_revoked')
  })

  test('works by the keyboard alone, and a link with a broken fragment breaks nothing', async () => {
    const watched = await open('/docs#%E0%A4%A')
    const { page } = watched
    await operation(page, 'isLive').locator('summary').first().focus()
    await page.keyboard.press('Enter')
    expect(await operation(page, 'isLive').getAttribute('open')).toBe('')
    const sends = operation(page, 'isLive').getByRole('button', { name: 'Send the request' })
    const isThere = () => sends.evaluate(button => button === document.activeElement)
    for (let pressed = 0; pressed < 10 && !(await isThere()); pressed++) await page.keyboard.press('Tab')
    expect(await isThere()).toBe(true)
    await page.keyboard.press('Enter')
    await result(page, 'isLive')
      .getByText(/^200 OK/)
      .waitFor()
    expect(faultsOf(watched)).toEqual([])
  })
})
