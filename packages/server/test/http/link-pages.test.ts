// The pages that mailed links lead to: they work without a script, and opening one consumes nothing.
import { describe, expect, test } from 'vitest'
import { ada, type Caller, post, tokens } from '../../../../test/account.ts'
import { startMailServer, tokenIn } from '../mail-server.ts'
import { openTestServer } from '../open-test-server.ts'

const email = 'ada@example.com'

async function open() {
  const mailServer = await startMailServer()
  const server = await openTestServer({ smtpUrl: mailServer.url, mailFrom: 'no-reply@example.com' })
  await post(server.call, '/user/register', { ...ada, email })
  return { ...server, mailServer, verify: tokenIn(await mailServer.next(email)) }
}

function submit(call: Caller, path: string, fields: Record<string, string>): Promise<Response> {
  return call(path, { method: 'POST', body: new URLSearchParams(fields) })
}

/** Opens a link as mail programs do, again and again. */
async function openPage(call: Caller, link: string): Promise<string> {
  for (const method of ['HEAD', 'GET', 'GET']) {
    const answer = await call(link, { method })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
  return (await call(link)).text()
}

describe('a link', () => {
  test('[S116] that verifies shows a form when it is opened, and counts when the form is sent, once', async () => {
    const { call, verify } = await open()
    const page = await openPage(call, `/verify?token=${verify}`)
    expect(page).toContain('<form class="card" method="post" action="/verify">')
    expect(page).toContain(`value="${verify}"`)
    expect(await (await submit(call, '/verify', { token: verify })).text()).toContain('is verified')
    const again = await submit(call, '/verify', { token: verify })
    expect([again.status, (await again.text()).includes('role="alert"')]).toEqual([400, true])
  })

  test('[S116] that resets keeps its form until a password is good, and signs nobody in', async () => {
    const { call, verify, mailServer } = await open()
    await submit(call, '/verify', { token: verify })
    await post(call, '/user/password/forgot', { email })
    const token = tokenIn(await mailServer.next(email))
    expect(await openPage(call, `/reset?token=${token}`)).toContain('action="/reset"')
    const weak = await submit(call, '/reset', { token, new_password: 'password' })
    expect(weak.status).toBe(422)
    expect(await weak.text()).toContain(`value="${token}"`)
    const done = await submit(call, '/reset', { token, new_password: 'a new lantern here' })
    expect([done.status, done.headers.get('set-cookie')]).toEqual([200, null])
    await tokens(await post(call, '/user/login', { ...ada, password: 'a new lantern here' }))
    expect((await submit(call, '/reset', { token, new_password: 'yet another lantern' })).status).toBe(400)
  })

  test('that is none opens a form and is refused when it is sent', async () => {
    const { call } = await openTestServer()
    expect((await call('/reset?token=lko_nothing')).status).toBe(200)
    expect(
      (await submit(call, '/reset', { token: 'lko_nothing', new_password: 'a new lantern' })).status,
    ).toBe(400)
  })

  test('is shown with every sign escaped', async () => {
    const { call } = await openTestServer()
    const page = await (
      await call(`/verify?token=${encodeURIComponent('"><script>alert(1)</script>')}`)
    ).text()
    expect(page).not.toContain('<script>')
  })
})

describe('an invitation', () => {
  test('opens the page to register on, whose address tells nobody where it was', async () => {
    const { call, latchkey } = await openTestServer({ registration: 'closed' })
    const invited = await latchkey.users.inviteFirstAdministrator()
    const link = new URL(invited?.link ?? '')
    const page = await openPage(call, link.pathname + link.search)
    expect(page).toContain('action="/register"')
    const invitation = link.searchParams.get('invitation') ?? ''
    expect(page).toContain(`value="${invitation}"`)
    // Such a page sends no Origin of its own: whoever registers there signs in on the sign-in page.
    const done = await submit(call, '/register', { ...ada, invitation })
    expect([done.status, done.headers.get('set-cookie')]).toEqual([303, null])
    expect(done.headers.get('location')).toBe('/login?new=1&username=ada&return_to=%2Fadmin')
    await tokens(await post(call, '/user/login', ada))
  })
})
