// What mails say: each purpose in text and HTML, with the product's name, and nothing that breaks out of either.
import { describe, expect, test } from 'vitest'
import { oneTimeLink } from '../../src/mail/queue.ts'
import { type MailFacts, renderMail } from '../../src/mail/templates.ts'
import type { MailPurpose, OneTimePurpose, OneTimeRecord } from '../../src/store/records.ts'

const linked: readonly MailPurpose[] = ['reset', 'welcome', 'verify', 'invite']
const told: readonly MailPurpose[] = [
  'address_taken',
  'password_changed',
  'address_changed',
  'new_device',
  'session_reused',
  'api_key_made',
]

const facts: MailFacts = {
  product: 'Corner & "Shop"',
  username: 'ada',
  link: undefined,
  accountUrl: 'https://login.example.com/forgot',
}
const link = 'https://login.example.com/reset?token=lko_x&y="<b>"'

describe.each([...linked, ...told])('a mail of the purpose %s', purpose => {
  const isLinked = linked.includes(purpose)
  const mail = renderMail(purpose, { ...facts, link: isLinked ? link : undefined })

  test('names the product in its subject, one line, and in both bodies', () => {
    expect(mail.subject).toContain(facts.product)
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(mail.text).toContain(facts.product)
    expect(mail.html).toContain('Corner &amp; &quot;Shop&quot;')
    expect(mail.text).toContain('Hello ada,')
  })

  test('says the same in text and HTML, escaped there, without script, style sheet or picture', () => {
    const words = mail.html.replaceAll(/<[^>]*>/g, ' ')
    for (const line of mail.text.split('\n').filter(one => /^[A-Z][\w ,;:.]+$/.test(one)))
      expect(words).toContain(line.replace(/:$/, ''))
    expect(mail.html).not.toMatch(/<(script|style|img|link|iframe|b>)/)
  })

  test(isLinked ? 'has its link in both, once each' : 'has no one-time link', () => {
    expect(mail.text.split('lko_').length - 1).toBe(isLinked ? 1 : 0)
    if (isLinked)
      expect(mail.html).toContain(
        'href="https://login.example.com/reset?token=lko_x&amp;y=&quot;&lt;b&gt;&quot;"',
      )
  })
})

test('links begin with the issuer, whatever a request said, and lead to the page of their purpose', () => {
  const pages: Record<OneTimePurpose, string> = {
    reset: '/reset?token=',
    welcome: '/reset?token=',
    verify: '/verify?token=',
    invite: '/register?invitation=',
    first_admin: '/register?invitation=',
  }
  for (const [purpose, page] of Object.entries(pages)) {
    // Only the purpose of the record counts here.
    const thing = { purpose } as OneTimeRecord
    expect(oneTimeLink('https://login.example.com', thing, 'lko_x')).toBe(
      `https://login.example.com${page}lko_x`,
    )
  }
})
