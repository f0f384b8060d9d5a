// GET /.well-known/jwks.json (RFC 7517 5)
import type { Call } from '../call.ts'
import { json } from '../reply.ts'

export function keySet({ services }: Call): Response {
  const headers = { 'cache-control': `public, max-age=${services.jwksMaxAgeSeconds}` }
  return json(services.auth.keyRing.publish(), headers)
}
