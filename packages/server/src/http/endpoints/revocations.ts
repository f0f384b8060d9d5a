// GET /revocations: server-sent events for guards
import type { Call } from '../call.ts'

export function listenToRevocations({ request, claims, services }: Call): Response {
  const compressed = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  const exp = claims['exp']
  // A HEAD request asks for the headers alone: nobody would read a stream.
  const isHead = request.method === 'HEAD'
  const options = {
    lastEventId: request.headers.get('last-event-id') ?? undefined,
    compressed,
    tokenIds: [claims['sid'], claims['jti']],
    expiresAtMs: typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY,
  }
  const body = isHead ? null : services.revocationStream.open(options)
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      // No proxy may keep, change or hold back what is sent here.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      vary: 'accept-encoding',
      ...(compressed && { 'content-encoding': 'gzip' }),
    },
  })
}
