// Who is looking at a page.
import type { SessionRecord, UserRecord } from '../store/records.ts'
import type { AuthContext } from './context.ts'
import { isPageTokenOf, readPageToken } from './page-token.ts'
import { isLive } from './sessions.ts'

const touchEachSeconds = 60

/**
 * Whom a page's handle stands for, as the store knows them now; undefined when it is not ours, its session has ended
 * or its user is disabled. Using a page counts as using the session, once a minute.
 */
export async function findPageSession(
  context: AuthContext,
  text: string,
): Promise<{ user: UserRecord; session: SessionRecord } | undefined> {
  const token = readPageToken(context.master, text)
  if (token === undefined) return undefined
  const session = await context.store.findSession(token.sessionId)
  if (session === undefined || !isPageTokenOf(token, session.salt)) return undefined
  if (session.transport !== 'cookie' || !isLive(session, context)) return undefined
  const user = await context.store.findUser(session.userId)
  if (user === undefined || user.disabledAt !== undefined) return undefined
  const now = Math.floor(context.clock() / 1000)
  if (now - session.lastSeen >= touchEachSeconds)
    await context.store.touchSession(session.id, { now, idleSeconds: context.rules.sessionIdle })
  return { user, session }
}
