// GET /outbox, for this machine only
import { LatchkeyError } from 'latchkey'
import { outboxPage } from '../../pages/outbox.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'

export function showOutbox({ services }: Call): Response {
  if (services.outbox === undefined) throw new LatchkeyError('not_found')
  return html(outboxPage({ mails: services.outbox.mails }), { cacheControl: 'no-store' })
}
