// GET /outbox, for this machine only
import { LatchkeyError } from 'latchkey'
import { outboxPage } from '../../pages/outbox.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'
import { englishFrameOf } from '../page-frame.ts'

export function showOutbox(call: Call): Response {
  const { outbox } = call.services
  if (outbox === undefined) throw new LatchkeyError('not_found')
  return html(outboxPage({ mails: outbox.mails, frame: englishFrameOf(call) }), { cacheControl: 'no-store' })
}
