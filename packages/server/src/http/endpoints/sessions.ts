// GET /user/sessions, DELETE /user/sessions/:id
import { endOwnSession } from '../../auth/end-own-session.ts'
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

export async function dropSession(call: Call): Promise<Response> {
  await endOwnSession(call.services.auth, requirePrincipal(call).user, call.params['id'] ?? '', call.caller)
  return noContent()
}
