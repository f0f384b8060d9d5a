// The audit row of an event: user ids and never names, sessions by their hash.
import { createHash } from 'node:crypto'
import type { AuditEvent, AuditRecord, SessionId, UserId } from '../store/records.ts'
import type { AuthContext, Caller } from './context.ts'

interface Subject {
  userId?: UserId | undefined
  sessionId?: SessionId | undefined
  actor?: string | undefined
  detail?: string | undefined
}

export function auditOf(
  context: AuthContext,
  event: AuditEvent,
  caller: Caller,
  subject: Subject = {},
): AuditRecord {
  return {
    atMs: context.clock(),
    event,
    userId: subject.userId,
    actor: subject.actor,
    sessionHash: subject.sessionId === undefined ? undefined : hashSessionId(subject.sessionId),
    address: caller.address,
    device: caller.device,
    detail: subject.detail,
  }
}

/** How the audit log names a session without naming anything that could be presented. */
function hashSessionId(id: SessionId): string {
  return createHash('sha256').update(id).digest('base64url')
}
