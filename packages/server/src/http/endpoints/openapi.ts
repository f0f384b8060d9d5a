// GET /openapi.json
import type { Call } from '../call.ts'
import { isHeld } from '../if-none-match.ts'

export async function showDescription({ request, services }: Call): Promise<Response> {
  const { text, etag } = await services.apiDescription()
  const headers = { etag, 'cache-control': 'no-cache' }
  if (isHeld(request, etag)) return new Response(null, { status: 304, headers })
  return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } })
}
