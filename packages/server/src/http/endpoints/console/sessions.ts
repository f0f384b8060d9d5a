// /admin/sessions
import { endSession } from '../../../auth/admin.ts'
import { isLive } from '../../../auth/sessions.ts'
import { sessionPage, sessionsPage } from '../../../pages/console/sessions.tsx'
import type { SessionId } from '../../../store/records.ts'
import type { Call } from '../../call.ts'
import { seeOther } from '../../html.ts'
import { requirePrincipal } from '../../steps.ts'
import { actorOf } from '../admin-users.ts'
import { consoleHtml, frameOf, namesOf, notFound } from './console-frame.ts'
import { findWanted } from './find-wanted.ts'
import { consolePage, pageLinks } from './page-links.ts'

export async function showSessions(call: Call): Promise<Response> {
  const { store, clock } = call.services.auth
  const now = Math.floor(clock() / 1000)
  const wanted = call.query.get('user')?.trim() ?? ''
  const user = await findWanted(call, wanted)
  const page =
    wanted === ''
      ? await store.listSessions({ ...consolePage(call), now })
      : { items: user === undefined ? [] : await store.sessionsOfUser(user.id, now), next: undefined }
  const names = await namesOf(
    call,
    page.items.map(session => session.userId),
  )
  const shown = sessionsPage({
    frame: frameOf(call),
    sessions: page.items,
    nameOf: names,
    wanted,
    ownId: requirePrincipal(call).session?.id,
    ...pageLinks(call, page.next),
  })
  return consoleHtml(shown)
}

export async function showSession(call: Call): Promise<Response> {
  const { auth } = call.services
  // Any text may be asked for; only a real id finds a session.
  const session = (await auth.store.findSession(call.params['id'] as SessionId)) ?? notFound()
  const user = await auth.store.findUser(session.userId)
  const page = sessionPage({
    frame: frameOf(call),
    session,
    user,
    isLive: isLive(session, auth),
    isOwn: session.id === requirePrincipal(call).session?.id,
  })
  return consoleHtml(page)
}

export async function takeSessionEnd(call: Call): Promise<Response> {
  const id = call.params['id'] ?? ''
  await endSession(call.services.auth, id, actorOf(call))
  return seeOther(`/admin/sessions/${id}?done=session-ended`)
}
