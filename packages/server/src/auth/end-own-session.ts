// One of a user's own sessions, ended by them.
import { LatchkeyError } from 'latchkey'
import type { UserRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { endingOf } from './logout.ts'

/** Throws `not_found` for a session that is not this user's: somebody else's is not there. */
export async function endOwnSession(
  context: AuthContext,
  user: UserRecord,
  sessionId: string,
  caller: Caller,
): Promise<void> {
  const sessions = await context.store.sessionsOfUser(user.id, Math.floor(context.clock() / 1000))
  const session = sessions.find(one => one.id === sessionId)
  if (session === undefined) throw new LatchkeyError('not_found')
  const audit = auditOf(context, 'session_ended', caller, { userId: user.id, sessionId: session.id })
  context.revocations.apply(
    await context.store.endSession(session.id, endingOf(context, 'ended_by_user', audit)),
  )
}
