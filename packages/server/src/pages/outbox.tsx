// The page at /outbox: the mails that a developer's machine would have sent.
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'

export interface ShownMail {
  to: string
  subject: string
  text: string
  sentAtMs: number
}

export function outboxPage({ mails, frame }: { mails: readonly ShownMail[]; frame: Frame }) {
  return (
    <Layout title="Outbox" frame={frame}>
      <h1>Outbox</h1>
      <p class="muted">
        No mail server is set, so mails stay here, the newest first, until this server ends. Nobody but this
        machine can see this page.
      </p>
      {mails.length === 0 && <p>There is no mail yet.</p>}
      {mails.map(mail => (
        <section class="card">
          <h2>{mail.subject}</h2>
          <p class="muted small">
            To {mail.to}, <time>{new Date(mail.sentAtMs).toISOString()}</time>
          </p>
          <pre class="wrapped">{mail.text}</pre>
          {linkIn(mail.text) !== undefined && (
            <p>
              <a href={linkIn(mail.text)}>Open its link</a>
            </p>
          )}
        </section>
      ))}
    </Layout>
  )
}

function linkIn(text: string): string | undefined {
  return /^https?:\/\/\S+$/m.exec(text)?.[0]
}
