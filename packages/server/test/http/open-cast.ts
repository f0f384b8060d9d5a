// Everybody whom the authorisation matrix asks for and a thing of each kind, made once; each case gets a copy.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, onTestFinished } from 'vitest'
import { ada, bearer, post, signIn, type TokenAnswer } from '../../../../test/account.ts'
import type { ConfigInput } from '../../src/config.ts'
import type { Route } from '../../src/http/route.ts'
import { linkIn } from '../link-in.ts'
import { openAdministrator, sendAs } from '../open-administrator.ts'
import { openTestServer, type TestPlaces, type TestServer, temporaryFolder } from '../open-test-server.ts'
import { type CallerName, type Cast, type RouteRow, routeRows } from './route-rows.ts'

const issuer = 'http://localhost:4000'
const settings = { roles: { admin: ['*'], editor: ['posts:write'] } }

export interface Template {
  cast: Cast
  /** Bearer credentials by who holds them. */
  callers: Record<Exclude<CallerName, 'anonymous'>, string>
  /** The cookies by which pages know the same people; keys have none. */
  pages: Partial<Record<CallerName, string>>
  folder: string
  nowMs: number
}

let template: Promise<Template> | undefined

/** Made by the first test that asks. */
export function theTemplate(): Promise<Template> {
  template ??= makeTemplate()
  return template
}

/** Ada has a verified address, another one that waits, a reset link, two API keys; one signing key was replaced. */
async function makeTemplate(): Promise<Template> {
  const server = await openAdministrator(settings)
  const { call, ask, read, admin, time, folder } = server
  const user = await signIn(call, ada)
  const other = await signIn(call, { ...ada, username: 'grace' })
  const disabled = await signIn(call, { ...ada, username: 'eve' })
  const keyOf = async (owner: TokenAnswer, scopes: string[]): Promise<{ id: string; key: string }> => {
    const made = await sendAs(call, owner.access_token, 'POST', '/user/keys', { name: 'k', scopes })
    return (await made.json()) as { id: string; key: string }
  }
  const pageOf = async (username: string): Promise<string> => {
    const body = { username, password: ada.password, session: 'cookie' }
    const answer = await post(call, '/user/login', body, { origin: issuer })
    const cookies = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0] ?? '')
    return cookies.find(cookie => cookie.startsWith('latchkey-page-')) ?? 'no cookie'
  }
  const pages = {
    user: await pageOf('ada'),
    'other user': await pageOf('grace'),
    'disabled user': await pageOf('eve'),
    administrator: await pageOf(admin.user.username),
  }
  const full = await keyOf(user, ['user:read', 'user:write'])
  const empty = await keyOf(user, [])
  await ask('PATCH', `users/${disabled.user.id}`, { disabled: true })

  const askFor = (email: string) =>
    sendAs(call, user.access_token, 'POST', '/user/email', { email, current_password: ada.password })
  await askFor('ada@example.com')
  await post(call, '/user/email/verify', { token: linkIn(folder, 'verify') })
  await askFor('later@example.com')
  await ask('POST', `users/${user.user.id}/reset`)
  const { invitation } = (await (await ask('POST', 'invitations', {})).json()) as { invitation: string }

  const { client } = (await (await ask('POST', 'clients', { name: 'reports' })).json()) as {
    client: { id: string }
  }

  // The second time it is asked for, the next key has been published long enough to take over.
  await ask('POST', 'keys/rotate')
  time.nowMs += 11 * 60_000
  await ask('POST', 'keys/rotate')
  const keys = (await read<{ items: { kid: string; state: string }[] }>('keys')).items
  const kidOf = (state: string): string => keys.find(key => key.state === state)?.kid ?? `no ${state} key`
  const sessions = (await (await call('/user/sessions', bearer(user.access_token))).json()) as {
    items: { id: string }[]
  }
  const cast: Cast = {
    ada: user,
    adasSession: sessions.items[0]?.id ?? '',
    adasKey: empty.id,
    verify: linkIn(folder, 'verify'),
    reset: linkIn(folder, 'reset'),
    invitation,
    client: client.id,
    nextKid: kidOf('next'),
    retiringKid: kidOf('retiring'),
  }
  await server.latchkey.close()
  // The server's own folder goes when the test ends that asked first.
  const kept = mkdtempSync(join(tmpdir(), 'latchkey-template-'))
  process.once('exit', () => rmSync(kept, { recursive: true, force: true }))
  cpSync(folder, kept, { recursive: true })
  const database = new DatabaseSync(join(kept, 'latchkey.db'))
  database.exec('DELETE FROM mails')
  database.close()
  return {
    cast,
    callers: {
      user: user.access_token,
      'other user': other.access_token,
      'disabled user': disabled.access_token,
      administrator: admin.access_token,
      'API key with the scope': full.key,
      'API key without it': empty.key,
    },
    pages,
    folder: kept,
    nowMs: time.nowMs,
  }
}

/** Calls a route as its row says, as somebody, with a body that is right or another one. */
export function callRoute(
  server: Pick<TestServer, 'call'>,
  { route, row, caller, body }: { route: Route; row: RouteRow; caller: CallerName; body?: string },
  { cast, callers, pages }: Template,
): Promise<Response> {
  const headers = new Headers(caller === 'anonymous' ? {} : { authorization: `Bearer ${callers[caller]}` })
  if (pages[caller] !== undefined && (route.access === 'page' || route.access === 'console'))
    headers.set('cookie', pages[caller])
  headers.set('origin', issuer)
  const isWrite = route.method !== 'GET'
  if (isWrite) headers.set('content-type', 'application/json')
  const sent = body ?? JSON.stringify(row.body?.(cast) ?? {})
  return server.call(row.path?.(cast) ?? route.path, {
    method: route.method,
    headers,
    ...(isWrite && { body: sent }),
  })
}

export const nameOf = (route: Route): string => `${route.method} ${route.path}`

export function rowOf(route: Route): RouteRow {
  const row = routeRows[nameOf(route)]
  if (row === undefined) throw new Error(`${nameOf(route)} has no row in route-rows.ts`)
  return row
}

export interface CopyServer extends TestServer {
  database: DatabaseSync
}

/** A server on a copy of the template's database, until the test ends or when `atEnd` says. */
export async function openCopy(
  template: Template,
  places: TestPlaces = {},
  more: ConfigInput = {},
): Promise<CopyServer> {
  const { atEnd = onTestFinished } = places
  const folder = temporaryFolder(atEnd)
  cpSync(template.folder, folder, { recursive: true })
  const server = await openTestServer({ ...settings, ...more }, { folder, nowMs: template.nowMs, ...places })
  const database = new DatabaseSync(join(folder, 'latchkey.db'))
  atEnd(() => database.close())
  return { ...server, database }
}

const closings: (() => void | Promise<void>)[] = []
afterAll(async () => {
  for (const close of closings.toReversed()) await close()
})

const shared = new Map<string, Promise<CopyServer>>()

/** One copy for all tests of a file, where what they ask changes nothing. */
export function theSharedCopy(
  template: Template,
  places: TestPlaces = {},
  more: ConfigInput = {},
): Promise<CopyServer> {
  const name = JSON.stringify(more)
  const known = shared.get(name)
  if (known !== undefined) return known
  const opened = openCopy(template, { ...places, atEnd: close => closings.push(close) }, more)
  shared.set(name, opened)
  return opened
}

/** A copy in which a route finds everything as the template has it: one of its own where the route writes. */
export const copyFor = (route: Route, template: Template, places?: TestPlaces): Promise<CopyServer> =>
  route.method === 'GET' ? theSharedCopy(template, places) : openCopy(template, places)
