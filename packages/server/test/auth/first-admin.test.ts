// The first administrator: a link that works once, and only while there is none.
import { describe, expect, test } from 'vitest'
import { ada, bearer, type Caller, post, refusal, signIn } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const tokenOf = (link: string | undefined): string => /lko_[\w-]+/.exec(link ?? '')?.[0] ?? ''

async function isAdministrator(call: Caller, user = ada): Promise<boolean> {
  const { access_token } = await signIn(call, user)
  return (await call('/admin/api/users', bearer(access_token))).status === 200
}

describe('the first administrator', () => {
  test.each(['open', 'invite', 'closed'] as const)(
    '[S121] comes in by a link where registration is %s',
    async registration => {
      const { call, latchkey } = await openTestServer({ registration })
      expect(await latchkey.users.hasAdministrator()).toBe(false)
      const made = await latchkey.users.inviteFirstAdministrator()
      expect(made?.link).toMatch(/^http:\/\/localhost:4000\/register\?invitation=lko_[\w-]+$/)
      const answer = await post(call, '/user/register', { ...ada, invitation: tokenOf(made?.link) })
      expect(answer.status).toBe(201)
      expect(await isAdministrator(call)).toBe(true)
      expect(await latchkey.users.hasAdministrator()).toBe(true)
      expect(await latchkey.users.inviteFirstAdministrator()).toBeUndefined()
    },
  )

  test('[S121] there is no account before somebody makes one, and registering alone gives no role', async () => {
    const { call } = await openTestServer()
    expect(await isAdministrator(call)).toBe(false)
  })

  test('[S121] is one, however many use the link at once', async () => {
    const { call, latchkey } = await openTestServer()
    const invitation = tokenOf((await latchkey.users.inviteFirstAdministrator())?.link)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post(call, '/user/register', { ...ada, username: `ada${i}`, invitation }),
      ),
    )
    expect(answers.filter(answer => answer.status === 201)).toHaveLength(1)
  })

  test('a link dies with the next one, after an hour, and as soon as there is an administrator', async () => {
    const { call, latchkey, time } = await openTestServer()
    const register = (link: string | undefined, username = 'ada') =>
      post(call, '/user/register', { ...ada, username, invitation: tokenOf(link) })
    const first = await latchkey.users.inviteFirstAdministrator()
    const second = await latchkey.users.inviteFirstAdministrator()
    expect(await refusal(await register(first?.link))).toBe('422 invitation_invalid')
    time.nowMs += 3_600_000
    expect(await refusal(await register(second?.link))).toBe('422 invitation_invalid')
    const third = await latchkey.users.inviteFirstAdministrator()
    const invited = await latchkey.users.invite({ roles: ['admin'] })
    expect((await register(invited.link, 'grace')).status).toBe(201)
    expect(await refusal(await register(third?.link))).toBe('422 invitation_invalid')
  })

  test('cannot be made where no role administrates', async () => {
    const { latchkey } = await openTestServer({ roles: { editor: ['posts:write'] } })
    expect(await latchkey.users.inviteFirstAdministrator()).toBeUndefined()
  })
})

describe('an invitation', () => {
  test('lets one person register with its roles, and dies', async () => {
    const { call, latchkey } = await openTestServer({
      registration: 'invite',
      roles: { editor: ['posts:write'] },
    })
    const { link } = await latchkey.users.invite({ roles: ['editor'] })
    const wanted = { ...ada, invitation: tokenOf(link) }
    expect(await refusal(await post(call, '/user/register', { ...wanted, password: 'password' }))).toBe(
      '422 weak_password',
    )
    expect((await post(call, '/user/register', wanted)).status).toBe(201)
    expect((await signIn(call)).user.roles).toEqual(['editor'])
    expect(await refusal(await post(call, '/user/register', { ...wanted, username: 'grace' }))).toBe(
      '422 invitation_invalid',
    )
  })

  test('for an address is good for that address only, and is nothing where registration is closed', async () => {
    const { call, latchkey } = await openTestServer({ registration: 'invite' })
    const { link } = await latchkey.users.invite({ email: 'Ada@Example.com' })
    const wanted = { ...ada, invitation: tokenOf(link) }
    expect(await refusal(await post(call, '/user/register', { ...wanted, email: 'eve@example.com' }))).toBe(
      '422 invitation_invalid',
    )
    expect((await post(call, '/user/register', wanted)).status).toBe(201)
    const { access_token } = await signIn(call)
    const { user } = (await (await call('/user', bearer(access_token))).json()) as { user: object }
    expect(user).toMatchObject({ email: null, unverified_email: 'ada@example.com' })

    const closed = await openTestServer({ registration: 'closed' })
    const late = await closed.latchkey.users.invite()
    expect(
      await refusal(await post(closed.call, '/user/register', { ...ada, invitation: tokenOf(late.link) })),
    ).toBe('403 registration_closed')
  })
})
