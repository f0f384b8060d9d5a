// A user's own account: profile, password, devices, API keys, export, deletion.
import { describe, expect, test } from 'vitest'
import { ada, bearer, type Caller, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

function send(
  call: Caller,
  method: string,
  path: string,
  token: string,
  body: unknown = {},
): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  return call(path, { method, headers, ...(method !== 'GET' && { body: JSON.stringify(body) }) })
}

async function json<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return JSON.parse(text) as T
}

describe('the profile', () => {
  test('shows and changes name, locale and username, and nothing else', async () => {
    const { call } = await openTestServer()
    const { access_token } = await signIn(call)
    const change = (body: unknown) => send(call, 'PATCH', '/user', access_token, body)
    const { user } = await json<{ user: object }>(
      await change({ name: 'Ada Lovelace', locale: 'en-GB', username: 'countess' }),
    )
    expect(user).toMatchObject({ name: 'Ada Lovelace', locale: 'en-GB', username: 'countess', roles: [] })
    for (const field of ['roles', 'email', 'id', 'password', 'disabled', 'created_at']) {
      expect(await refusal(await change({ [field]: 'x' })), field).toBe('422 validation_failed')
    }
    await tokens(await post(call, '/user/login', { ...ada, username: 'countess' }))
    expect((await json<{ user: { name: null } }>(await change({ name: null }))).user.name).toBeNull()
  })

  test('keeps a name that was given up reserved for 90 days', async () => {
    const { call, time } = await openTestServer()
    const { access_token } = await signIn(call)
    await send(call, 'PATCH', '/user', access_token, { username: 'countess' })
    expect(await refusal(await post(call, '/user/register', ada))).toBe('409 username_taken')
    time.nowMs += 90 * 86_400_000
    expect((await post(call, '/user/register', ada)).status).toBe(201)
  })
})

describe('the password', () => {
  test('[S101] is not changed by a session that ends while the password is compared and hashed', async () => {
    const { call, latchkey } = await openTestServer()
    const { access_token, user } = await signIn(call)
    const change = { current_password: ada.password, new_password: 'a new lantern here' }
    const [answer] = await Promise.all([
      send(call, 'POST', '/user/password', access_token, change),
      latchkey.sessions.endAll(user.id),
    ])
    expect(await refusal(answer)).toBe('403 token_revoked')
    await tokens(await post(call, '/user/login', ada))
  })

  test('[S101] is changed with the present one; every other session ends', async () => {
    const { call } = await openTestServer()
    const [here, elsewhere] = [await signIn(call), await signIn(call)]
    const change = (current_password: string) =>
      send(call, 'POST', '/user/password', here.access_token, {
        current_password,
        new_password: 'a new lantern here',
      })
    expect(await refusal(await change('wrong lantern'))).toBe('403 invalid_credentials')
    expect((await change(ada.password)).status).toBe(204)
    expect((await call('/user/data', bearer(here.access_token))).status).toBe(200)
    await tokens(await refresh(call, here.refresh_token))
    expect(await refusal(await call('/user/data', bearer(elsewhere.access_token)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(call, elsewhere.refresh_token))).toBe('403 session_revoked')
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
  })
})

describe('devices', () => {
  test('[S102] are listed with the present one marked, and ended one by one', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const phone = await tokens(await post(call, '/user/login', { ...ada, device: 'phone' }))
    const laptop = await tokens(await post(call, '/user/login', { ...ada, device: 'laptop' }))
    type List = { items: { id: string; device: string; current: boolean }[] }
    const { items } = await json<List>(await call('/user/sessions', bearer(phone.access_token)))
    expect(items.map(({ device, current }) => [device, current]).sort()).toEqual([
      ['laptop', false],
      ['phone', true],
    ])
    const other = items.find(item => item.device === 'laptop')
    expect((await send(call, 'DELETE', `/user/sessions/${other?.id}`, phone.access_token)).status).toBe(204)
    expect(await refusal(await call('/user/data', bearer(laptop.access_token)))).toBe('403 token_revoked')
    expect((await json<List>(await call('/user/sessions', bearer(phone.access_token)))).items).toHaveLength(1)

    const grace = await signIn(call, { ...ada, username: 'grace' })
    const mine = items.find(item => item.device === 'phone')
    expect(await refusal(await send(call, 'DELETE', `/user/sessions/${mine?.id}`, grace.access_token))).toBe(
      '404 not_found',
    )
  })

  test('beyond 100 live ones the oldest ends', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    for (let i = 0; i < 100; i++) {
      time.nowMs += 1_000
      await post(call, '/user/login', ada)
    }
    expect(await refusal(await call('/user/data', bearer(first.access_token)))).toBe('403 token_revoked')
    const last = await signIn(call)
    const { items } = await json<{ items: object[] }>(await call('/user/sessions', bearer(last.access_token)))
    expect(items).toHaveLength(100)
  })
})

describe('API keys', () => {
  test('are shown once, read what they may, and die when revoked', async () => {
    const { call, time } = await openTestServer()
    const { access_token } = await signIn(call)
    const made = await json<{ id: string; key: string }>(
      await send(call, 'POST', '/user/keys', access_token, {
        name: 'script',
        scopes: ['user:read'],
        expires_in: 3600,
      }),
    )
    expect(made.key).toMatch(/^lk_[\w-]{22}_[\w-]{43}$/)
    const list = await (await call('/user/keys', bearer(access_token))).text()
    expect(list).toContain(made.id)
    expect(list).not.toContain(made.key.slice(26))
    expect((await call('/user', bearer(made.key))).status).toBe(200)
    expect((await call('/user/data', bearer(made.key))).status).toBe(200)
    expect(await refusal(await send(call, 'PATCH', '/user', made.key, { name: 'x' }))).toBe(
      '403 insufficient_scope',
    )
    const forbidden: [string, string][] = [
      ['POST', '/user/password'],
      ['POST', '/user/email'],
      ['GET', '/user/keys'],
      ['POST', '/user/keys'],
      ['GET', '/user/sessions'],
      ['GET', '/user/export'],
      ['DELETE', '/user'],
    ]
    for (const [method, path] of forbidden)
      expect(await refusal(await send(call, method, path, made.key)), path).toBe('403 forbidden')
    for (const wrong of [
      `${made.key.slice(0, -2)}AA`,
      `lk_${'A'.repeat(22)}_${'A'.repeat(43)}`,
      'lk_',
      made.key.replace('_', '-'),
    ]) {
      expect(await refusal(await call('/user', bearer(wrong)))).toBe('403 invalid_token')
    }
    await send(call, 'DELETE', `/user/keys/${made.id}`, access_token)
    expect(await refusal(await call('/user', bearer(made.key)))).toBe('403 invalid_token')

    const short = await json<{ key: string }>(
      await send(call, 'POST', '/user/keys', access_token, {
        name: 'short',
        scopes: ['user:read'],
        expires_in: 60,
      }),
    )
    time.nowMs += 60_000
    expect(await refusal(await call('/user', bearer(short.key)))).toBe('403 invalid_token')
  })

  test('never carry a scope that their user has not', async () => {
    const { call } = await openTestServer({ roles: { editor: ['posts:write'] } })
    const { access_token } = await signIn(call)
    const ask = (scopes: string[]) => send(call, 'POST', '/user/keys', access_token, { name: 'x', scopes })
    for (const scopes of [['posts:write'], ['*'], ['admin']]) {
      expect(await refusal(await ask(scopes))).toBe('403 insufficient_scope')
    }
  })
})

describe('the account', () => {
  test('is taken along whole, without anything that could be presented', async () => {
    const { call } = await openTestServer()
    const { access_token, refresh_token } = await signIn(call)
    const text = await (await call('/user/export', bearer(access_token))).text()
    expect(JSON.parse(text)).toMatchObject({
      user: { username: 'ada' },
      sessions: [{}],
      api_keys: [],
      audit: expect.any(Array),
    })
    for (const secret of ['argon2', access_token, refresh_token, 'salt']) expect(text).not.toContain(secret)
  })

  test('[S101] is not deleted by a session that ends while the password is compared', async () => {
    const { call, latchkey } = await openTestServer()
    const { access_token, user } = await signIn(call)
    const [answer] = await Promise.all([
      send(call, 'DELETE', '/user', access_token, { current_password: ada.password }),
      latchkey.sessions.endAll(user.id),
    ])
    expect(await refusal(answer)).toBe('403 token_revoked')
    await tokens(await post(call, '/user/login', ada))
  })

  test('is deleted with the password; its sessions die and its name stays reserved', async () => {
    const { call } = await openTestServer()
    const { access_token, refresh_token } = await signIn(call)
    expect(
      await refusal(await send(call, 'DELETE', '/user', access_token, { current_password: 'wrong' })),
    ).toBe('403 invalid_credentials')
    expect(
      (await send(call, 'DELETE', '/user', access_token, { current_password: ada.password })).status,
    ).toBe(204)
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(call, refresh_token))).toBe('403 invalid_token')
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
    expect(await refusal(await post(call, '/user/register', ada))).toBe('409 username_taken')
  })
})
