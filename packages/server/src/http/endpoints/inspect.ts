// GET and POST /inspect
import type { z } from 'zod'
import { inspectorPage } from '../../pages/inspect.tsx'
import { acceptsHtml } from '../accept.ts'
import type { Call } from '../call.ts'
import { html } from '../html.ts'
import { englishFrameOf } from '../page-frame.ts'
import { json } from '../reply.ts'
import type { inspected } from '../shapes.ts'

export function showInspector(call: Call): Response {
  const frame = englishFrameOf(call)
  const page = inspectorPage({ frame, issuer: call.services.issuer, asked: undefined })
  return html(page, { cacheControl: 'no-store' })
}

/** JSON for the page's script and for programs; for a browser without scripts, the page with everything on it. */
export async function answerInspector(call: Call<z.output<typeof inspected>>): Promise<Response> {
  const { request, services, body } = call
  const token = body.token.trim().replace(/^Bearer\s+/i, '')
  const inspection = await services.inspectToken(token)
  if (!acceptsHtml(request.headers.get('accept'))) return json(inspection)
  const page = inspectorPage({
    frame: englishFrameOf(call),
    issuer: services.issuer,
    asked: { token, inspection },
  })
  return html(page, { cacheControl: 'no-store' })
}
