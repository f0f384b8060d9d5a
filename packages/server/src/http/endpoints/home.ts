// GET /
import { home } from '../../pages/home.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'
import { englishFrameOf } from '../page-frame.ts'

export function homePage(call: Call): Response {
  const { issuer, version, outbox } = call.services
  return html(home({ issuer, version, hasOutbox: outbox !== undefined, frame: englishFrameOf(call) }))
}
