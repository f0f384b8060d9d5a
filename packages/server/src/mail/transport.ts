// Where mails go: a mail server, or the outbox of a developer's machine.
import { smtpOptions } from './smtp-options.ts'
import type { RenderedMail } from './templates.ts'

interface OutgoingMail extends RenderedMail {
  to: string
  /** The same at every attempt, so that a server that got it twice can tell. */
  messageId: string
}

export interface MailTransport {
  /** Rejects when the server did not take the mail; with MailRefused when it never will. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

/** A mail that the server refuses for good (SMTP 5xx to the recipient). */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

/** Sends over SMTP. The library is loaded with the first mail. */
export function smtpTransport(url: string, from: string): MailTransport {
  let transporter: Promise<import('nodemailer').Transporter> | undefined
  const open = async (): Promise<import('nodemailer').Transporter> => {
    const { createTransport } = await import('nodemailer')
    return createTransport(smtpOptions(url), { from })
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

/** Where there is no mail server and nobody may look into an outbox: each mail is given up, and the log says why. */
export const noTransport: MailTransport = {
  async send() {
    throw new MailRefused('LATCHKEY_SMTP_URL is not set')
  },
  close() {},
}

/** The last mails, kept in memory for the page at /outbox; only on a loopback without a mail server. */
export interface Outbox extends MailTransport {
  readonly mails: readonly (OutgoingMail & { sentAtMs: number })[]
}

const outboxSize = 100

export function openOutbox(clock: () => number, print: (text: string) => void): Outbox {
  const mails: (OutgoingMail & { sentAtMs: number })[] = []
  return {
    mails,
    async send(mail) {
      mails.unshift({ ...mail, sentAtMs: clock() })
      mails.splice(outboxSize)
      print(`\nA mail to ${mail.to}, kept at /outbox: ${mail.subject}\n\n${mail.text}\n`)
    },
    close() {},
  }
}
