// The steps of a request, in their order: https, access token, body, endpoint. Each returns a value or throws.
import { LatchkeyError } from 'latchkey'
import { readFields } from './body.ts'
import type { Call, Claims, Services } from './call.ts'
import { type Connection, callerAddress, isUnencrypted } from './connection.ts'
import type { Route } from './routes.ts'
import { parseShape } from './shapes.ts'

export interface Arrival {
  request: Request
  connection: Connection
  requestId: string
}

/** Takes a request through its route's steps. Throws LatchkeyError for every refusal but the guard's, which it returns. */
export async function takeSteps(route: Route, arrival: Arrival, services: Services): Promise<Response> {
  const { request, connection } = arrival
  if (route.unencrypted !== true) requireEncryption(request, connection, services)
  let claims: Claims = {}
  if (route.access === 'token') {
    const admission = await services.admit(request)
    if (admission.kind === 'refused') return admission.response
    claims = admission.claims
  }
  const hasBody = route.method !== 'GET'
  const body = parseShape(route.body, hasBody ? await readFields(request) : {})
  const caller = { address: callerAddress(request.headers, connection, services.trustProxy) }
  const call: Call = { ...arrival, services, caller, body, claims }
  return route.run(call)
}

function requireEncryption(request: Request, connection: Connection, services: Services): void {
  if (!isUnencrypted(request, connection, services)) return
  throw new LatchkeyError('https_required', {
    detail: 'Call this server by https; its proxy says that you did not.',
  })
}

/**
 * Asked wherever the session cookie is set or read: the page that calls is the issuer's own or a listed one.
 * Throws `origin_refused`, for a request without an Origin too: a browser always sends one with these methods.
 */
export function requireKnownOrigin(request: Request, services: Services): void {
  const origin = request.headers.get('origin')
  if (origin !== null && isKnownOrigin(origin, services)) return
  throw new LatchkeyError('origin_refused', {
    detail: 'A session in a cookie needs a page of the issuer, or of an origin listed in LATCHKEY_ORIGINS.',
  })
}

/** Whether pages of this origin may call with credentials. */
export function isKnownOrigin(origin: string, services: Services): boolean {
  return origin === new URL(services.issuer).origin || services.origins.has(origin)
}
