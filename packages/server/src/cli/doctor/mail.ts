// Mail: whether there is a server for it, whether that one answers and lets us in, and what needs it.
import { isLoopbackHost } from '../../config.ts'
import { smtpOptions } from '../../mail/smtp-options.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

const answerWithinMs = 5_000

export async function checkMail(ground: Ground): Promise<readonly Finding[]> {
  const { config, issuer } = ground
  if (config.smtpUrl !== undefined) return checkServer(config.smtpUrl)
  if (isLoopbackHost(config.host) && isLoopbackHost(new URL(issuer).hostname)) {
    const fix = 'Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM before others use it.'
    return [note('mail_outbox', 'Mails are kept on the page /outbox, on this machine only.', fix)]
  }
  const what =
    'LATCHKEY_SMTP_URL is not set: no mail leaves, so nobody can reset a password or verify an address.'
  const fix = 'Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM.'
  return [
    config.requireVerifiedEmail === 'on'
      ? error('mail_needed', `${what} LATCHKEY_REQUIRE_VERIFIED_EMAIL keeps everybody out.`, fix)
      : warning('mail_missing', what, fix),
  ]
}

async function checkServer(url: string): Promise<readonly Finding[]> {
  const { createTransport } = await import('nodemailer')
  const times = {
    connectionTimeout: answerWithinMs,
    greetingTimeout: answerWithinMs,
    socketTimeout: answerWithinMs,
  }
  const transport = createTransport({ ...smtpOptions(url), ...times })
  try {
    await transport.verify()
    return []
  } catch (failure) {
    return [refusalOf(failure, new URL(url).host)]
  } finally {
    transport.close()
  }
}

/** What went wrong by the library's code; its sentences may quote what was sent. */
const refusals: Readonly<Record<string, { code: string; what: string; fix: string }>> = {
  EAUTH: {
    code: 'mail_login_refused',
    what: 'refuses the user or the password of LATCHKEY_SMTP_URL',
    fix: 'Put the right ones into LATCHKEY_SMTP_URL; special characters in them are percent-encoded.',
  },
  ETLS: {
    code: 'mail_tls',
    what: 'offers no encryption that can be used',
    fix: 'Use smtps://, or a port with STARTTLS: a mail may carry a link.',
  },
}

function refusalOf(failure: unknown, host: string): Finding {
  const given = failure instanceof Error && 'code' in failure ? String(failure.code) : 'unknown'
  const { code, what, fix } = refusals[given] ?? {
    code: 'mail_unreachable',
    what: `cannot be reached (${given})`,
    fix: 'Look at host and port of LATCHKEY_SMTP_URL, and at firewalls: many hosts close port 25.',
  }
  return error(code, `The mail server ${host} ${what}.`, fix)
}
