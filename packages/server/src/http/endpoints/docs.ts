// GET /docs
import { docsPage } from '../../pages/docs.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'
import { englishFrameOf } from '../page-frame.ts'

export async function showDocs(call: Call): Promise<Response> {
  const { document } = await call.services.apiDescription()
  return html(docsPage({ document, frame: englishFrameOf(call) }))
}
