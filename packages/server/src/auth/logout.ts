// Signing out: of one session or of all. Idempotent; the access tokens are dead before the answer leaves.
import type { SessionId, UserId } from '../store/records.ts'
import type { AuthContext, Caller } from './context.ts'
import { hashSessionId, revocationEnd } from './sessions.ts'

export interface LogoutRequest {
  sessionId: SessionId
  userId: UserId
  all: boolean
}

/**
 * Ends the session, or every session of its user, and revokes their access tokens. A session that had ended before
 * ends nothing more: an old token that was stolen since must not sign its owner out everywhere.
 */
export async function logout(context: AuthContext, request: LogoutRequest, caller: Caller): Promise<void> {
  if (request.all && (await context.store.findSession(request.sessionId))?.revokedAt !== undefined) return
  const nowMs = context.clock()
  const why = request.all ? 'logout_all' : 'logout'
  const ending = {
    why,
    now: Math.floor(nowMs / 1000),
    revocationExpiresAt: revocationEnd(context, nowMs),
    audit: {
      atMs: nowMs,
      event: why,
      userId: request.userId,
      sessionHash: request.all ? undefined : hashSessionId(request.sessionId),
      address: caller.address,
      detail: undefined,
    },
  } as const
  const ended = request.all
    ? await context.store.endSessionsOfUser({ ...ending, userId: request.userId })
    : await context.store.endSession({ ...ending, id: request.sessionId })
  context.revocations.apply(ended)
}
