// When a mail server must be spoken to over TLS, and that nothing is told to one that cannot.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { smtpOptions } from '../../src/mail/smtp-options.ts'

test.each([
  ['smtp://user:secret@mail.example.com', true],
  ['smtp://user:secret@192.0.2.7:587', true],
  ['smtp://user:secret@localhost:2525', false],
  ['smtp://user:secret@127.0.0.1:2525', false],
  ['smtp://mail.example.com', true],
  ['smtp://192.0.2.7:25', true],
  ['smtp://localhost:2525', false],
  ['smtp://[::1]:2525', false],
  ['smtps://user:secret@mail.example.com', false],
])('%s asks for an upgrade to TLS: %s', (url, requireTLS) => {
  expect(smtpOptions(url).requireTLS).toBe(requireTLS)
})

test('a server without TLS where it must be is told no password', async () => {
  let logins = 0
  const server = new SMTPServer({
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(_auth, _session, callback) {
      logins++
      callback(null, { user: 'x' })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const options = smtpOptions('smtp://user:secret@mail.example.com')
  // The same options at a server that is really there.
  const send = (requireTLS: boolean) =>
    createTransport({ ...options, requireTLS, url: `smtp://user:secret@127.0.0.1:${port}` }).verify()
  await expect(send(options.requireTLS)).rejects.toThrow()
  expect(logins).toBe(0)
  await send(false)
  expect(logins).toBe(1)
})
