// Signing out by whatever proves the session, and browser sessions in a cookie.
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const origin = 'http://localhost:4000'

describe('signing out', () => {
  test('[S101] by the access token kills both tokens at once, and twice is as good as once', async () => {
    const { call } = await openTestServer()
    const { access_token, refresh_token } = await signIn(call)
    for (let time = 0; time < 2; time++) {
      const answer = await post(call, '/user/logout', {}, { authorization: `Bearer ${access_token}` })
      expect(answer.status).toBe(204)
    }
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(call, refresh_token))).toBe('403 session_revoked')
  })

  test('works by the refresh token, by an expired access token, and without a body at all', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    expect((await post(call, '/user/logout', { refresh_token: first.refresh_token })).status).toBe(204)
    expect(await refusal(await call('/user/data', bearer(first.access_token)))).toBe('403 token_revoked')
    const second = await signIn(call)
    time.nowMs += 2 * 3600_000
    expect((await call('/user/logout', { method: 'POST', ...bearer(second.access_token) })).status).toBe(204)
    expect(await refusal(await refresh(call, second.refresh_token))).toBe('403 session_revoked')
  })

  test('of all ends every session of the user and of nobody else', async () => {
    const { call } = await openTestServer()
    const [phone, laptop] = [await signIn(call), await signIn(call)]
    const grace = await signIn(call, { ...ada, username: 'grace' })
    await post(call, '/user/logout', { all: true }, { authorization: `Bearer ${phone.access_token}` })
    for (const one of [phone, laptop]) {
      expect(await refusal(await call('/user/data', bearer(one.access_token)))).toBe('403 token_revoked')
      expect(await refusal(await refresh(call, one.refresh_token))).toBe('403 session_revoked')
    }
    expect((await call('/user/data', bearer(grace.access_token))).status).toBe(200)
    const later = await signIn(call)
    expect((await call('/user/data', bearer(later.access_token))).status).toBe(200)
    expect((await post(call, '/user/logout', { all: true, refresh_token: phone.refresh_token })).status).toBe(
      204,
    )
    expect(
      (await call('/user/data', bearer(later.access_token))).status,
      'an ended session ends no other',
    ).toBe(200)
  })

  test.each([
    ['unused for too long', { sessionIdle: '2d' }],
    ['too old', { sessionMax: '2d' }],
  ])('[S101] of all by a session that is %s ends no other', async (_, life) => {
    const { call, time } = await openTestServer(life)
    const old = await signIn(call)
    time.nowMs += 2 * 86_400_000
    const fresh = await signIn(call)
    for (const [body, headers] of [
      [{ all: true, refresh_token: old.refresh_token }, {}],
      [{ all: true }, { authorization: `Bearer ${old.access_token}` }],
    ] as const)
      expect((await post(call, '/user/logout', body, headers)).status).toBe(204)
    expect((await call('/user/data', bearer(fresh.access_token))).status).toBe(200)
  })

  test('of all works by an expired access token of a session that lives', async () => {
    const { call, time } = await openTestServer()
    const old = await signIn(call)
    time.nowMs += 2 * 3600_000
    const fresh = await signIn(call)
    await post(call, '/user/logout', { all: true }, { authorization: `Bearer ${old.access_token}` })
    expect(await refusal(await call('/user/data', bearer(fresh.access_token)))).toBe('403 token_revoked')
  })

  test('without a proof, or with junk for one, is refused', async () => {
    const { call } = await openTestServer()
    expect(await refusal(await post(call, '/user/logout', {}))).toBe('403 missing_token')
    expect(await refusal(await post(call, '/user/logout', { refresh_token: 'lkr_x' }))).toBe(
      '403 invalid_token',
    )
    expect(
      await refusal(await post(call, '/user/logout', {}, bearer('x.y.z').headers as Record<string, string>)),
    ).toBe('403 invalid_token')
  })
})

describe('a browser session', () => {
  test('[S104] keeps its refresh token in an HttpOnly cookie and nowhere else', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const answer = await post(call, '/user/login', { ...ada, session: 'cookie' }, { origin })
    const [cookie = '', page = '', device] = answer.headers.getSetCookie()
    expect(page).toMatch(/^latchkey-page-4000=lkp_[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
    expect(cookie).toMatch(
      /^latchkey-4000=lkr_[\w-]+; Path=\/user; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    )
    expect(device).toMatch(
      /^latchkey-device-4000=lkd_[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=34560000$/,
    )
    const body = await answer.json()
    expect(body).not.toHaveProperty('refresh_token')
    expect(body).not.toHaveProperty('device_token')

    const kept = { cookie: cookie.split(';')[0] ?? '', origin }
    const renewed = await call('/user/refresh', { method: 'POST', headers: kept })
    expect(renewed.status).toBe(200)
    const next = { cookie: renewed.headers.get('set-cookie')?.split(';')[0] ?? '', origin }
    expect(next.cookie).not.toBe(kept.cookie)

    const out = await call('/user/logout', { method: 'POST', headers: next })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    const dead = await call('/user/refresh', { method: 'POST', headers: next })
    expect(dead.headers.get('set-cookie')).toContain('Max-Age=0')
    expect(await refusal(dead)).toBe('403 session_revoked')
  })

  test('under an https issuer is called __Host-latchkey and is Secure', async () => {
    const { call } = await openTestServer({ issuer: 'https://login.example.com' })
    await post(call, '/user/register', ada)
    const answer = await post(
      call,
      '/user/login',
      { ...ada, session: 'cookie' },
      { origin: 'https://login.example.com' },
    )
    const [cookie, page, device] = answer.headers.getSetCookie()
    expect(page).toMatch(
      /^__Host-latchkey-page=lkp_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    )
    expect(cookie).toMatch(
      /^__Host-latchkey=lkr_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    )
    expect(device).toMatch(
      /^__Host-latchkey-device=lkd_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    )
  })

  test('[S104] refuses foreign pages and callers without an Origin, and takes listed ones', async () => {
    const { call } = await openTestServer({ origins: 'https://app.example.com' })
    await post(call, '/user/register', ada)
    const begin = (headers: Record<string, string>) =>
      post(call, '/user/login', { ...ada, session: 'cookie' }, headers)
    expect(await refusal(await begin({}))).toBe('403 origin_refused')
    expect(await refusal(await begin({ origin: 'https://evil.example' }))).toBe('403 origin_refused')
    expect(await refusal(await begin({ origin: 'null' }))).toBe('403 origin_refused')
    const answer = await begin({ origin: 'https://app.example.com' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    for (const path of ['/user/refresh', '/user/logout']) {
      const foreign = await call(path, {
        method: 'POST',
        headers: { cookie, origin: 'https://evil.example' },
      })
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
      expect(await refusal(foreign)).toBe('403 origin_refused')
    }
  })

  test('does not lend its token to a body, nor takes one that came by body', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const answer = await post(call, '/user/login', { ...ada, session: 'cookie' }, { origin })
    const token = /=(lkr_[\w-]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''
    expect(await refusal(await refresh(call, token))).toBe('403 invalid_token')
    const plain = await tokens(await post(call, '/user/login', ada))
    const lent = await call('/user/refresh', {
      method: 'POST',
      headers: { cookie: `latchkey-4000=${plain.refresh_token}`, origin },
    })
    expect(await refusal(lent)).toBe('403 invalid_token')
  })

  test('ends by its cookie, whatever else comes with it that proves nothing any more', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    // Of a key that is gone, not of this kind, and no token at all.
    const [header, claims] = (await signIn(call)).access_token.split('.')
    for (const [body, authorization] of [
      [{}, `Bearer ${header}.${claims}.c2lnbmVk`],
      [{}, 'Basic YTpi'],
      [{ refresh_token: 'lkr_x' }, undefined],
    ] as const) {
      const answer = await post(call, '/user/login', { ...ada, session: 'cookie' }, { origin })
      const { access_token: token } = (await answer.json()) as { access_token: string }
      const kept = { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', origin }
      const out = await post(call, '/user/logout', body, { ...kept, ...(authorization && { authorization }) })
      expect(out.status).toBe(204)
      expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0')
      expect(await refusal(await call('/user/data', bearer(token)))).toBe('403 token_revoked')
      expect(await refusal(await call('/user/refresh', { method: 'POST', headers: kept }))).toBe(
        '403 session_revoked',
      )
    }
  })

  test('with a token in the cookie and another in the body is 400', async () => {
    const { call } = await openTestServer()
    const { refresh_token } = await signIn(call)
    const both = await post(
      call,
      '/user/refresh',
      { refresh_token },
      { cookie: `latchkey-4000=${refresh_token}`, origin },
    )
    expect(await refusal(both)).toBe('400 invalid_request')
  })
})
