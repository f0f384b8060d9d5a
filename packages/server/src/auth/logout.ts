// Signing out: of one session or of all. Idempotent; the access tokens are dead before the answer leaves.
import type { SessionEnd, SessionId, UserId } from '../store/records.ts'
import type { Ending } from '../store/store.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { isLive, revocationEnd } from './sessions.ts'

export interface LogoutRequest {
  sessionId: SessionId
  userId: UserId
  all: boolean
}

/**
 * Ends the session, or every session of its user, and revokes their access tokens. A session that had ended or
 * expired before ends no other: an old token that was stolen since must not sign its owner out everywhere.
 */
export async function logout(context: AuthContext, request: LogoutRequest, caller: Caller): Promise<void> {
  const { store } = context
  const { sessionId, userId } = request
  if (!request.all) {
    const ending = endingOf(context, 'logout', auditOf(context, 'logout', caller, { userId, sessionId }))
    context.revocations.apply(await store.endSession(sessionId, ending))
    return
  }
  const session = await store.findSession(sessionId)
  if (session === undefined || !isLive(session, context)) return
  await logoutEverywhere(context, userId, caller)
}

/** Ends every session of a user. */
export async function logoutEverywhere(context: AuthContext, userId: UserId, caller: Caller): Promise<void> {
  const ending = endingOf(context, 'logout_all', auditOf(context, 'logout_all', caller, { userId }))
  context.revocations.apply(await context.store.endSessionsOfUser(userId, ending))
}

/** What the verbs that end sessions ask for, from the present instant. */
export function endingOf(context: AuthContext, why: SessionEnd, audit: Ending['audit']): Ending {
  const nowMs = context.clock()
  return { why, now: Math.floor(nowMs / 1000), revocationExpiresAt: revocationEnd(context, nowMs), audit }
}
