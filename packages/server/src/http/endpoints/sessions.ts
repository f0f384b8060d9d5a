// GET /user/sessions, DELETE /user/sessions/:id
import { LatchkeyError } from 'latchkey'
import { auditOf } from '../../auth/audit.ts'
import { endingOf } from '../../auth/logout.ts'
import { shownSession } from '../../auth/profile.ts'
import type { Call } from '../call.ts'
import { json, noContent } from '../reply.ts'
import { requirePrincipal } from '../steps.ts'

export async function listSessions(call: Call): Promise<Response> {
  const { user, session: current } = requirePrincipal(call)
  const { store, clock } = call.services.auth
  const sessions = await store.sessionsOfUser(user.id, Math.floor(clock() / 1000))
  const items = sessions.map(session => ({ ...shownSession(session), current: session.id === current?.id }))
  return json({ items, next: null })
}

/** Somebody else's session is not there. */
export async function endOwnSession(call: Call): Promise<Response> {
  const { auth } = call.services
  const { user } = requirePrincipal(call)
  const sessions = await auth.store.sessionsOfUser(user.id, Math.floor(auth.clock() / 1000))
  const session = sessions.find(one => one.id === call.params['id'])
  if (session === undefined) throw new LatchkeyError('not_found')
  const audit = auditOf(auth, 'session_ended', call.caller, { userId: user.id, sessionId: session.id })
  auth.revocations.apply(await auth.store.endSession(session.id, endingOf(auth, 'ended_by_user', audit)))
  return noContent()
}
