// The account's pages as a browser without scripts meets them: the rules are those of the API, the refusals are pages.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ada, bearer, post, refusal, signIn } from '../../../../test/account.ts'
import { linkIn } from '../link-in.ts'
import { openPageVisitor, type Visitor } from '../open-page-visitor.ts'
import { openTestServer } from '../open-test-server.ts'

const next = 'a moth in the relay'

async function open(input: Parameters<typeof openTestServer>[0] = {}) {
  const server = await openTestServer(input)
  await post(server.call, '/user/register', ada)
  const visitor = openPageVisitor(server.call)
  return { ...server, visitor, signIn: () => visitor.submit('/login', ada) }
}

/** What keeps a session; what tells a device again opens nothing and stays. */
const sessionCookies = ({ cookies }: Visitor): string[] =>
  [...cookies.keys()].filter(name => !name.includes('-device-')).sort()

/** The words of the alert on a page. */
const alertIn = (text: string): string => /role="alert"[^>]*><p>([^<]*)/.exec(text)?.[1] ?? ''

describe('signing in', () => {
  test('sets both cookies and leads to where one wanted to go', async () => {
    const { visitor } = await open()
    expect((await visitor.open('/account/devices')).path).toBe('/login?return_to=%2Faccount%2Fdevices')
    const arrived = await visitor.submit('/login', { ...ada, return_to: '/account/devices' })
    expect([arrived.status, arrived.path]).toEqual([200, '/account/devices'])
    expect(sessionCookies(visitor)).toEqual(['latchkey-4000', 'latchkey-page-4000'])
    expect((await visitor.open('/login')).path).toBe('/account')
  })

  test.each([
    [{ username: 'ada', password: 'not the one at all' }],
    [{ username: 'nobody-at-all', password: ada.password }],
    [{ username: 'ada', password: '' }],
  ])('is refused above the form, which keeps the name and no password: %o', async fields => {
    const { visitor } = await open()
    const page = await visitor.submit('/login', fields)
    expect([page.status, page.path]).toEqual([403, '/login'])
    expect(alertIn(page.text)).toBe('The name or the password is wrong.')
    expect(page.text).toContain(`value="${fields.username}"`)
    if (fields.password !== '') expect(page.text).not.toContain(fields.password)
    expect(visitor.cookies.size).toBe(0)
  })

  test('takes its form from our own page only: nobody is signed in as somebody else from elsewhere', async () => {
    const { visitor } = await open()
    for (const origin of ['https://evil.example', 'null', 'http://localhost:4001']) {
      const page = await visitor.submit('/login', ada, { origin })
      expect([page.status, page.path, visitor.cookies.size]).toEqual([403, '/login', 0])
      expect(page.text).toContain('That form was not sent from here')
    }
  })

  test('again asks who is signed in, by name, and ends the session before', async () => {
    const { visitor, signIn, call } = await open()
    await signIn()
    const before = (await visitor.open('/account/devices')).text
    const page = await visitor.open('/login?again=1&return_to=/account/password')
    expect(page.text).toContain('Sign in again')
    expect(page.text).toContain('value="ada"')
    const arrived = await visitor.submit('/login', { ...ada, again: '1', return_to: '/account/password' })
    expect(arrived.path).toBe('/account/password')
    const count = (text: string) => text.split('<li><div>').length
    expect(count((await visitor.open('/account/devices')).text)).toBe(count(before))
    expect((await call('/account')).status).toBe(303)
  })

  test('says how long to wait', async () => {
    const { visitor } = await open()
    let page = await visitor.submit('/login', { ...ada, password: 'wrong wrong wrong' })
    for (let i = 0; i < 20 && page.status === 403; i++)
      page = await visitor.submit('/login', { ...ada, password: 'wrong wrong wrong' })
    expect(page.status).toBe(429)
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(alertIn(page.text)).toMatch(/^Too many attempts\. Try again in .*\.$/)
  })

  test('that leads to a listed origin says so in its policy, and nothing else does', async () => {
    const { visitor } = await open({ origins: 'https://app.example.com' })
    const policyAt = async (path: string) =>
      (await visitor.open(path)).headers.get('content-security-policy') ?? ''
    expect(await policyAt('/login?return_to=https://app.example.com/in')).toContain(
      "form-action 'self' https://app.example.com;",
    )
    expect(await policyAt('/login?return_to=https://evil.example/')).toContain("form-action 'self';")
  })
})

describe('signing up', () => {
  test('signs in and leads on; a refusal keeps what was typed but the password', async () => {
    const { visitor } = await open()
    const fields = { username: 'grace', email: 'grace@example.com', password: 'password' }
    const page = await visitor.submit('/register', fields)
    expect(page.status).toBe(422)
    expect(alertIn(page.text)).toBe('That password is among the most common ones. Try a sentence.')
    expect(page.text).toContain('value="grace"')
    expect(page.text).toContain('value="grace@example.com"')
    expect(page.text).not.toContain('value="password"')
    const arrived = await visitor.submit('/register', {
      ...fields,
      password: next,
      return_to: '/account/keys',
    })
    expect(arrived.path).toBe('/account/keys')
  })

  test.each([
    ['a taken name', { username: 'ADA' }, 'That username is taken.'],
    ['a name that is none', { username: 'a b' }, 'That is no username.'],
    ['an address that is none', { email: 'nowhere' }, 'That is not an e-mail address.'],
    ['an empty password', { password: '' }, 'Fill in every field'],
    ['a short password', { password: 'short' }, 'That password has 5 characters. Use 8 or more'],
    ['a stale invitation', { invitation: 'lko_x' }, 'That invitation is not valid'],
  ])('says what to change about %s', async (_what, fields, words) => {
    const { visitor } = await open()
    const page = await visitor.submit('/register', { username: 'grace', password: next, ...fields })
    expect(alertIn(page.text)).toContain(words)
  })

  test('leads to the mail where an address has to be verified first', async () => {
    const { visitor } = await open({ requireVerifiedEmail: 'on' })
    const fields = { username: 'grace', email: 'grace@example.com', password: next }
    const page = await visitor.submit('/register', fields)
    expect(page.text).toContain('Look into your mail')
    expect(visitor.cookies.size).toBe(0)
  })

  test.each([
    ['invite', 'Sign-up is by invitation'],
    ['closed', 'Nobody can sign up here'],
  ])('is not offered where registration is %s', async (registration, words) => {
    const { visitor } = await open({ registration })
    expect((await visitor.open('/register')).text).toContain(words)
    expect((await visitor.open('/login')).text).not.toContain('Create an account')
  })
})

describe('the account', () => {
  const change = { current_password: ada.password, new_password: next }

  test.each<[string, (visitor: Visitor) => ReturnType<Visitor['submit']>, string]>([
    [
      'another password, with a wrong one',
      visitor => visitor.submit('/account/password', { ...change, current_password: 'wrong' }),
      'The current password is wrong.',
    ],
    [
      'a weak password',
      visitor => visitor.submit('/account/password', { ...change, new_password: 'adaadaada' }),
      'That password repeats itself.',
    ],
    [
      'another address, with a wrong password',
      visitor => visitor.submit('/account/email', { email: 'a@example.com', current_password: 'wrong' }),
      'The current password is wrong.',
    ],
    [
      'the end, with a wrong password',
      visitor => visitor.submit('/account/delete', { confirm: 'ada', current_password: 'wrong' }),
      'The current password is wrong.',
    ],
    [
      'the end, with another name',
      visitor => visitor.submit('/account/delete', { confirm: 'adam', current_password: ada.password }),
      'That is not your username.',
    ],
    [
      'a key with a scope beyond one’s roles',
      visitor => visitor.submit('/account/keys', { name: 'k', scopes: 'posts:write', expires: 'day' }),
      'Your roles do not give you one of these scopes.',
    ],
    [
      'a key with a scope that is none',
      visitor => visitor.submit('/account/keys', { name: 'k', scopes: '"x"', expires: 'day' }),
      'A scope has no quotes',
    ],
    [
      'a key without a name',
      visitor => visitor.submit('/account/keys', { name: ' ', scopes: '', expires: 'day' }),
      'Fill in every field',
    ],
  ])('is refused %s', async (_what, submit, words) => {
    const { visitor, signIn, call } = await open()
    await signIn()
    const page = await submit(visitor)
    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(alertIn(page.text)).toContain(words)
    expect(page.text).not.toContain(ada.password)
    expect((await post(call, '/user/login', ada)).status).toBe(200)
  })

  test.each<[string, Record<string, string>, string]>([
    ['/account', { username: 'ada', name: 'Ada' }, '/account?done=1'],
    ['/account/appearance', { scheme: 'dark' }, '/account/appearance?done=1'],
    ['/account/password', change, '/account/password?done=1'],
    ['/account/sign-out', {}, '/signed-out'],
  ])('[S68] answers a form at %s with 303, so that a reload does nothing twice', async (path, fields, to) => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    const answer = await call(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: 'http://localhost:4000', cookie: visitor.cookieHeader() },
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, to])
  })

  test('keeps an address that was typed and refused', async () => {
    const { visitor, signIn } = await open()
    await signIn()
    const page = await visitor.submit('/account/email', { email: 'nowhere', current_password: ada.password })
    expect(page.text).toContain('value="nowhere"')
  })

  test('changes the password; every other device is signed out, this one stays', async () => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    const { access_token } = await signIn(call)
    const page = await visitor.submit('/account/password', change)
    expect([page.status, page.path]).toEqual([200, '/account/password?done=1'])
    expect(page.text).toContain('Your password is changed')
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
  })

  test('leads a password manager to the place where passwords are changed', async () => {
    const { visitor, signIn: enter } = await open()
    await enter()
    expect((await visitor.open('/.well-known/change-password')).path).toBe('/account/password')
  })

  test('leads to the sign-in and back when the session ended meanwhile', async () => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    await visitor.open('/account/keys')
    const { access_token } = await signIn(call)
    await post(call, '/user/logout', { all: true }, { authorization: `Bearer ${access_token}` })
    const page = await visitor.submit('/account/keys', { name: 'k', scopes: '', expires: 'day' })
    expect(page.path).toBe('/login?return_to=%2Faccount%2Fkeys')
  })

  test('leads to the sign-in and back to its first page when nobody says where the form stood', async () => {
    const { call } = await open()
    const headers = { origin: 'http://localhost:4000' }
    const answer = await call('/account/devices/some/end', { method: 'POST', headers })
    expect(answer.headers.get('location')).toBe('/login?return_to=%2Faccount')
  })

  test('leads to the sign-in and back when the session ends while the form is being looked at', async () => {
    let signOut = async (): Promise<void> => undefined
    const leaks = createServer((_request, response) => {
      signOut().then(() => response.end(''))
    })
    leaks.listen(0, '127.0.0.1')
    await once(leaks, 'listening')
    onTestFinished(() => void leaks.close())
    const { port } = leaks.address() as AddressInfo
    const { visitor, signIn: enter, call } = await open({ breachCheckUrl: `http://localhost:${port}/` })
    await enter()
    const { access_token } = await signIn(call)
    signOut = async () => {
      await post(call, '/user/logout', { all: true }, { authorization: `Bearer ${access_token}` })
    }
    await visitor.open('/account/password')
    const page = await visitor.submit('/account/password', change)
    expect(page.path).toBe('/login?return_to=%2Faccount%2Fpassword')
    signOut = async () => undefined
    expect((await post(call, '/user/login', ada)).status).toBe(200)
  })

  test('hands out everything as one file', async () => {
    const { visitor, signIn: enter } = await open()
    await enter()
    const file = await visitor.submit('/account/data/export', {})
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect(JSON.parse(file.text)).toMatchObject({ user: { username: 'ada' } })
  })

  test('signs out everywhere, and the cookies go', async () => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    const { access_token } = await signIn(call)
    const page = await visitor.submit('/account/devices/end-all', {})
    expect([page.path, sessionCookies(visitor)]).toEqual(['/signed-out', []])
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
  })

  test('takes no form from another origin, whatever the cookie', async () => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    const page = await visitor.submit('/account/devices/end-all', {}, { origin: 'https://evil.example' })
    expect(page.status).toBe(403)
    expect((await post(call, '/user/login', ada)).status).toBe(200)
    expect((await visitor.open('/account')).path).toBe('/account')
  })

  test('shows names, devices and addresses with every sign escaped', async () => {
    const { visitor, signIn: enter, call } = await open()
    await enter()
    const evil = '"><img src=x onerror=alert(1)>'
    await post(call, '/user/login', { ...ada, device: evil })
    await visitor.submit('/account', { username: 'ada', name: evil })
    for (const path of [
      '/account',
      '/account/devices',
      `/login?again=1&username=${encodeURIComponent(evil)}`,
    ])
      expect((await visitor.open(path)).text).not.toContain('<img src=x')
  })
})

describe('languages', () => {
  test.each([
    ['de', 'Anmelden'],
    ['de-AT,en;q=0.5', 'Anmelden'],
    ['es-MX', 'Iniciar sesión'],
    ['fr, es;q=0.4, de;q=0.8', 'Anmelden'],
    ['en;q=0.1, de;q=0', 'Sign in'],
    ['fr', 'Sign in'],
    ['', 'Sign in'],
  ])('a browser that asks for %j reads %s', async (language, words) => {
    const { visitor } = await open()
    const page = await visitor.open('/login', { 'accept-language': language })
    expect(page.text).toContain(`<h1>${words}</h1>`)
    const lang = { Anmelden: 'de', 'Iniciar sesión': 'es', 'Sign in': 'en' }[words]
    expect(page.text).toContain(`<html lang="${lang}"`)
  })

  test('the language of the account comes first, and refusals are told in it', async () => {
    const { visitor, signIn: enter } = await open()
    await enter()
    await visitor.submit('/account/appearance', { scheme: 'dark', locale: 'de' })
    const page = await visitor.open('/account/password', { 'accept-language': 'es' })
    expect(page.text).toContain('<html lang="de" data-scheme="dark"')
    const refused = await visitor.submit('/account/password', {
      ...ada,
      current_password: 'x',
      new_password: 'y',
    })
    expect(alertIn(refused.text)).toBe('Das bisherige Passwort ist falsch.')
  })
})

describe('errors', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['/nowhere', {}, 404, 'There is nothing here'],
    [
      '/account/devices/none/end',
      { method: 'POST', origin: 'http://localhost:4000' },
      404,
      'There is nothing here',
    ],
    ['/account', { method: 'PATCH' }, 405, 'That cannot be done here'],
  ])(
    'at %s are pages for browsers, with the request id',
    async (path, { method = 'GET', ...headers }, status, words) => {
      const { visitor, signIn: enter, call } = await open()
      await enter()
      const cookie = visitor.cookieHeader()
      const answer = await call(path, { method, headers: { accept: 'text/html', cookie, ...headers } })
      const text = await answer.text()
      expect(answer.status).toBe(status)
      expect(text).toContain(words)
      expect(text).toContain(answer.headers.get('x-request-id') ?? 'no id')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  )

  test('of the API stay problem documents, whoever asks', async () => {
    const { call } = await open()
    const answer = await call('/user/data', { headers: { accept: 'text/html' } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect((await call('/nowhere')).headers.get('content-type')).toBe('application/problem+json')
  })

  test('of a body that cannot be read are pages too', async () => {
    const { visitor } = await open()
    const page = await visitor.submit('/login', { username: 'a'.repeat(400), password: 'x' })
    expect([page.status, page.text.includes('That could not be read')]).toEqual([422, true])
    expect(page.text).not.toContain('aaaa')
  })
})

test.each(['/', '/login', '/account', '/nowhere'])('[S81] %s cannot be framed', async path => {
  const { visitor, signIn: enter } = await open()
  await enter()
  const { headers } = await visitor.open(path)
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('x-frame-options')).toBe('DENY')
})

test('a reset ends what the pages knew, and signs nobody in', async () => {
  const { visitor, call, folder, signIn: enter } = await open()
  await enter()
  await visitor.submit('/account/email', { email: 'ada@example.com', current_password: ada.password })
  await visitor.submit('/verify', { token: linkIn(folder, 'verify') }, { origin: 'null' })
  await visitor.submit('/forgot', { email: 'ada@example.com' }, { origin: 'null' })
  const page = await visitor.submit(
    '/reset',
    { token: linkIn(folder, 'reset'), new_password: next },
    { origin: 'null' },
  )
  expect(page.text).toContain('Your password is set')
  expect((await visitor.open('/account')).path).toBe('/login?return_to=%2Faccount')
  expect((await post(call, '/user/login', { ...ada, password: next })).status).toBe(200)
})
