// POST /user/logout: whatever proves the session ends it, be it expired; twice is as good as once.
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { logout } from '../../auth/logout.ts'
import { authenticate } from '../../auth/refresh.ts'
import type { AccessId, SessionId, UserId } from '../../store/records.ts'
import type { Call, Services } from '../call.ts'
import { noContent, withCookies } from '../reply.ts'
import type { farewell } from '../shapes.ts'
import { requireKnownOrigin } from '../steps.ts'

interface Proof {
  sessionId: SessionId
  userId: UserId
}

export async function signOut(call: Call<z.output<typeof farewell>>): Promise<Response> {
  const { request, body, services, caller } = call
  const cookie = services.cookie.read(request.headers)
  if (cookie !== undefined) requireKnownOrigin(request, services)

  const authorization = request.headers.get('authorization')
  const claimed = [
    ...(body.refresh_token === undefined
      ? []
      : [() => proofOfRefreshToken(body.refresh_token ?? '', services)]),
    ...(cookie === undefined ? [] : [() => proofOfRefreshToken(cookie, services)]),
    ...(authorization === null ? [] : [() => proofOfAccessToken(authorization, call)]),
  ]
  // A browser that sends its cookie asks to be signed out, whatever else it sends that proves nothing any more: its
  // session ends, and the cookie is cleared.
  const proofs: Proof[] = []
  for (const prove of claimed) {
    const found = prove().then(proof => [proof])
    proofs.push(...(await (cookie === undefined ? found : found.catch(ignoreInvalid))))
  }
  if (proofs.length === 0 && cookie === undefined) {
    throw new LatchkeyError('missing_token', {
      detail: 'Send the access token, or the refresh_token in the body.',
    })
  }
  for (const proof of proofs) await logout(services.auth, { ...proof, all: body.all ?? false }, caller)
  return withCookies(noContent(), cookie === undefined ? [] : services.cookie.clear())
}

async function proofOfRefreshToken(token: string, services: Services): Promise<Proof> {
  const { session } = await authenticate(services.auth, token)
  return { sessionId: session.id, userId: session.userId }
}

function ignoreInvalid(error: unknown): Proof[] {
  const isNone = error instanceof LatchkeyError && ['invalid_token', 'missing_token'].includes(error.code)
  if (isNone) return []
  throw error
}

async function proofOfAccessToken(authorization: string, { services }: Call): Promise<Proof> {
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token === undefined) {
    throw new LatchkeyError('missing_token', { detail: "Write 'Bearer ' with a space before the token." })
  }
  const accessId = services.readSpentToken(token)?.['sid']
  if (typeof accessId !== 'string') throw new LatchkeyError('invalid_token')
  // We signed these claims and put what the session is called there.
  const session = await services.auth.store.findSessionByAccessId(accessId as AccessId)
  if (session === undefined) throw new LatchkeyError('invalid_token')
  return { sessionId: session.id, userId: session.userId }
}
