// GET /metrics
import { expositionType } from '../../figures/exposition.ts'
import type { Call } from '../call.ts'

export function showMetrics({ services }: Call): Response {
  const headers = { 'content-type': expositionType, 'cache-control': 'no-store' }
  return new Response(services.metrics(), { headers })
}
