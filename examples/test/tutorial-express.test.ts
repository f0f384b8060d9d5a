// The tutorial in the article's order: login, the data without and with the token, a wrong secret, an expired token.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import vm from 'node:vm'
import { sign } from 'latchkey'
import { expect, test } from 'vitest'
import { bearer, callerAt, refusal } from '../../test/account.ts'
import { newFolder } from '../../test/server-process.ts'
import { dummyUser } from '../tutorial-express/server/models/dummyUser.ts'
import { exampleFile, startExample } from './start-example.ts'

const program = exampleFile('tutorial-express/server/index.ts')
const page = (name: string): string => readFileSync(exampleFile(`tutorial-express/public/${name}`), 'utf8')

/** Runs the script of public/index.html as a browser would, against a real server. */
async function runIndexPage(
  url: string,
  token: string | undefined,
): Promise<{ place: string; shown: string }> {
  const state = { place: 'index.html', shown: '', kept: token }
  const context = vm.createContext({
    fetch: (path: string, init?: RequestInit) => fetch(url + path, init),
    sessionStorage: {
      getItem: () => state.kept ?? null,
      removeItem: () => {
        state.kept = undefined
      },
    },
    document: {
      querySelector: () => ({
        set textContent(text: string) {
          state.shown = text
        },
      }),
    },
    location: {
      replace: (place: string) => {
        state.place = place
      },
    },
    JSON,
  })
  // A module's await at its top, as a function's.
  await vm.runInContext(`(async () => { ${page('index.js')} })()`, context)
  return state
}

test('the article, from the first login to the expired token', async () => {
  const folder = newFolder()
  const { url } = await startExample(program, { folder, env: { LATCHKEY_ACCESS_TTL: '2s' } })
  const call = callerAt(url)

  const form = new FormData()
  for (const [name, value] of Object.entries(dummyUser)) form.set(name, value)
  const multipart = await call('/user/login', {
    method: 'POST',
    body: form,
    headers: { accept: 'text/plain' },
  })
  expect([multipart.status, await multipart.text()]).toEqual([
    200,
    expect.stringMatching(/^[\w-]+(\.[\w-]+){2}$/),
  ])
  const urlencoded = await call('/user/login', {
    method: 'POST',
    body: new URLSearchParams(dummyUser),
    headers: { accept: 'text/plain' },
  })
  const token = await urlencoded.text()

  expect(await refusal(await call('/user/data'))).toBe('403 missing_token')
  const data = await call('/user/data', bearer(token))
  // The shape is asserted below.
  const { message, authorizedData } = (await data.json()) as {
    message: string
    authorizedData: { user: unknown; iat: number; exp: number }
  }
  expect([data.status, message]).toEqual([200, 'Successful log in'])
  expect(authorizedData.user).toEqual({ id: expect.any(String), username: dummyUser.username, roles: [] })
  expect(authorizedData.exp - authorizedData.iat).toBe(2)
  expect(JSON.stringify(authorizedData)).not.toContain(dummyUser.password)
  expect(await runIndexPage(url, token)).toMatchObject({
    place: 'index.html',
    shown: expect.stringContaining('"username": "brad"'),
  })

  const forged = sign({ ...authorizedData }, 'another secret that is long enough for HS256')
  expect(await refusal(await call('/user/data', bearer(forged)))).toBe('403 invalid_token')

  // The token is good for two seconds: asked again and again until it is not.
  await expect
    .poll(async () => (await call('/user/data', bearer(token))).status, { timeout: 20_000, interval: 100 })
    .toBe(403)
  expect(await refusal(await call('/user/data', bearer(token)))).toBe('403 token_expired')
  expect(await runIndexPage(url, token)).toMatchObject({ place: 'login.html', kept: undefined })
  expect(await runIndexPage(url, undefined)).toMatchObject({ place: 'login.html' })
})

test('the one user is made once, and only a hash of the password is kept', async () => {
  const folder = newFolder()
  for (let start = 0; start < 2; start++) {
    const { url, stop } = await startExample(program, { folder })
    const login = await callerAt(url)('/user/login', { method: 'POST', body: new URLSearchParams(dummyUser) })
    expect(login.status).toBe(200)
    await stop()
  }
  const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true })
  const users = database.prepare('SELECT * FROM users').all()
  database.close()
  expect(users).toHaveLength(1)
  expect(JSON.stringify(users)).toContain('$argon2id$')
  expect(readFileSync(join(folder, 'data', 'latchkey.db')).includes(dummyUser.password)).toBe(false)
})

test('the pages are served, and the README has the password', async () => {
  const { url } = await startExample(program)
  for (const name of ['', 'index.html', 'login.html', 'login.js', 'index.js'])
    expect((await fetch(`${url}/${name}`)).status, name).toBe(200)
  const readme = readFileSync(exampleFile('tutorial-express/README.md'), 'utf8')
  expect(readme).toContain(dummyUser.password)
})
