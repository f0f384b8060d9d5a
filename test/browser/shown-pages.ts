// Every page and state that is looked at, a row each: screenshots are made of them, and axe reads them.
import type { Page } from 'playwright-core'
import { ada } from '../account.ts'
import type { Looker, Onlookers } from './onlookers.ts'

export interface ShownPage {
  /** Names the picture's file. */
  name: string
  /** Who looks: nobody is signed in, a new user, one with a lot of everything, an administrator. */
  as: Looker
  path: string | ((onlookers: Onlookers) => string)
  /** Brings the page into the state that is meant; it is loaded by then. */
  act?: (page: Page) => Promise<void>
  /** The part that is new in this state, where another row has all the rest: axe takes seconds for the API's page. */
  isNew?: string
}

const submit = (page: Page): Promise<void> => page.locator('main [type=submit]').first().click()

/** Sends a form that never leaves: the page stays busy. */
async function sendInVain(page: Page): Promise<void> {
  await page.evaluate(() => addEventListener('submit', event => event.preventDefault()))
  await submit(page)
  await page.locator('[aria-busy=true]').waitFor()
}

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value)
}

/** Fills a form in, sends it, and waits for the refusal. */
function refusedWith(fields: Record<string, string>): NonNullable<ShownPage['act']> {
  return async page => {
    await fill(page, fields)
    await submit(page)
    await page.getByRole('alert').waitFor()
  }
}

/** Opens the page of a list's first row. */
async function openFirst(page: Page): Promise<void> {
  const row = page.locator('tbody a.row').first()
  const href = (await row.getAttribute('href')) ?? ''
  await row.click()
  await page.waitForURL(`**${href}`)
}

/** Neither ours nor of a kind that we take. */
const foreignToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJleHAiOjE3MDAwMDAwMDB9'

/** Signs ada in beside the page. */
async function tokenOfAda(page: Page): Promise<string> {
  return page.evaluate(async credentials => {
    const answer = await fetch('/user/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/plain' },
      body: JSON.stringify(credentials),
      credentials: 'omit',
    })
    return answer.text()
  }, ada)
}

async function askAbout(page: Page, token: string): Promise<void> {
  await fill(page, { token })
  await submit(page)
  await page.locator('#verdict li').first().waitFor()
}

export const shownPages: readonly ShownPage[] = [
  { name: 'home', as: 'nobody', path: '/' },
  { name: 'sign-in', as: 'nobody', path: '/login' },
  {
    name: 'sign-in-refused',
    as: 'nobody',
    path: '/login?return_to=/account/devices',
    act: refusedWith({ username: 'ada', password: 'not the one at all' }),
  },
  {
    name: 'sign-in-busy',
    as: 'nobody',
    path: '/login',
    async act(page) {
      await fill(page, { username: ada.username, password: ada.password })
      await sendInVain(page)
    },
  },
  { name: 'sign-in-again', as: 'user', path: '/login?again=1' },
  { name: 'sign-up', as: 'nobody', path: '/register' },
  {
    name: 'sign-up-strength',
    as: 'nobody',
    path: '/register',
    async act(page) {
      await fill(page, { username: 'grace', password: 'a moth in the relay' })
      await page.getByRole('button', { name: 'Show the password' }).click()
    },
  },
  {
    name: 'sign-up-refused',
    as: 'nobody',
    path: '/register',
    act: refusedWith({ username: 'grace', password: 'password' }),
  },
  { name: 'sign-up-german', as: 'German reader', path: '/register' },
  { name: 'forgot', as: 'nobody', path: '/forgot' },
  {
    name: 'forgot-done',
    as: 'nobody',
    path: '/forgot',
    async act(page) {
      await fill(page, { email: 'ada@example.com' })
      await submit(page)
      await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
    },
  },
  { name: 'reset', as: 'nobody', path: '/reset?token=lko_' },
  {
    name: 'reset-refused',
    as: 'nobody',
    path: '/reset?token=lko_',
    act: refusedWith({ new_password: 'a new lantern on the sill' }),
  },
  { name: 'verify', as: 'nobody', path: '/verify?token=lko_' },
  { name: 'signed-out', as: 'nobody', path: '/signed-out' },
  { name: 'account', as: 'user', path: '/account' },
  { name: 'account-saved', as: 'user', path: '/account?done=1' },
  { name: 'account-long', as: 'user with a lot', path: '/account' },
  { name: 'account-spanish', as: 'Spanish reader', path: '/account' },
  { name: 'password', as: 'user', path: '/account/password' },
  {
    name: 'password-refused',
    as: 'user',
    path: '/account/password',
    act: refusedWith({ current_password: 'not the one', new_password: 'a moth in the relay' }),
  },
  { name: 'email-none', as: 'user', path: '/account/email' },
  { name: 'email', as: 'user with a lot', path: '/account/email?done=1' },
  { name: 'devices', as: 'user', path: '/account/devices' },
  { name: 'devices-many', as: 'user with a lot', path: '/account/devices' },
  { name: 'api-keys-empty', as: 'user', path: '/account/keys' },
  { name: 'api-keys', as: 'user with a lot', path: '/account/keys' },
  {
    name: 'api-keys-made',
    as: 'user with a lot',
    path: '/account/keys',
    async act(page) {
      await fill(page, { name: 'nightly backup', scopes: 'user:read' })
      await page.getByRole('button', { name: 'Make the key' }).click()
      await page.getByRole('heading', { name: 'Your new key' }).waitFor()
    },
  },
  { name: 'appearance', as: 'user', path: '/account/appearance' },
  { name: 'data', as: 'user', path: '/account/data' },
  { name: 'delete', as: 'user', path: '/account/delete' },
  {
    name: 'delete-refused',
    as: 'user',
    path: '/account/delete',
    act: refusedWith({ confirm: 'somebody', current_password: ada.password }),
  },
  { name: 'error-not-found', as: 'nobody', path: '/nowhere' },
  { name: 'outbox', as: 'nobody', path: '/outbox' },
  { name: 'docs', as: 'nobody', path: '/docs', isNew: '.try-session' },
  { name: 'docs-operation', as: 'nobody', path: '/docs#signIn' },
  {
    name: 'docs-tried',
    as: 'nobody',
    path: '/docs#readData',
    isNew: '.try-session, #readData',
    async act(page) {
      const panel = page.locator('.try-session')
      await panel.getByLabel('Username').fill(ada.username)
      await panel.getByLabel('Password').fill(ada.password)
      await panel.getByRole('button', { name: 'Sign in' }).click()
      await panel.getByRole('button', { name: 'Sign out' }).waitFor()
      await page.locator('#readData form.try [type=submit]').click()
      await page.locator('#readData .result pre').waitFor()
    },
  },
  { name: 'inspect', as: 'nobody', path: '/inspect' },
  {
    name: 'inspect-accepted',
    as: 'nobody',
    path: '/inspect',
    act: async page => askAbout(page, await tokenOfAda(page)),
  },
  {
    name: 'inspect-changed',
    as: 'nobody',
    path: '/inspect',
    act: async page => askAbout(page, (await tokenOfAda(page)).replace(/.{4}$/, 'AAAA')),
  },
  {
    name: 'inspect-foreign',
    as: 'nobody',
    path: '/inspect',
    act: page => askAbout(page, `${foreignToken}.c2lnbmF0dXJl`),
  },
  {
    name: 'inspect-long',
    as: 'nobody',
    path: '/inspect',
    act: page => page.locator('#token').fill(`${foreignToken}.${'c2lnbmF0dXJl'.repeat(300)}`),
  },
  {
    name: 'inspect-no-token',
    as: 'nobody',
    path: '/inspect',
    act: page => page.locator('#token').fill('lkr_AQGb0kFz'),
  },

  { name: 'console-overview', as: 'administrator', path: '/admin' },
  {
    name: 'console-overview-table',
    as: 'administrator',
    path: '/admin',
    act: page => page.getByText('As a table').first().click(),
  },
  { name: 'console-users', as: 'administrator', path: '/admin/users' },
  { name: 'console-users-none', as: 'administrator', path: '/admin/users?q=nobody-is-called-this' },
  { name: 'console-user', as: 'administrator', path: '/admin/users?q=ada', act: openFirst },
  { name: 'console-user-long', as: 'administrator', path: '/admin/users?q=countess', act: openFirst },
  {
    name: 'console-user-disable',
    as: 'administrator',
    path: '/admin/users?q=ada',
    async act(page) {
      await openFirst(page)
      await page.getByRole('button', { name: 'Disable ada' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'console-user-new', as: 'administrator', path: '/admin/users/new' },
  {
    name: 'console-user-new-refused',
    as: 'administrator',
    path: '/admin/users/new',
    act: refusedWith({ username: 'a b' }),
  },
  { name: 'console-sessions', as: 'administrator', path: '/admin/sessions' },
  { name: 'console-session', as: 'administrator', path: '/admin/sessions', act: openFirst },
  { name: 'console-keys', as: 'administrator', path: '/admin/keys' },
  { name: 'console-key', as: 'administrator', path: '/admin/keys', act: openFirst },
  {
    name: 'console-key-revoke',
    as: 'administrator',
    path: '/admin/keys',
    async act(page) {
      await openFirst(page)
      await page.getByRole('link', { name: 'Revoke this key…' }).click()
      await page.getByRole('button', { name: 'Revoke this key' }).waitFor()
    },
  },
  { name: 'console-clients-empty', as: 'administrator', path: '/admin/clients' },
  { name: 'console-client-new', as: 'administrator', path: '/admin/clients/new' },
  {
    name: 'console-client-made',
    as: 'administrator',
    path: '/admin/clients/new',
    async act(page) {
      await fill(page, { name: 'a service with quite a long name', scopes: 'orders:read orders:write' })
      await submit(page)
      await page.getByRole('heading', { name: 'Client secret' }).waitFor()
    },
  },
  { name: 'console-clients', as: 'administrator', path: '/admin/clients' },
  { name: 'console-client', as: 'administrator', path: '/admin/clients', act: openFirst },
  { name: 'console-invitations', as: 'administrator', path: '/admin/invitations' },
  {
    name: 'console-invitations-open',
    as: 'administrator',
    path: '/admin/invitations',
    async act(page) {
      await fill(page, { email: `${'a'.repeat(48)}@example.com` })
      await page.getByLabel(/^admin/).check()
      await submit(page)
      await page.getByRole('link', { name: 'Make another one' }).click()
      await page.waitForURL('**/admin/invitations')
    },
  },
  { name: 'console-audit', as: 'administrator', path: '/admin/audit' },
  { name: 'console-audit-none', as: 'administrator', path: '/admin/audit?event=key_revoked' },
  { name: 'console-settings', as: 'administrator', path: '/admin/settings' },
]
