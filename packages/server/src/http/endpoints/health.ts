// GET /health/live and /health/ready
import type { Call } from '../call.ts'
import { json } from '../reply.ts'

export function live(): Response {
  return json({ status: 'ok' })
}

export async function ready({ services }: Call): Promise<Response> {
  const missing = await services.missing()
  if (missing.length === 0) return json({ status: 'ok' })
  return json({ status: 'unavailable', missing }, { 'cache-control': 'no-store', 'retry-after': '1' }, 503)
}
