// Addresses, links and mails, over a real SMTP conversation.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ada, bearer, type Caller, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { startMailServer, tokenIn } from '../mail-server.ts'
import { openTestServer } from '../open-test-server.ts'

const email = 'ada@example.com'
const from = 'Latchkey <no-reply@example.com>'

function authorised(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

async function open(input: Record<string, string> = {}) {
  const mailServer = await startMailServer()
  const server = await openTestServer({ smtpUrl: mailServer.url, mailFrom: from, ...input })
  return { ...server, mailServer }
}

type Opened = Awaited<ReturnType<typeof open>>

/** Registers with an address and verifies it by the mailed link. */
async function verified({ call, mailServer }: Pick<Opened, 'call' | 'mailServer'>, user = { ...ada, email }) {
  await post(call, '/user/register', user)
  const answer = await post(call, '/user/email/verify', { token: tokenIn(await mailServer.next(user.email)) })
  expect(answer.status).toBe(204)
}

async function profile(call: Caller, token: string): Promise<Record<string, unknown>> {
  return ((await (await call('/user', bearer(token))).json()) as { user: Record<string, unknown> }).user
}

describe('an address', () => {
  test('serves for nothing until its link is opened, then for signing in, once', async () => {
    const { call, mailServer } = await open()
    await post(call, '/user/register', { ...ada, email: ' Ada@Example.COM ' })
    const byAddress = { username: 'ADA@example.com', password: ada.password }
    expect(await refusal(await post(call, '/user/login', byAddress))).toBe('403 invalid_credentials')
    const token = tokenIn(await mailServer.next(email))
    expect((await post(call, '/user/email/verify', { token })).status).toBe(204)
    const { access_token } = await tokens(await post(call, '/user/login', byAddress))
    expect(await profile(call, access_token)).toMatchObject({ email, unverified_email: null })
    expect(await refusal(await post(call, '/user/email/verify', { token }))).toBe('400 invalid_link')
  })

  test('that somebody has gives the same answer, and a mail to its owner', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    const answer = await post(call, '/user/register', { ...ada, username: 'mallory', email })
    expect(answer.status).toBe(201)
    const mail = await mailServer.next(email)
    expect(mail.text).toContain('You have a Latchkey account already')
    expect(mail.text).not.toContain('lko_')
    const { access_token } = await tokens(await post(call, '/user/login', { ...ada, username: 'mallory' }))
    expect(await profile(call, access_token)).toMatchObject({ email: null, unverified_email: email })
  })

  test('is changed with the present password and the new address’s link; the old one is told', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    const { access_token } = await signIn(call)
    const ask = (current_password: string) =>
      post(call, '/user/email', { email: 'new@example.com', current_password }, authorised(access_token))
    expect(await refusal(await ask('not the password'))).toBe('403 invalid_credentials')
    expect((await ask(ada.password)).status).toBe(202)
    expect(await profile(call, access_token)).toMatchObject({ email, unverified_email: 'new@example.com' })
    await post(call, '/user/email/verify', { token: tokenIn(await mailServer.next('new@example.com')) })
    expect(await profile(call, access_token)).toMatchObject({
      email: 'new@example.com',
      unverified_email: null,
    })
    expect((await mailServer.next(email)).text).toContain('address was changed')
  })

  test('[S101] is not asked for by a session that ends while the password is compared', async () => {
    const { call, latchkey } = await openTestServer()
    const { access_token, user } = await signIn(call)
    const change = { email, current_password: ada.password }
    const [answer] = await Promise.all([
      post(call, '/user/email', change, authorised(access_token)),
      latchkey.sessions.endAll(user.id),
    ])
    expect(await refusal(answer)).toBe('403 token_revoked')
    const later = await signIn(call)
    expect(await profile(call, later.access_token)).toMatchObject({ unverified_email: null })
  })

  test('that is the present one changes nothing and sends nothing', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    const { access_token } = await signIn(call)
    const change = { email: 'ADA@example.com', current_password: ada.password }
    expect((await post(call, '/user/email', change, authorised(access_token))).status).toBe(202)
    expect(await profile(call, access_token)).toMatchObject({ email, unverified_email: null })
  })

  test('[S116] an older link dies with a newer one, and after an hour', async () => {
    const { call, mailServer, time } = await open()
    await post(call, '/user/register', { ...ada, email })
    const first = tokenIn(await mailServer.next(email))
    const { access_token } = await signIn(call)
    await post(call, '/user/email/verify/send', {}, authorised(access_token))
    const second = tokenIn(await mailServer.next(email))
    expect(await refusal(await post(call, '/user/email/verify', { token: first }))).toBe('400 invalid_link')
    time.nowMs += 3_600_000
    expect(await refusal(await post(call, '/user/email/verify', { token: second }))).toBe('400 invalid_link')
  })

  test.each([
    'ada',
    'a@b',
    'a b@example.com',
    'a@x.com,b@y.com',
    'a@x.com\r\nBcc: b@y.com',
    '@example.com',
    'a@@example.com',
    'a@-x.com',
  ])('[S115] %j is none', async text => {
    const { call } = await openTestServer()
    expect(await refusal(await post(call, '/user/register', { ...ada, email: text }))).toBe(
      '422 validation_failed',
    )
  })

  test('[S115] has one form for all its spellings', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    for (const spelling of ['ADA@EXAMPLE.COM', 'ａｄａ@example.com', 'ada＠example.com']) {
      await tokens(await post(call, '/user/login', { username: spelling, password: ada.password }))
    }
  })

  test('is needed for signing in where it must be verified', async () => {
    const { call, mailServer } = await open({ requireVerifiedEmail: 'on' })
    await post(call, '/user/register', { ...ada, email })
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 email_unverified')
    expect(await refusal(await post(call, '/user/login', { ...ada, password: 'wrong one' }))).toBe(
      '403 invalid_credentials',
    )
    await post(call, '/user/email/verify', { token: tokenIn(await mailServer.next(email)) })
    await signIn(call)
  })
})

describe('a forgotten password', () => {
  test('is reset by the mailed link, once; all sessions end and nobody is signed in', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    const before = await signIn(call)
    expect((await post(call, '/user/password/forgot', { email })).status).toBe(202)
    const token = tokenIn(await mailServer.next(email))
    const reset = (new_password: string) => post(call, '/user/password/reset', { token, new_password })
    expect(await refusal(await reset('password'))).toBe('422 weak_password')
    const answer = await reset('a new lantern on the sill')
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(await refusal(await reset('another lantern here'))).toBe('400 invalid_link')
    expect(await refusal(await call('/user/data', bearer(before.access_token)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(call, before.refresh_token))).toBe('403 session_revoked')
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
    await tokens(await post(call, '/user/login', { ...ada, password: 'a new lantern on the sill' }))
    expect((await mailServer.next(email)).text).toContain('password was changed')
  })

  test('[S111] is answered alike for known and unknown addresses, and only the known one gets a mail', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    const shown = async (answer: Response) => [
      answer.status,
      [...answer.headers].filter(([name]) => name !== 'x-request-id'),
      await answer.text(),
    ]
    const unknown = await shown(await post(call, '/user/password/forgot', { email: 'nobody@example.com' }))
    expect(await shown(await post(call, '/user/password/forgot', { email }))).toEqual(unknown)
    await mailServer.next(email)
    expect(mailServer.mails.filter(mail => mail.to.includes('nobody@example.com'))).toEqual([])
  })

  test.each(['reset', 'change'])(
    '[S116] a %s of the password kills the link of an address that waits',
    async way => {
      const { call, mailServer } = await open()
      await verified({ call, mailServer })
      const { access_token } = await signIn(call)
      const ask = { email: 'thief@example.com', current_password: ada.password }
      await post(call, '/user/email', ask, authorised(access_token))
      const waiting = tokenIn(await mailServer.next('thief@example.com'))

      const new_password = 'a new lantern on the sill'
      if (way === 'reset') {
        await post(call, '/user/password/forgot', { email })
        const token = tokenIn(await mailServer.next(email))
        expect((await post(call, '/user/password/reset', { token, new_password })).status).toBe(204)
      } else {
        const change = { current_password: ada.password, new_password }
        expect((await post(call, '/user/password', change, authorised(access_token))).status).toBe(204)
      }

      expect(await refusal(await post(call, '/user/email/verify', { token: waiting }))).toBe(
        '400 invalid_link',
      )
      const after = await tokens(await post(call, '/user/login', { username: email, password: new_password }))
      expect(await profile(call, after.access_token)).toMatchObject({ email, unverified_email: null })
    },
  )

  test('[S116] 100 uses of one link at once: one of them counts', async () => {
    const { call, mailServer } = await open()
    await verified({ call, mailServer })
    await post(call, '/user/password/forgot', { email })
    const token = tokenIn(await mailServer.next(email))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        post(call, '/user/password/reset', { token, new_password: `lantern number ${i} here` }),
      ),
    )
    expect(answers.filter(answer => answer.status === 204)).toHaveLength(1)
  })

  test('[S116] a link for one purpose is none for another', async () => {
    const { call, mailServer } = await open()
    await post(call, '/user/register', { ...ada, email })
    const token = tokenIn(await mailServer.next(email))
    expect(
      await refusal(await post(call, '/user/password/reset', { token, new_password: 'a new lantern here' })),
    ).toBe('400 invalid_link')
  })
})

describe('mail', () => {
  test('is tried again when the server is away for a moment, and the answer never waits for it', async () => {
    let refusals = 2
    const mailServer = await startMailServer(() =>
      refusals-- > 0 ? { code: 451, message: 'later' } : undefined,
    )
    const { call, time } = await openTestServer({ smtpUrl: mailServer.url, mailFrom: from })
    expect((await post(call, '/user/register', { ...ada, email })).status).toBe(201)
    await expect.poll(() => refusals, { timeout: 10_000 }).toBe(1)
    time.nowMs += 60_000
    await expect.poll(() => refusals, { timeout: 10_000 }).toBe(0)
    time.nowMs += 60_000
    expect((await mailServer.next(email)).text).toContain('Verify your address')
  })

  test('goes out after a crash between the answer and the sending', async () => {
    const away = await openTestServer({ smtpUrl: 'smtp://127.0.0.1:9', mailFrom: from })
    await post(away.call, '/user/register', { ...ada, email })
    await away.latchkey.close()
    const mailServer = await startMailServer()
    const { time } = await openTestServer(
      { smtpUrl: mailServer.url, mailFrom: from },
      { folder: away.folder },
    )
    time.nowMs += 600_000
    expect(tokenIn(await mailServer.next(email))).toMatch(/^lko_/)
  })

  test('that one process took and never sent goes out by another, a while later', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const stuck = await openTestServer({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: from })
    const taken = once(silent, 'connection')
    await post(stuck.call, '/user/register', { ...ada, email })
    await taken
    const database = new DatabaseSync(join(stuck.folder, 'latchkey.db'))
    const row = database.prepare('SELECT attempts, due_at FROM mails').get()
    database.close()
    expect(row).toMatchObject({ attempts: 1, due_at: stuck.time.nowMs / 1000 + 45 })
    const mailServer = await startMailServer()
    await openTestServer(
      { smtpUrl: mailServer.url, mailFrom: from },
      { folder: stuck.folder, nowMs: stuck.time.nowMs + 45_000 },
    )
    expect(tokenIn(await mailServer.next(email))).toMatch(/^lko_/)
  })

  test('that the server refuses for good is given up, and a login there that fails is tried again', async () => {
    const refusals = [550, 535]
    const outcomes: unknown[] = []
    for (const code of refusals) {
      let asked = 0
      const mailServer = await startMailServer(() => {
        asked++
        return { code, message: 'no' }
      })
      const { call, folder } = await openTestServer({ smtpUrl: mailServer.url, mailFrom: from })
      await post(call, '/user/register', { ...ada, email })
      await expect.poll(() => asked, { timeout: 10_000 }).toBe(1)
      const database = new DatabaseSync(join(folder, 'latchkey.db'))
      const left = () =>
        Number(database.prepare('SELECT count(*) AS n FROM mails WHERE due_at > 0').get()?.['n'])
      if (code === 550) await expect.poll(left, { timeout: 5_000 }).toBe(0)
      outcomes.push(left())
      database.close()
    }
    expect(outcomes).toEqual([0, 1])
  })

  test('carries the configured name and nothing that a header could be made of', async () => {
    const { call, mailServer } = await open({ productName: 'Corner Shop & Sons' })
    await post(call, '/user/register', { ...ada, email })
    const { text } = await mailServer.next(email)
    expect(text).toContain('Subject: Verify your address for Corner Shop & Sons')
    expect(text).toContain('Corner Shop &amp; Sons')
    expect(text).toContain('http://localhost:4000/verify?token=lko_')
  })
})
