// The pages that mailed links lead to: they work without a script, and opening one consumes nothing.
import { describe, expect, test } from 'vitest'
import { ada, type Caller, post, refusal, tokens } from '../../../../test/account.ts'
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

describe('the page to register on', () => {
  test('makes an account, an empty address being none, and shows what was given when it is refused', async () => {
    const { call } = await openTestServer()
    expect(await openPage(call, '/register')).toContain('action="/register"')
    const weak = await submit(call, '/register', { username: 'grace', password: 'password', email: '' })
    expect(weak.status).toBe(422)
    const page = await weak.text()
    expect(page).toContain('value="grace"')
    expect(page).not.toContain('value="password"')
    expect((await submit(call, '/register', { ...ada, email: '' })).status).toBe(200)
    await tokens(await post(call, '/user/login', ada))
    expect((await submit(call, '/register', { ...ada, email: '' })).status).toBe(409)
  })

  test('is closed where registration is', async () => {
    const { call } = await openTestServer({ registration: 'closed' })
    expect((await submit(call, '/register', { ...ada, email: '' })).status).toBe(403)
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
  })
})
