// The quick start and the recipes are programs: each is run as its page has it, against one real login server.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, bearer, callerAt, post, refusal, signIn } from '../../test/account.ts'
import { bcrypt } from '../../test/flow/import-lines.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../../test/server-process.ts'
import { programsOf, started, written } from './page-program.ts'
import { exampleFile } from './start-example.ts'

const docs = exampleFile('../docs')
const pages = [
  'quick-start.md',
  'migrate/jsonwebtoken.md',
  ...readdirSync(join(docs, 'recipes')).map(name => `recipes/${name}`),
]
const programs = new Map(
  pages.flatMap(page =>
    programsOf(readFileSync(join(docs, page), 'utf8')).map(({ file, code }) => [`${page} ${file}`, code]),
  ),
)

const quickStart = readFileSync(join(docs, 'quick-start.md'), 'utf8')

let server: ServerProcess
let env: Record<string, string>
beforeAll(async () => {
  server = await startServer({ env: { LATCHKEY_LIMITS: 'off' } })
  env = { LATCHKEY_URL: server.url }
  await post(callerAt(server.url), '/user/register', ada)
})
afterAll(() => server?.end())

/** A program of a page, written to be run. */
function program(name: string): Promise<string> {
  const code = programs.get(name)
  if (code === undefined) throw new Error(`no page has ${name}`)
  return written(name.replaceAll(/[/ ]/g, '-'), code)
}

/** Runs the command line of the server that is running, beside its database. */
const latchkey = (...args: string[]) =>
  run(process.execPath, [serverProgram, ...args], { cwd: server.folder, env: cleanEnvironment() })

test('each program of these pages is run, here or in a browser', () => {
  expect([...programs.keys()].sort()).toEqual([
    // examples/test/guides.test.ts
    'migrate/jsonwebtoken.md app.ts',
    'migrate/jsonwebtoken.md notes.ts',
    'quick-start.md app.ts',
    'recipes/microservices.md invoices.ts',
    'recipes/microservices.md orders.ts',
    'recipes/mobile.md session.ts',
    'recipes/scripts.md notes.ts',
    'recipes/scripts.md report.ts',
    'recipes/scripts.md service.ts',
    'recipes/server-rendered.md app.ts',
    // test/browser/react-example.test.ts
    'recipes/single-page-app.md page.ts',
    'recipes/single-page-app.md server.ts',
  ])
})

test('the quick start’s application lets ada read, and nobody else', async () => {
  const call = callerAt(await started(await program('quick-start.md app.ts'), env))
  expect(await (await call('/')).text()).toBe('Everybody reads this.\n')
  const refused = await call('/notes')
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  expect(await refusal(refused)).toBe('401 missing_token')
  const { access_token: token } = await signIn(callerAt(server.url))
  expect(await (await call('/notes', bearer(token))).text()).toBe('Only ada reads this.\n')
})

test('the quick start’s application hears of a sign-out, with the guard that the page puts in its place', async () => {
  const [, hearing = ''] = /```ts\n(import [^`]*?revocationFeed\([^`]*?)```/.exec(quickStart) ?? []
  const code = programs.get('quick-start.md app.ts') ?? ''
  const [own = 'no guard'] = /^const guard = .*$/m.exec(code) ?? []
  const added = hearing.replace("import { protect } from 'latchkey/express'\n", '')
  const made = await latchkey('client', 'add', 'my-app', '--scope', 'revocations:read', '--json')
  const { id, client_secret } = JSON.parse(made.stdout)
  const file = await written('quick-start-hearing', code.replace(own, added))
  const call = callerAt(
    await started(file, { ...env, LATCHKEY_CLIENT_ID: id, LATCHKEY_CLIENT_SECRET: client_secret }),
  )
  const { access_token: token } = await signIn(callerAt(server.url))
  const notes = async () => (await call('/notes', bearer(token))).status
  await expect.poll(notes, { timeout: 10_000, interval: 20 }).toBe(200)
  await post(callerAt(server.url), '/user/logout', {}, { authorization: `Bearer ${token}` })
  await expect.poll(notes, { timeout: 10_000, interval: 20 }).toBe(401)
  expect(quickStart).toContain(await (await call('/notes', bearer(token))).text())
})

test('from jsonwebtoken, step three: users come with their bcrypt hashes, and the application knows them', async () => {
  const users = join(newFolder(), 'users.csv')
  writeFileSync(users, `id,username,password_hash\n7,grace,${bcrypt}\n`)
  expect((await latchkey('import', users, '--from', 'csv')).code).toBe(0)
  const call = callerAt(await started(await program('migrate/jsonwebtoken.md notes.ts'), env))
  expect(await refusal(await call('/notes'))).toBe('401 missing_token')
  const { access_token: token } = await signIn(callerAt(server.url), {
    username: 'grace',
    password: 'päßword €',
  })
  expect(await (await call('/notes', bearer(token))).json()).toEqual({ notes: [], of: 'grace' })
})

test('microservices: a user reaches orders, which reaches invoices as itself, until the user signs out', async () => {
  const made = await latchkey(
    'client',
    'add',
    'orders',
    '--scope',
    'revocations:read',
    'invoices:write',
    '--json',
  )
  const { id, client_secret } = JSON.parse(made.stdout)
  const invoices = await started(await program('recipes/microservices.md invoices.ts'), env)
  const orders = callerAt(
    await started(await program('recipes/microservices.md orders.ts'), {
      ...env,
      INVOICES_URL: invoices,
      LATCHKEY_CLIENT_ID: id,
      LATCHKEY_CLIENT_SECRET: client_secret,
    }),
  )
  const { access_token: token } = await signIn(callerAt(server.url))
  const order = () => orders('/orders', { method: 'POST', ...bearer(token) })
  // The guard lets nobody through before it knows what was revoked.
  await expect.poll(async () => (await order()).status, { timeout: 10_000, interval: 50 }).toBe(201)
  expect(await (await order()).json()).toEqual({ of: 'ada', invoice: 1, by: `client:${id}` })
  expect(await refusal(await orders('/orders', { method: 'POST' }))).toBe('401 missing_token')
  const direct = await callerAt(invoices)('/', { method: 'POST', ...bearer(token) })
  expect(await refusal(direct)).toBe('403 insufficient_scope')

  await post(callerAt(server.url), '/user/logout', {}, { authorization: `Bearer ${token}` })
  await expect
    .poll(async () => refusal(await order()), { timeout: 10_000, interval: 20 })
    .toBe('401 token_revoked')
})

test('mobile: a session outlives the app, says what was wrong, and ends', async () => {
  const { openSession } = await import(pathToFileURL(await program('recipes/mobile.md session.ts')).href)
  const kept = new Map<string, string>()
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  }
  const endings: string[] = []
  const open = () => openSession(server.url, store, (reason: string) => endings.push(reason))
  const first = open()
  expect(await first.restore()).toBe('signed-out')
  expect(await first.signIn('ada', 'not the one at all')).toBe('The name or the password is wrong.')
  expect(await first.signIn(ada.username, ada.password)).toBeUndefined()

  const afterRestart = open()
  expect(await afterRestart.restore()).toBe('signed-in')
  const { items } = await (await afterRestart.fetch(`${server.url}/user/sessions`)).json()
  const own = items.find(({ current }: { current: boolean }) => current)
  expect(own.device).toBe('Phone')

  // The phone is lost: somebody ends its session from elsewhere.
  const { access_token } = await signIn(callerAt(server.url))
  await callerAt(server.url)(`/user/sessions/${own.id}`, { method: 'DELETE', ...bearer(access_token) })
  expect(await open().restore()).toBe('signed-out')
  expect(endings).toEqual(['session_revoked'])
  const away = openSession('http://localhost:9', store, () => {})
  expect(await away.signIn(ada.username, ada.password)).toMatch(/reached/)
})

describe('scripts', () => {
  test('one with an API key does what the key may do, and says why when it may not', async () => {
    const { access_token: token } = await signIn(callerAt(server.url))
    const call = callerAt(server.url)
    const form = new FormData()
    form.set('name', 'nightly')
    form.set('scopes', 'user:read')
    const made = await call('/user/keys', { method: 'POST', body: form, ...bearer(token) })
    const { key } = (await made.json()) as { key: string }
    const file = await program('recipes/scripts.md report.ts')
    const report = (given: string) =>
      run(process.execPath, [file], { env: cleanEnvironment({ ...env, LATCHKEY_KEY: given }) })
    expect(await report(key)).toMatchObject({ code: 0, stdout: "This key is ada's: user:read\n" })
    const added = await latchkey('client', 'add', 'reports', '--audience', server.url, '--json')
    const { id, client_secret } = JSON.parse(added.stdout)
    const client = { LATCHKEY_CLIENT_ID: id, LATCHKEY_CLIENT_SECRET: client_secret }
    const service = callerAt(
      await started(await program('recipes/scripts.md service.ts'), { ...env, ...client }),
    )
    expect(await (await service('/reports', bearer(key))).json()).toEqual({ of: 'ada' })
    expect(await refusal(await service('/reports', bearer(`${key}x`)))).toBe('401 invalid_token')

    expect(await report(`${key}x`)).toMatchObject({
      code: 1,
      stderr: 'invalid_token: The token is not valid.\n',
    })
  })

  test('one with a person at it keeps their session in a file that only they read', async () => {
    const file = await program('recipes/scripts.md notes.ts')
    const folder = newFolder()
    const notes = (args: string[], input?: string) =>
      run(process.execPath, [file, ...args], {
        env: cleanEnvironment({ ...env, XDG_CONFIG_HOME: folder }),
        ...(input !== undefined && { input }),
      })
    expect(await notes(['sign-in', 'ada'], 'wrong password\n')).toMatchObject({ code: 1 })
    expect(await notes(['sign-in', 'ada'], `${ada.password}\n`)).toMatchObject({ code: 0, stdout: '' })
    const [kept = ''] = readdirSync(join(folder, 'notes'))
    expect(statSync(join(folder, 'notes', kept)).mode & 0o777).toBe(0o600)
    expect(await notes(['whoami'])).toMatchObject({ code: 0, stdout: 'ada\n' })
    expect(await notes(['sign-out'])).toMatchObject({ code: 0 })
    expect(await notes(['whoami'])).toMatchObject({ stdout: 'Nobody. Sign in first.\n' })
  })
})

test('server-rendered: a form signs in, cookies carry it, a renewal happens on the way, a foreign page writes nothing', async () => {
  const call = callerAt(await started(await program('recipes/server-rendered.md app.ts'), env))
  const visit = (path: string, cookie = '', fields?: Record<string, string>, headers = {}) =>
    call(path, {
      redirect: 'manual',
      headers: { cookie, ...headers },
      ...(fields !== undefined && { method: 'POST', body: new URLSearchParams(fields) }),
    })
  const cookiesOf = (answer: Response) => answer.headers.getSetCookie().map(one => one.split(';')[0])
  const stranger = await visit('/')
  expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/sign-in'])
  const wrong = await visit('/sign-in', '', { username: 'ada', password: 'not the one' })
  expect(await wrong.text()).toContain('The name or the password is wrong.')

  const signedIn = await visit('/sign-in', '', ada)
  expect(signedIn.headers.getSetCookie().every(one => /HttpOnly.*SameSite=Lax/.test(one))).toBe(true)
  const [session = '', renewal = ''] = cookiesOf(signedIn)
  expect(await (await visit('/', `${session}; ${renewal}`)).text()).toContain('Hello, ada.')

  // The access token's cookie has run out.
  const renewed = await visit('/', renewal)
  expect([renewed.status, renewed.headers.get('location')]).toEqual([307, '/'])
  const [newer = ''] = cookiesOf(renewed)
  expect(newer).toMatch(/^session=ey/)
  expect(await (await visit('/', newer)).text()).toContain('Hello, ada.')

  const own = { 'sec-fetch-site': 'same-origin' }
  const note = { note: '<b>bread</b>' }
  const foreign = await visit('/notes', newer, note, { 'sec-fetch-site': 'cross-site' })
  expect(foreign.status).toBe(403)
  expect(await (await visit('/', newer)).text()).not.toContain('bread')
  expect((await visit('/notes', newer, note, own)).headers.get('location')).toBe('/')
  expect(await (await visit('/', newer)).text()).toContain('<li>&#60;b&#62;bread&#60;/b&#62;</li>')

  const out = await visit('/sign-out', cookiesOf(renewed).join('; '), {}, own)
  expect(cookiesOf(out)).toEqual(['session=', 'renewal='])
  const ended = await visit('/', renewal)
  expect([ended.status, cookiesOf(ended)]).toEqual([307, ['session=', 'renewal=']])
})
