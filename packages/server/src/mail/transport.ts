// Where mails go: a mail server, or the outbox of a developer's machine.
import type { RenderedMail } from './templates.ts'

export interface OutgoingMail extends RenderedMail {
  to: string
  /** The same at every attempt, so that a server that got it twice can tell. */
  messageId: string
}

export interface MailTransport {
  /** Rejects when the server did not take the mail; `permanent` on the error says that it never will. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

/** A mail that the server refuses for good (SMTP 5xx to the recipient). */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

const timeoutMs = 10_000

/** Sends over SMTP. The library is loaded with the first mail. */
export function smtpTransport(url: string, from: string): MailTransport {
  let transporter: Promise<import('nodemailer').Transporter> | undefined
  const open = async (): Promise<import('nodemailer').Transporter> => {
    const { createTransport } = await import('nodemailer')
    const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
    return createTransport({ url, ...limits, disableFileAccess: true, disableUrlAccess: true }, { from })
  }
  return {
    async send({ to, subject, text, html, messageId }) {
      transporter ??= open()
      const mailer = await transporter
      try {
        await mailer.sendMail({ to: { name: '', address: to }, subject, text, html, messageId })
      } catch (error) {
        if (isRefusal(error)) throw new MailRefused('the mail server refuses this mail', { cause: error })
        throw error
      }
    },
    close() {
      transporter?.then(mailer => mailer.close()).catch(() => undefined)
    },
  }
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false
  const code = Number(error.responseCode)
  // 530, 534 and 535 are about our own login there, which somebody will put right.
  return code >= 500 && ![530, 534, 535].includes(code)
}

/** The last mails, kept in memory for the page at /outbox; only on a loopback without a mail server. */
export interface Outbox extends MailTransport {
  readonly mails: readonly (OutgoingMail & { sentAtMs: number })[]
}

const outboxSize = 100

export function openOutbox(clock: () => number, say: (line: string) => void): Outbox {
  const mails: (OutgoingMail & { sentAtMs: number })[] = []
  return {
    mails,
    async send(mail) {
      mails.unshift({ ...mail, sentAtMs: clock() })
      mails.splice(outboxSize)
      say(`A mail to ${mail.to} is on the outbox page: ${mail.subject}`)
    },
    close() {},
  }
}
