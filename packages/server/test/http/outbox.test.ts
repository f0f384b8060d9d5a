// The outbox of a developer's machine: for this machine's own eyes, and only where there is no mail server.
import { describe, expect, test } from 'vitest'
import { ada, post, refusal } from '../../../../test/account.ts'
import { loadConfig } from '../../src/config.ts'
import { type Latchkey, openLatchkey } from '../../src/server.ts'
import { startMailServer } from '../mail-server.ts'
import { openTestServer, temporaryFolder } from '../open-test-server.ts'

const email = 'ada@example.com'

function look(latchkey: Latchkey, { host = 'localhost:4000', address = '127.0.0.1', headers = {} } = {}) {
  return latchkey.handler(new Request(`http://${host}/outbox`, { headers }), { address })
}

describe('the outbox', () => {
  test('shows mails whole with a link that works, and is kept by nobody', async () => {
    const { call, latchkey } = await openTestServer()
    await post(call, '/user/register', { ...ada, email })
    const link = await expect
      .poll(
        async () =>
          /href="(http:\/\/localhost:4000\/verify[^"]+)"/.exec(await (await look(latchkey)).text())?.[1],
        {
          timeout: 10_000,
        },
      )
      .toEqual(expect.stringContaining('lko_'))
      .then(async () => /token=(lko_[\w-]+)/.exec(await (await look(latchkey)).text())?.[1])
    expect((await look(latchkey)).headers.get('cache-control')).toBe('no-store')
    expect((await post(call, '/user/email/verify', { token: link })).status).toBe(204)
  })

  test.each<[string, Parameters<typeof look>[1]]>([
    ['a socket from elsewhere', { address: '192.0.2.7' }],
    ['an IPv6 socket from elsewhere', { address: '2001:db8::7' }],
    ['a name that was rebound to this machine', { host: 'evil.example' }],
    ['a proxy on this machine', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
    ['a proxy that says so by RFC 7239', { headers: { forwarded: 'for=127.0.0.1' } }],
    ['a proxy that names itself', { headers: { via: '1.1 proxy' } }],
  ])('is not there for %s', async (_who, from) => {
    const { latchkey } = await openTestServer()
    expect((await look(latchkey)).status).toBe(200)
    expect(await refusal(await look(latchkey, from))).toBe('404 not_found')
  })

  test('is not there for a request without a socket, an issuer elsewhere, or with a mail server', async () => {
    const { latchkey } = await openTestServer()
    expect((await latchkey.handler(new Request('http://localhost:4000/outbox'))).status).toBe(404)
    const elsewhere = await openTestServer({ issuer: 'https://login.example.com' })
    expect((await look(elsewhere.latchkey)).status).toBe(404)
    const { url } = await startMailServer()
    const withServer = await openTestServer({ smtpUrl: url, mailFrom: 'no-reply@example.com' })
    expect((await look(withServer.latchkey)).status).toBe(404)
  })
})

test('off the loopback without a mail server each mail is given up, and the log says so without a link', async () => {
  const notes: string[] = []
  const { config } = loadConfig({
    env: {},
    input: { databaseUrl: `sqlite:${temporaryFolder()}/x.db`, issuer: 'https://login.example.com' },
  })
  const log = {
    request() {},
    failure() {},
    note: (line: string, error?: unknown) => void notes.push(`${line} ${String(error)}`),
  }
  const latchkey = await openLatchkey(config, { log })
  await latchkey.handler(
    new Request('https://login.example.com/user/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ada, email }),
    }),
  )
  await expect.poll(() => notes.join('\n'), { timeout: 10_000 }).toContain('a mail is given up')
  expect(notes[0]).toContain('LATCHKEY_SMTP_URL is not set')
  expect(notes.join('\n')).not.toContain('lko_')
  await latchkey.close()
})
