// The console in a real browser: each act of an administrator is clicked, and its effect seen over HTTP.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ada, bearer, type Caller, callerAt, post, refusal, signIn, type TokenAnswer } from '../account.ts'
import { inviteAdministrator } from '../invite-administrator.ts'
import { newFolder, type ServerProcess, startServer } from '../server-process.ts'
import { type OpenedBrowser, openBrowser } from './open-browser.ts'

const { password } = ada
const root = { username: 'root', password }

let opened: OpenedBrowser
let server: ServerProcess
let call: Caller
let admin: TokenAnswer
let cookie: { name: string; value: string }
let context: BrowserContext
let page: Page

beforeAll(async () => {
  opened = await openBrowser()
  if (opened.browser === undefined) return
  const folder = newFolder()
  writeFileSync(
    join(folder, 'latchkey.config.js'),
    "export default { roles: { admin: ['*'], editor: ['posts:write'] } }",
  )
  server = await startServer({
    folder,
    // Keys follow each other within seconds, so that a whole life of one is seen.
    env: { LATCHKEY_LIMITS: 'off', LATCHKEY_JWKS_MAX_AGE: '1s' },
  })
  call = callerAt(server.url)
  const invitation = await inviteAdministrator({ url: server.url, folder })
  await post(call, '/user/register', { ...root, invitation })
  admin = await signIn(call, root)
  const answer = await post(call, '/user/login', { ...root, session: 'cookie' }, { origin: server.url })
  const pair = answer.headers.getSetCookie().find(one => one.startsWith('latchkey-page-')) ?? ''
  const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(pair) ?? []
  cookie = { name, value }
})
beforeEach(async ({ skip }) => {
  if (opened.browser === undefined) return skip(true, opened.reason)
  await openTab({})
})
afterEach(() => context?.close())
afterAll(async () => {
  await opened.browser?.close()
  await server?.end()
})

async function openTab(options: { javaScriptEnabled?: boolean }): Promise<void> {
  await context?.close()
  if (opened.browser === undefined) throw new Error(opened.reason)
  context = await opened.browser.newContext({ ...options, timezoneId: 'Europe/Berlin' })
  await context.addCookies([{ ...cookie, url: server.url }])
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
}

const go = (path: string) => page.goto(server.url + path)
const click = (name: string | RegExp) => page.getByRole('button', { name }).click()
/** Presses a button, and the same in the question that comes before what cannot be undone. */
async function press(name: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
}
const textOf = async (part: Locator): Promise<string> => (await part.textContent())?.trim() ?? ''
/** Waits until the page says what came of an act. */
const says = (words: string) => page.getByRole('status').filter({ hasText: words }).first().waitFor()
const link = () => textOf(page.locator('[data-copy]'))
const data = (token: string) => call('/user/data', bearer(token))
const logIn = (username: string) => post(call, '/user/login', { username, password })
const read = async <T>(path: string): Promise<T> =>
  (await (await call(`/admin/api/${path}`, bearer(admin.access_token))).json()) as T

describe('a user', () => {
  test('is added, chooses a password by the link that is shown once, and gets a role', async () => {
    await go('/admin/users')
    await page.getByRole('link', { name: 'Add a user' }).click()
    await page.getByLabel('Username').fill('grace')
    await click('Add the user')
    const shown = await link()
    expect(shown.startsWith(`${server.url}/reset?token=lko_`)).toBe(true)
    const token = new URL(shown).searchParams.get('token')
    expect((await post(call, '/user/password/reset', { token, new_password: password })).status).toBe(204)
    const before = await signIn(call, { username: 'grace', password })
    expect(before.user.roles).toEqual([])

    await page.getByRole('link', { name: 'Go to grace' }).click()
    await page.getByLabel(/^editor/).check()
    await click('Save the roles')
    await says('The roles are saved.')
    expect(await refusal(await data(before.access_token))).toBe('403 token_revoked')
    expect((await signIn(call, { username: 'grace', password })).user.roles).toEqual(['editor'])
  })

  test('is disabled at once, and enabled again; cancelling does nothing', async () => {
    const { access_token: token, user } = await signIn(call, { username: 'eve', password })
    await go(`/admin/users/${user.id}`)
    await click('Disable eve')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect((await data(token)).status).toBe(200)
    await press('Disable eve')
    await says('disabled')
    expect(await refusal(await data(token))).toBe('403 token_revoked')
    expect(await refusal(await logIn('eve'))).toBe('403 account_disabled')
    await click('Enable eve')
    await says('The user may sign in again.')
    expect((await logIn('eve')).status).toBe(200)
  })

  test('gets a link for a first password again, and is signed out everywhere', async () => {
    await call('/admin/api/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.access_token}` },
      body: JSON.stringify({ username: 'hedy' }),
    })
    await go('/admin/users?q=hedy')
    await page.getByRole('link', { name: 'hedy', exact: true }).click()
    await click('Make a link')
    const shown = await link()
    const token = new URL(shown).searchParams.get('token')
    expect((await post(call, '/user/password/reset', { token, new_password: password })).status).toBe(204)
    const devices = [
      await signIn(call, { username: 'hedy', password }),
      await signIn(call, { username: 'hedy', password }),
    ]
    await page.getByRole('link', { name: 'Go to hedy' }).click()
    await press('Sign out everywhere')
    await says('signed out of every device')
    for (const device of devices)
      expect(await refusal(await data(device.access_token))).toBe('403 token_revoked')
  })

  test('with an address gets a link for a new password by mail, and nobody else sees it', async () => {
    const joan = { username: 'joan', password, email: 'joan@example.com' }
    await post(call, '/user/register', joan)
    const mailed = async (kind: string): Promise<string> => {
      const outbox = await (await call('/outbox')).text()
      return new RegExp(`/${kind}\\?token=(lko_[\\w-]+)`).exec(outbox)?.[1] ?? ''
    }
    await expect.poll(() => mailed('verify')).not.toBe('')
    await post(call, '/user/email/verify', { token: await mailed('verify') })
    await go('/admin/users?q=joan')
    await page.getByRole('link', { name: 'joan', exact: true }).click()
    await click('Send a link')
    await says('A mail with a link is on its way.')
    expect(await page.content()).not.toContain('lko_')
    await expect.poll(() => mailed('reset')).not.toBe('')
    const chosen = 'a nanosecond of wire'
    const token = await mailed('reset')
    expect((await post(call, '/user/password/reset', { token, new_password: chosen })).status).toBe(204)
    expect((await logIn('joan')).status).toBe(403)
    expect((await post(call, '/user/login', { ...joan, password: chosen })).status).toBe(200)
  })

  test('is found among ten thousand by `/` and the beginning of the name', async () => {
    const database = new DatabaseSync(join(server.folder, 'data', 'latchkey.db'), { timeout: 10_000 })
    const add = database.prepare(
      "INSERT INTO users (id, username, canonical_name, password_hash, roles, created_at, password_changed_at) VALUES (?, ?, ?, 'x', '[]', ?, 1)",
    )
    database.exec('BEGIN IMMEDIATE')
    for (let i = 0; i < 10_000; i++) add.run(`id-${i}`, `member-${i}`, `member-${i}`, 1_700_000_000 + i)
    database.exec('COMMIT')
    database.close()
    await go('/admin')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('find')
    // A slash inside a field is a slash.
    await page.keyboard.type('member-7321/')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'member-7321', exact: true }).click()
    await page.waitForURL('**/admin/users/id-7321')
    expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe('member-7321')
    // And by walking on: the address of a page is the page.
    await go('/admin/users?sort=name&q=member-73')
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.waitForURL('**cursor=*')
    expect(page.url()).toContain('q=member-73')
    expect(await page.locator('tbody tr').count()).toBe(50)
  })
})

describe('a session', () => {
  test('is ended from the list of all, and from its own page', async () => {
    const first = await signIn(call, { username: 'radia', password })
    const second = await signIn(call, { username: 'radia', password })
    await go('/admin/sessions')
    await page.getByLabel('Of the user').fill('Radia')
    await click('Show')
    await page.waitForURL('**user=Radia')
    expect(await page.locator('tbody tr').count()).toBe(2)
    await page.getByRole('button', { name: 'End the session of radia' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: /^End/ }).click()
    await says('The session has ended.')
    const states = async () => [
      (await data(first.access_token)).status,
      (await data(second.access_token)).status,
    ]
    expect((await states()).toSorted()).toEqual([200, 403])
    await go('/admin/sessions?user=radia')
    await page.locator('tbody a.row').click()
    await press('End this session')
    await says('The session has ended.')
    expect(await states()).toEqual([403, 403])
    await go('/admin/sessions?user=radia')
    expect(await page.getByText('No live session of radia').count()).toBe(1)
  })
})

describe('a signing key', () => {
  const published = async (): Promise<string[]> =>
    ((await (await call('/.well-known/jwks.json')).json()) as { keys: { kid: string }[] }).keys.map(
      key => key.kid,
    )
  const kidOf = async (state: string): Promise<string> =>
    (await read<{ items: { kid: string; state: string }[] }>('keys')).items.find(key => key.state === state)
      ?.kid ?? ''

  test('hands over when it is told to, retires, and is gone', async () => {
    const before = await kidOf('active')
    const { access_token: token } = await signIn(call, { username: 'alan', password })
    await go('/admin/keys')
    await press('Rotate the keys')
    await says('takes over')
    await expect.poll(() => kidOf('retiring'), { timeout: 15_000 }).toBe(before)
    expect((await data(token)).status).toBe(200)
    await go(`/admin/keys/${before}`)
    await press('Retire this key')
    await says('The key is gone.')
    expect(await published()).not.toContain(before)
    expect((await data(token)).status).toBe(403)
    admin = await signIn(call, root)
  })

  test('is revoked after a page that says what happens, and everything it signed is dead', async () => {
    const kid = await kidOf('active')
    const { access_token: token } = await signIn(call, { username: 'alan', password })
    await go('/admin/keys')
    await page.locator(`a[href="/admin/keys/${kid}"]`).click()
    await page.getByRole('link', { name: 'Revoke this key…' }).click()
    expect(await textOf(page.getByRole('main'))).toContain(
      'Every access token that this key signed is refused at once',
    )
    expect((await data(token)).status).toBe(200)
    await click('Revoke this key')
    await says('revoked')
    expect(await refusal(await data(token))).toMatch(/^403 (token_revoked|invalid_token)$/)
    expect(await published()).not.toContain(kid)
    admin = await signIn(call, root)
    expect((await data(admin.access_token)).status).toBe(200)
  })
})

test('a client is added with a secret that is shown once, works, and is disabled', async () => {
  await go('/admin/clients')
  await page.getByRole('link', { name: 'Add a client' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('orders')
  await page.getByLabel('Scopes').fill('orders:read')
  await click('Add the client')
  const [id = '', secret = ''] = await page.locator('[data-copy]').allInnerTexts()
  const ask = () =>
    call('/oauth/token', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id.trim()}:${secret.trim()}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials&scope=orders:read',
    })
  expect((await ask()).status).toBe(200)
  await page.getByRole('link', { name: 'Go to orders' }).click()
  expect(await page.content()).not.toContain(secret.trim())
  await press('Disable orders')
  await says('disabled')
  expect((await ask()).status).toBe(401)
})

test('an invitation is made, shown once, and makes an account with its role', async () => {
  await go('/admin/invitations')
  await page.getByLabel(/^editor/).check()
  await click('Make an invitation')
  const shown = await link()
  const invitation = new URL(shown).searchParams.get('invitation')
  const isOpen = async () => (await read<{ items: unknown[] }>('invitations')).items.length
  expect(await isOpen()).toBe(1)
  expect((await post(call, '/user/register', { username: 'margaret', password, invitation })).status).toBe(
    201,
  )
  expect((await signIn(call, { username: 'margaret', password })).user.roles).toEqual(['editor'])
  expect(await isOpen()).toBe(0)
  await page.getByRole('link', { name: 'Make another one' }).click()
  await page.waitForURL('**/admin/invitations')
  await page.getByText('No invitation waits to be used.').waitFor()
  expect(await textOf(page.locator('tbody').last())).toContain('Invitation made')
})

test('the audit log is filtered by a form whose address can be kept, and saved as a file', async () => {
  await post(call, '/user/login', { username: 'root', password: 'wrong' })
  await go('/admin/audit')
  await page.getByLabel('What happened').selectOption({ label: 'Sign-in refused' })
  await page.getByLabel('User, name or id').fill('root')
  await click('Filter')
  await page.waitForURL('**event=login_refused&user=root*')
  for (const row of await page.locator('tbody tr').allInnerTexts())
    expect(row).toMatch(/Sign-in refused[\s\S]*root/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/)
  const stream = await download.createReadStream()
  const text = (await stream.toArray()).join('')
  expect(text).toMatch(/^at,event,user,/)
  expect(
    text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .every(line => line.includes(`,login_refused,${admin.user.id},`)),
  ).toBe(true)
})

test('a chart tells its values under the pointer, by the reader’s own clock, and in a table', async () => {
  await go('/admin')
  const chart = page.locator('.chart').first()
  const last = chart.locator('.slot').last()
  const from = Number(await last.getAttribute('data-from'))
  await last.hover()
  const hour = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Berlin',
  })
  const tip = await textOf(chart.locator('.tip'))
  expect(tip).toMatch(new RegExp(`^${hour.format(from)} to .*\nSigned in: [1-9]\\d*\nRefused: \\d+$`))
  await chart.getByText('As a table').click()
  const row = await chart.locator('tbody tr').last().locator('th, td').allTextContents()
  expect(row).toEqual([hour.format(from), ...[...tip.matchAll(/: (\d+)/g)].map(([, n]) => n)])
  await page.mouse.move(0, 0)
  expect(await chart.locator('.tip').isVisible()).toBe(false)
})

test('without a script, forms are sent, filters filter, and a key is revoked after its warning', async () => {
  const { access_token: token, user } = await signIn(call, { username: 'dorothy', password })
  await openTab({ javaScriptEnabled: false })
  await go('/admin/users')
  await page.getByLabel('Name or address begins with').fill('dorothy')
  await click('Filter')
  await page.getByRole('link', { name: 'dorothy' }).click()
  await page.waitForURL(`${server.url}/admin/users/${user.id}`)
  await click('Disable dorothy')
  await says('disabled')
  expect(await refusal(await data(token))).toBe('403 token_revoked')
  await go('/admin/keys')
  await page.locator('a.row').first().click()
  await page.getByRole('link', { name: 'Revoke this key…' }).click()
  await click('Revoke this key')
  await says('revoked')
  await go('/admin')
  expect(await page.locator('.chart').first().locator('.slot title').last().textContent()).toMatch(
    /UTC\nSigned in: \d+/,
  )
})
