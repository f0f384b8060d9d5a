// An account from its beginning to its end, as somebody at a browser lives it: with the pages' scripts and without.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { ada, bearer, callerAt, tokens } from '../account.ts'
import { type FaultyNetwork, openFaultyNetwork } from './faulty-network.ts'
import { useStage } from './use-stage.ts'

/** An application at another origin. */
let app: FaultyNetwork
const stage = useStage(async () => {
  app = await openFaultyNetwork()
  app.pages['/in'] = { type: 'text/html', text: 'arrived' }
  return { LATCHKEY_ORIGINS: app.url }
})
afterAll(() => app?.close())

const first = 'a moth in the relay'
const second = 'a nanosecond of wire'

const openIn = async (context: BrowserContext, path: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(stage.network.url + path)
  return page
}

const at = (page: Page): string => new URL(page.url()).pathname
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor()
const notice = (page: Page): Promise<string | null> => page.getByRole('status').first().textContent()

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value)
}

/** The link of the newest mail to an address, as the outbox shows it. */
async function mailedLink(context: BrowserContext, email: string, subject: string): Promise<string> {
  const page = await context.newPage()
  const mails = page.locator('section', { hasText: email }).filter({ hasText: subject })
  const link = mails.first().getByRole('link')
  await expect
    .poll(async () => {
      await page.goto(`${stage.network.url}/outbox`)
      return link.count()
    })
    .toBe(1)
  const href = await link.getAttribute('href')
  await page.close()
  return href ?? ''
}

/** What a token of a session answers now. */
const statusOf = async (token: string): Promise<number> =>
  (await fetch(`${stage.network.url}/user/data`, bearer(token))).status

/** Signs in elsewhere, as a program does, under a name for the device. */
const signInElsewhere = async (username: string, password: string, device: string) =>
  tokens(
    await callerAt(stage.network.url)('/user/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password, device }),
    }),
  )

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await fill(page, { 'Username or e-mail address': username, Password: password })
  await press(page, 'Sign in')
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('an account, %s', (_how, javaScriptEnabled) => {
  test('begins, is verified, signs in, ends another device, is reset and deleted', async () => {
    const username = javaScriptEnabled ? 'grace' : 'grace-plain'
    const email = `${username}@example.com`
    const context = await stage.browser.newContext({ javaScriptEnabled, locale: 'en-GB' })
    context.setDefaultTimeout(8_000)
    const page = await openIn(context, '/account/devices')
    expect(at(page)).toBe('/login')

    // Sign up, and on to where one wanted to go.
    await page.getByRole('link', { name: 'Create an account' }).click()
    await fill(page, { Username: username, Password: 'password' })
    await page.getByLabel('E-mail address (optional)').fill(email)
    await press(page, 'Create the account')
    expect(await page.getByRole('alert').textContent()).toContain('among the most common ones')
    expect(await page.getByRole('alert').evaluate(element => element === document.activeElement)).toBe(true)
    expect(await page.getByLabel('Username', { exact: true }).inputValue()).toBe(username)
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await fill(page, { Password: first })
    await press(page, 'Create the account')
    expect(at(page)).toBe('/account/devices')
    expect(await page.getByText('this device', { exact: true }).count()).toBe(1)

    // Verify by the mail.
    await page.goto(await mailedLink(context, email, 'Verify your address'))
    await press(page, 'Verify this address')
    await heading(page, 'Your address is verified')
    await page.getByRole('link', { name: 'Go to your account' }).click()
    await page.getByText('verified', { exact: true }).waitFor()

    // Sign out, and in by the address.
    await press(page, 'Sign out')
    await heading(page, 'You are signed out')
    await page.goto(`${stage.network.url}/account`)
    expect(at(page)).toBe('/login')
    await signIn(page, email, first)
    expect(at(page)).toBe('/account')
    await fill(page, { 'Name (optional)': 'Grace Hopper' })
    await press(page, 'Save the profile')
    expect(await notice(page)).toContain('Your profile is saved')

    // Another device is signed out and refused at once.
    const elsewhere = await signInElsewhere(username, first, 'the other machine')
    expect(await statusOf(elsewhere.access_token)).toBe(200)
    await page.getByRole('link', { name: 'Devices' }).click()
    await page.getByRole('button', { name: 'Sign out this device: the other machine' }).click()
    expect(await notice(page)).toContain('That device is signed out')
    expect(await statusOf(elsewhere.access_token)).toBe(403)
    expect(await page.getByText('the other machine').count()).toBe(0)

    // An API key is shown once, works, and is revoked.
    await page.getByRole('link', { name: 'API keys' }).click()
    await fill(page, { Name: 'backup' })
    await page.locator('[name=scopes]').fill('user:read')
    await press(page, 'Make the key')
    const key = (await page.locator('pre.secret').textContent())?.trim() ?? ''
    if (javaScriptEnabled) {
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await press(page, 'Copy the key')
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key)
    }
    expect(await statusOf(key)).toBe(200)
    await page.goto(`${stage.network.url}/account/keys`)
    expect(await page.content()).not.toContain(key)
    await page.getByRole('button', { name: 'Revoke: backup' }).click()
    expect(await notice(page)).toContain('That key is revoked')
    expect(await statusOf(key)).toBe(403)

    // A forgotten password: every device is signed out, this one too.
    const third = await signInElsewhere(username, first, 'the third machine')
    await page.goto(`${stage.network.url}/forgot`)
    await fill(page, { 'E-mail address': email })
    await press(page, 'Send the link')
    await heading(page, 'Look into your mail')
    await page.goto(await mailedLink(context, email, 'Choose a new'))
    await fill(page, { 'New password': second })
    await press(page, 'Set the password')
    await heading(page, 'Your password is set')
    expect(await statusOf(third.access_token)).toBe(403)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, username, second)

    // The end.
    await page.getByRole('link', { name: 'Delete account' }).click()
    await fill(page, { [`Type ${username} to confirm`]: 'somebody', 'Current password': second })
    await press(page, 'Delete this account')
    expect(await page.getByRole('alert').textContent()).toContain('not your username')
    await fill(page, { [`Type ${username} to confirm`]: username, 'Current password': second })
    await press(page, 'Delete this account')
    await heading(page, 'Your account is deleted')
    const kept = (await context.cookies(`${stage.network.url}/user`)).map(({ name }) => name)
    expect(kept.filter(name => !name.includes('-device-'))).toEqual([])
    await page.goto(`${stage.network.url}/login`)
    await signIn(page, username, second)
    expect(await page.getByRole('alert').textContent()).toContain('The name or the password is wrong')
    await context.close()
  })
})

describe('the sign-in page', () => {
  test('leads on to a listed origin with its form, past its own policy', async () => {
    const page = await openIn(stage.context, `/login?return_to=${encodeURIComponent(`${app.url}/in?a=1`)}`)
    await signIn(page, ada.username, ada.password)
    expect(page.url()).toBe(`${app.url}/in?a=1`)
  })

  test('[S67] leads nowhere else', async () => {
    const page = await openIn(stage.context, '/login?return_to=https://localhost.evil.example/in')
    await signIn(page, ada.username, ada.password)
    expect(at(page)).toBe('/account')
  })

  test('takes a form once, says what it does, and shows a password on demand', async () => {
    const page = await openIn(stage.context, '/login')
    const password = page.getByLabel('Password', { exact: true })
    await password.fill(ada.password)
    await press(page, 'Show the password')
    expect(await password.getAttribute('type')).toBe('text')
    await press(page, 'Hide the password')
    expect(await password.getAttribute('type')).toBe('password')

    await fill(page, { 'Username or e-mail address': ada.username })
    const signIns = () => stage.network.passed.filter(one => one.method === 'POST' && one.path === '/login')
    const before = signIns().length
    const arrived = Promise.withResolvers<undefined>()
    const pressedAgain = Promise.withResolvers<undefined>()
    let busy = ''
    stage.network.fault = ({ method, path }) => {
      if (path === '/arrived') return arrived.promise
      if (path.startsWith('/pressed-again')) {
        busy = decodeURIComponent(path)
        pressedAgain.resolve(undefined)
      }
      if (method !== 'POST') return undefined
      arrived.resolve(undefined)
      return pressedAgain.promise
    }
    // The page tells by requests how far it is: while it waits for the next one, nothing else is heard of it.
    await page.evaluate(() => {
      const button = document.querySelector<HTMLButtonElement>('main [type=submit]')
      const pressTwice = async (): Promise<void> => {
        button?.click()
        await fetch('/arrived')
        button?.click()
        await fetch(`/pressed-again?${button?.textContent}&${button?.getAttribute('aria-busy')}`)
      }
      void pressTwice()
    })
    await pressedAgain.promise
    expect(busy).toBe('/pressed-again?Signing in…&true')
    await page.waitForURL('**/account')
    expect(signIns().length).toBe(before + 1)
  })
})

test('the strength of a password is said while it is typed', async () => {
  const page = await openIn(stage.context, '/register')
  const said = page.locator('.strength')
  expect(await said.isVisible()).toBe(false)
  const type = async (password: string): Promise<[string | null, number]> => {
    await page.getByLabel('Password', { exact: true }).fill(password)
    const value = await page.getByLabel('Strength').evaluate((meter: HTMLMeterElement) => meter.value)
    return [await said.textContent(), value]
  }
  expect(await type('moth')).toEqual(['too short', 0])
  for (const weak of ['password', 'aaaaaaaaaaaaaaaaaaaa', '12345678901234', 'Passw0rd!'])
    expect(await type(weak), weak).toEqual(['weak', 1])
  expect(await type('motherboard7')).toEqual(['fair', 2])
  for (const strong of [first, second, 'Fünf Motten tanzen heute'])
    expect(await type(strong), strong).toEqual(['strong', 3])
  await type('')
  expect(await said.isVisible()).toBe(false)
})

test('a page keeps the colours and the language that were chosen', async () => {
  const page = await openIn(stage.context, '/login')
  await signIn(page, ada.username, ada.password)
  await page.goto(`${stage.network.url}/account/appearance`)
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.getByLabel('Dark').check()
  await page.getByLabel('Language').selectOption('de')
  await press(page, 'Save the appearance')
  await heading(page, 'Darstellung')
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  expect(await background()).not.toBe(light)
  await page.getByLabel('Wie im System eingestellt').check()
  await page.getByLabel('Sprache').selectOption('')
  await press(page, 'Darstellung speichern')
  await heading(page, 'Appearance')
  expect(await background()).toBe(light)
})
