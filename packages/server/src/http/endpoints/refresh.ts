// POST /user/refresh
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { refresh } from '../../auth/refresh.ts'
import type { Call } from '../call.ts'
import { asProblem, granted, problem, withCookies } from '../reply.ts'
import type { renewal } from '../shapes.ts'
import { requireKnownOrigin } from '../steps.ts'

export async function renew({
  request,
  body,
  services,
  caller,
}: Call<z.output<typeof renewal>>): Promise<Response> {
  const fromCookie = services.cookie.read(request.headers)
  if (fromCookie === undefined) {
    if (body.refresh_token === undefined) {
      throw new LatchkeyError('missing_token', { detail: 'Send the refresh_token of the last answer.' })
    }
    const asked = { refreshToken: body.refresh_token, attempt: body.attempt, transport: 'body' } as const
    return granted(await refresh(services.auth, asked, caller), services.cookie)
  }
  requireKnownOrigin(request, services)
  if (body.refresh_token !== undefined) {
    throw new LatchkeyError('invalid_request', {
      detail: 'A refresh token came in the body and another in the cookie.',
    })
  }
  try {
    const asked = { refreshToken: fromCookie, attempt: body.attempt, transport: 'cookie' } as const
    return granted(await refresh(services.auth, asked, caller), services.cookie)
  } catch (error) {
    const refusal = asProblem(error)
    if (refusal.status >= 500) throw error
    // A browser that keeps a dead cookie would present it for ever.
    return withCookies(problem(refusal, services.denyStatus), services.cookie.clear())
  }
}
