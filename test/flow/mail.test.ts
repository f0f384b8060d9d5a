// Mail over a real server and a real process: what was answered is delivered, whatever happens in between.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { ada, callerAt, post } from '../account.ts'
import { freePort } from '../free-port.ts'
import { newFolder, startServer } from '../server-process.ts'

interface Mailbox {
  mails: string[]
  /** Settles with the next mail. */
  next(): Promise<string>
}

async function openMailbox(port: number): Promise<Mailbox> {
  const mails: string[] = []
  const waiting: ((mail: string) => void)[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        const mail = Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=')
        mails.push(mail)
        callback()
        waiting.shift()?.(mail)
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  return { mails, next: () => new Promise(resolve => waiting.push(resolve)) }
}

test('a mail whose server is killed between the answer and the sending is sent by the next one, once', async () => {
  const port = await freePort()
  const folder = newFolder()
  const env = {
    LATCHKEY_SMTP_URL: `smtp://127.0.0.1:${port}`,
    LATCHKEY_MAIL_FROM: 'Latchkey <no-reply@example.com>',
  }
  const first = await startServer({ folder, env })
  const answer = await post(callerAt(first.url), '/user/register', { ...ada, email: 'ada@example.com' })
  expect(answer.status).toBe(201)
  expect(await first.end('SIGKILL')).toBe('SIGKILL')

  const mailbox = await openMailbox(port)
  const arrival = mailbox.next()
  const second = await startServer({ folder, env })
  const token = /\/verify\?token=(lko_[\w-]+)/.exec(await arrival)?.[1]
  expect((await post(callerAt(second.url), '/user/email/verify', { token })).status).toBe(204)
  expect(await second.end()).toBe(0)
  expect(mailbox.mails).toHaveLength(1)
  for (const server of [first, second]) expect(server.output()).not.toContain('lko_')
}, 90_000)

test('a mail server that hangs keeps no answer waiting', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const env = {
    LATCHKEY_SMTP_URL: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    LATCHKEY_MAIL_FROM: 'no-reply@example.com',
  }
  const server = await startServer({ env })
  const connected = once(silent, 'connection')
  const call = callerAt(server.url)
  expect((await post(call, '/user/register', { ...ada, email: 'ada@example.com' })).status).toBe(201)
  await connected
  expect((await post(call, '/user/password/forgot', { email: 'ada@example.com' })).status).toBe(202)
  expect((await post(call, '/user/login', ada)).status).toBe(200)
  await server.end('SIGKILL')
})
