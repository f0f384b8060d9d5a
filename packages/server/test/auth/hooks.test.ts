// What an application adds in code: who is told, who may refuse, and that a failure lets nobody in by accident.
import { LatchkeyError } from 'latchkey'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { ConfigError, defineConfig, loadConfig } from '../../src/config.ts'
import type { AuditEntry, HookLogin, Hooks } from '../../src/hooks.ts'
import { openTestServer } from '../open-test-server.ts'

const never = (): Promise<never> => new Promise(() => undefined)

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

describe('hooks', () => {
  test('are typed where the configuration is written', () => {
    const { hooks } = defineConfig({ hooks: { onLogin: login => void login.user.username } })
    expectTypeOf<Parameters<NonNullable<Hooks['onLogin']>>[0]>().toEqualTypeOf<HookLogin>()
    expect(hooks).toBeDefined()
    // @ts-expect-error a hook is a function
    expect(() => loadConfig({ env: {}, input: { hooks: { onLogin: 'x' } } })).toThrow(ConfigError)
    // @ts-expect-error there is no such hook
    expect(() => loadConfig({ env: {}, input: { hooks: { onlogin: never } } })).toThrow(/onlogin is no hook/)
  })
})

describe('onRegister', () => {
  test('hears of each account once, and its failure undoes nothing', async () => {
    const heard: unknown[] = []
    const { call, latchkey } = await openTestServer({
      hooks: {
        onRegister(registration) {
          heard.push(registration)
          throw new Error('the application is ill')
        },
      },
    })
    const answer = await post(call, '/user/register', ada)
    const { user } = (await answer.json()) as { user: object }
    expect(answer.status).toBe(201)
    expect(await refusal(await post(call, '/user/register', ada))).toBe('409 username_taken')
    expect(heard).toEqual([{ user, address: '127.0.0.1' }])
    await latchkey.users.create({ username: 'grace', password: 'another lantern' })
    expect(heard).toHaveLength(2)
  })
})

describe('onLogin', () => {
  test('hears of right passwords only, before there is a session, and may refuse', async () => {
    const heard: HookLogin[] = []
    const { call, latchkey } = await openTestServer({
      hooks: {
        onLogin(login) {
          heard.push(login)
          if (login.device === 'stolen') throw new LatchkeyError('forbidden', { detail: 'Not from there.' })
        },
      },
    })
    const { user, access_token } = await signIn(call)
    await post(call, '/user/login', { ...ada, password: 'wrong one' })
    expect(heard).toEqual([{ user, amr: ['pwd'], device: undefined, address: '127.0.0.1' }])
    expect(await refusal(await post(call, '/user/login', { ...ada, device: 'stolen' }))).toBe('403 forbidden')
    const sessions = await (await call('/user/sessions', bearer(access_token))).json()
    expect((sessions as { items: object[] }).items).toHaveLength(1)
    expect(await latchkey.users.findByName('ada')).toEqual(user)
  })

  test.each<[string, () => Promise<void>]>([
    ['an error', () => Promise.reject(new Error('down'))],
    ['silence', never],
  ])('answers the sign-in with %s: nobody comes in', async (_what, onLogin) => {
    const { call } = await openTestServer({ hooks: { onLogin } })
    await post(call, '/user/register', ada)
    expect(await refusal(await post(call, '/user/login', ada))).toBe('500 internal_error')
  })
})

describe('claims', () => {
  test('are in the tokens of sign-in and refresh, beside what is ours', async () => {
    const reasons: string[] = []
    const { call } = await openTestServer({
      hooks: {
        async claims({ user, reason }) {
          reasons.push(reason)
          return { tenant: `of ${user.username}`, plan: { seats: 3 } }
        },
      },
    })
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token))
    for (const { access_token } of [first, second]) {
      expect(payloadOf(access_token)).toMatchObject({
        tenant: 'of ada',
        plan: { seats: 3 },
        sub: first.user.id,
      })
      expect((await call('/user/data', bearer(access_token))).status).toBe(200)
    }
    expect(reasons).toEqual(['login', 'refresh'])
  })

  test.each<[string, Hooks['claims']]>([
    ['throws', () => Promise.reject(new Error('down'))],
    ['never answers', never],
    ['replaces a claim of ours', () => ({ sub: 'somebody else' })],
    ['raises a scope', () => ({ scope: '*' })],
    ['gives no object', () => [] as unknown as Record<string, unknown>],
    ['gives too much', () => ({ blob: 'x'.repeat(5_000) })],
  ])('that %s means no token and no session', async (_what, claims) => {
    let ill = true
    const { call } = await openTestServer({
      hooks: { claims: token => (ill && claims ? claims(token) : {}) },
    })
    await post(call, '/user/register', ada)
    const answer = await post(call, '/user/login', ada)
    const text = await answer.text()
    expect([answer.status, text.includes('eyJ'), text.includes('lkr_')]).toEqual([500, false, false])
    ill = false
    const { access_token } = await signIn(call)
    const sessions = await (await call('/user/sessions', bearer(access_token))).json()
    expect((sessions as { items: object[] }).items).toHaveLength(1)
  })

  test('that cannot be had at a refresh cost nobody their session, however long that lasts', async () => {
    let ill = false
    const { call, time } = await openTestServer({
      hooks: {
        claims() {
          if (ill) throw new Error('down')
          return {}
        },
      },
    })
    const { refresh_token } = await signIn(call)
    ill = true
    for (let i = 0; i < 3; i++) {
      expect(await refusal(await refresh(call, refresh_token))).toBe('500 internal_error')
      time.nowMs += 3_600_000
    }
    ill = false
    await tokens(await refresh(call, refresh_token))
  })
})

describe('the audit sink', () => {
  test('[S122] gets every row once, in order, those of a failed call again, and the last ones at the end', async () => {
    const entries: AuditEntry[] = []
    let failures = 1
    const { call, latchkey } = await openTestServer({
      hooks: {
        async audit(rows) {
          if (failures-- > 0) throw new Error('down')
          entries.push(...rows)
        },
      },
    })
    const { user, access_token } = await signIn(call)
    await expect
      .poll(() => entries.map(entry => entry.event), { timeout: 10_000 })
      .toEqual(['user_registered', 'login'])
    await post(call, '/user/logout', {}, { authorization: `Bearer ${access_token}` })
    await latchkey.close()
    expect(entries.map(entry => entry.event)).toEqual(['user_registered', 'login', 'logout'])
    expect(entries.map(entry => entry.id)).toEqual(entries.map(entry => entry.id).toSorted((a, b) => a - b))
    expect(entries.every(entry => entry.user === user.id)).toBe(true)
    expect(JSON.stringify(entries)).not.toContain(ada.username)
  })
})
