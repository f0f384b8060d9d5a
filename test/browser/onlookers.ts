// Who looks at pages: somebody of each kind, signed in by the page, on one server.
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { ada, bearer, type Caller, callerAt, post, signIn } from '../account.ts'
import { inviteAdministrator } from '../invite-administrator.ts'
import type { OpenStage } from './open-stage.ts'

const password = ada.password

/** Each kind, by the name that it signs in with; who has none is not signed in. */
const lookers = {
  nobody: { username: undefined },
  'German reader': { username: undefined, locale: 'de-DE' },
  user: { username: 'ada' },
  'Spanish reader': { username: 'ada', locale: 'es-ES' },
  'user with a lot': { username: 'countess-of-lovelace-who-wrote-the-first-program' },
  administrator: { username: 'root' },
} satisfies Record<string, { username: string | undefined; locale?: string }>

export type Looker = keyof typeof lookers

export interface Onlookers {
  network: OpenStage['network']
  /** A profile in which somebody of this kind is signed in already. */
  contextFor(looker: Looker, options?: BrowserContextOptions): Promise<BrowserContext>
}

/** Makes everybody on a stage. */
export async function openOnlookers(stage: Omit<OpenStage, 'close'>): Promise<Onlookers> {
  const call = callerAt(stage.server.url)
  await makeAdministrator(call, stage)
  await giveALot(call, lookers['user with a lot'].username)
  const states = new Map<Looker, Awaited<ReturnType<BrowserContext['storageState']>>>()
  return {
    network: stage.network,
    async contextFor(looker, options = {}) {
      const { username, locale } = { locale: 'en-GB', ...lookers[looker] }
      const known = states.get(looker)
      const context = await stage.browser.newContext({
        locale,
        ...options,
        ...(known && { storageState: known }),
      })
      if (username === undefined || known !== undefined) return context
      const page = await context.newPage()
      await page.goto(`${stage.network.url}/login`)
      await page.locator('[name=username]').fill(username)
      await page.locator('[name=password]').fill(password)
      await page.locator('main [type=submit]').click()
      await page.waitForURL('**/account')
      await page.close()
      states.set(looker, await context.storageState())
      return context
    },
  }
}

async function makeAdministrator(call: Caller, { server, network }: Omit<OpenStage, 'close'>): Promise<void> {
  const invitation = await inviteAdministrator({ url: network.url, folder: server.folder })
  await post(call, '/user/register', { username: 'root', password, invitation })
}

const devices = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'the kitchen tablet that nobody has updated since the summer before last and whose name never ends',
]

/** Long names, several devices, keys, and two addresses, of which one waits. */
async function giveALot(call: Caller, username: string): Promise<void> {
  const { access_token: token } = await signIn(call, { username, password })
  const authorised = bearer(token).headers as Record<string, string>
  const send = (path: string, body: unknown, method = 'POST') =>
    call(path, {
      method,
      body: JSON.stringify(body),
      headers: { ...authorised, 'content-type': 'application/json' },
    })
  for (const device of devices) await post(call, '/user/login', { username, password, device })
  await send('/user', { name: 'Augusta Ada King-Noel, Countess of Lovelace '.repeat(4).trim() }, 'PATCH')
  await send('/user/email', { email: `${'a'.repeat(60)}@example.com`, current_password: password })
  await send('/user/keys', { name: 'backup', scopes: ['user:read'], expires_in: 30 * 86_400 })
  await send('/user/keys', { name: 'x'.repeat(100), scopes: ['user:read', 'user:write'] })
}
