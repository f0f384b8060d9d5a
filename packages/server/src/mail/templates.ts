// What mails say: a row for each purpose, text first; the HTML form is made from the same lines.
import type { MailPurpose } from '../store/records.ts'

export interface MailFacts {
  /** The product's name, as the operator set it. */
  product: string
  /** The name of whom the mail is for, when it is a user. */
  username: string | undefined
  /** The link that does it, for the purposes that have one. */
  link: string | undefined
  /** Where to go to look after the account. */
  accountUrl: string
}

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

interface Template {
  subject(facts: MailFacts): string
  /** Paragraphs before the link. */
  lines(facts: MailFacts): readonly string[]
  /** The words on the link; undefined for a mail without one. */
  action?: string
  /** Paragraphs after the link. */
  after?: readonly string[]
}

const ifItWasNotYou = (facts: MailFacts): string =>
  `If it was not you, reset your password now: ${facts.accountUrl}`

const templates: Record<MailPurpose, Template> = {
  reset: {
    subject: ({ product }) => `Choose a new ${product} password`,
    lines: () => ['Somebody asked to reset the password of your account. The link works once, for an hour.'],
    action: 'Choose a new password',
    after: ['If it was not you, ignore this mail: nothing has changed.'],
  },
  welcome: {
    subject: ({ product }) => `Your ${product} account`,
    lines: () => ['An account was made for you. Choose its password: the link works once, for seven days.'],
    action: 'Choose a password',
  },
  verify: {
    subject: ({ product }) => `Verify your address for ${product}`,
    lines: () => ['This address was given for an account. The link works once, for an hour.'],
    action: 'Verify this address',
    after: ['If it was not you, ignore this mail.'],
  },
  invite: {
    subject: ({ product }) => `You are invited to ${product}`,
    lines: () => ['An account is waiting for you. The link works once, for seven days.'],
    action: 'Create your account',
  },
  address_taken: {
    subject: ({ product }) => `You have a ${product} account already`,
    lines: ({ username }) => [
      'Somebody tried to use this address for an account, but it belongs to yours already. Nothing has changed.',
      ...(username === undefined ? [] : [`Your username is ${username}.`]),
    ],
  },
  password_changed: {
    subject: ({ product }) => `Your ${product} password was changed`,
    lines: facts => [
      'The password of your account was changed. Your other sessions were signed out.',
      ifItWasNotYou(facts),
    ],
  },
  address_changed: {
    subject: ({ product }) => `Your ${product} address was changed`,
    lines: () => [
      'Another address was verified for your account; this one serves no longer.',
      'If it was not you, write to whoever runs the service: your password may be known to somebody else.',
    ],
  },
  new_device: {
    subject: ({ product }) => `A new device signed in to ${product}`,
    lines: facts => [
      'Your account was used from a device that we have not seen before.',
      ifItWasNotYou(facts),
    ],
  },
  api_key_made: {
    subject: ({ product }) => `A new API key for your ${product} account`,
    lines: facts => [
      'An API key was made for your account. It acts for you until it expires or you revoke it.',
      ifItWasNotYou(facts),
    ],
  },
  session_reused: {
    subject: ({ product }) => `A ${product} session was ended`,
    lines: facts => [
      'A session of yours was ended because its key was used twice, which happens when somebody has copied it.',
      ifItWasNotYou(facts),
    ],
  },
}

/** Renders a mail. Every value is escaped in the HTML form. */
export function renderMail(purpose: MailPurpose, facts: MailFacts): RenderedMail {
  const template = templates[purpose]
  const greeting = facts.username === undefined ? 'Hello,' : `Hello ${facts.username},`
  const before = [greeting, ...template.lines(facts)]
  const after = [...(template.after ?? []), facts.product]
  const isLinked = template.action !== undefined && facts.link !== undefined
  const text = [...before, ...(isLinked ? [`${template.action}:\n${facts.link}`] : []), ...after].join('\n\n')
  const paragraphs = [
    ...before.map(paragraph),
    ...(isLinked
      ? [`<p><a href="${escapeHtml(facts.link ?? '')}">${escapeHtml(template.action ?? '')}</a></p>`]
      : []),
    ...after.map(paragraph),
  ]
  return {
    subject: template.subject(facts),
    text: `${text}\n`,
    html: `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d1b18">${paragraphs.join('')}</body></html>`,
  }
}

function paragraph(line: string): string {
  return `<p>${escapeHtml(line)}</p>`
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, character => entities[character] ?? character)
}
