// A real SMTP server in this process, which keeps what it takes.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

export interface ReceivedMail {
  to: string[]
  /** The headers and the body, soft line breaks of quoted-printable undone. */
  text: string
}

export interface MailServer {
  url: string
  mails: ReceivedMail[]
  /** Waits for the next mail to an address that was not waited for before. */
  next(address: string): Promise<ReceivedMail>
}

/** Starts a server that ends with the test. `refuse` answers instead of taking a mail. */
export async function startMailServer(
  refuse: () => { code: number; message: string } | undefined = () => undefined,
): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const waiting: { address: string; resolve(mail: ReceivedMail): void }[] = []
  const unread: ReceivedMail[] = []
  const hand = (): void => {
    for (const [at, one] of [...waiting.entries()].reverse()) {
      const index = unread.findIndex(mail => mail.to.includes(one.address))
      if (index < 0) continue
      waiting.splice(at, 1)
      const [mail] = unread.splice(index, 1)
      if (mail !== undefined) one.resolve(mail)
    }
  }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        const refusal = refuse()
        if (refusal !== undefined)
          return callback(Object.assign(new Error(refusal.message), { responseCode: refusal.code }))
        const text = Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=')
        const mail = { to: session.envelope.rcptTo.map(recipient => recipient.address), text }
        mails.push(mail)
        unread.push(mail)
        callback()
        hand()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    next: address =>
      new Promise(resolve => {
        waiting.push({ address, resolve })
        hand()
      }),
  }
}

/** The one-time token in a mail's link. */
export function tokenIn(mail: ReceivedMail): string {
  const [token] = /lko_[\w-]+/.exec(mail.text) ?? []
  if (token === undefined) throw new Error(`no link in: ${mail.text}`)
  return token
}
