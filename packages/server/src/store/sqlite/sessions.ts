// The verbs of sessions: start, rotate, end.
import { randomBytes } from 'node:crypto'
import type {
  AccessId,
  AuditRecord,
  NewMail,
  RevocationRecord,
  SessionEnd,
  SessionId,
  SessionRecord,
  UserId,
} from '../records.ts'
import { judgeRotation } from '../rotation.ts'
import type { Ending, Rotation, RotationOutcome, SessionStart } from '../store.ts'
import { type Connection, writeAudit, writeRevocation } from './connection.ts'
import { queueMail } from './mails.ts'
import { placeholders, type Row, rowFromSession, sessionColumns, sessionFromRow } from './rows.ts'

/** Whether a session has not been ended. */
export function isLive(db: Connection, id: SessionId): boolean {
  return db.prepare('SELECT 1 FROM sessions WHERE id = ? AND revoked_at IS NULL').get(id) !== undefined
}

export function startSession(
  db: Connection,
  start: SessionStart,
): { kind: 'started'; ended: RevocationRecord[] } | { kind: 'user_changed' } {
  const { session, user } = start
  const unchanged = db
    .prepare(
      'SELECT 1 FROM users WHERE id = ? AND disabled_at IS NULL AND password_changed_at = ? AND roles = ?',
    )
    .get(session.userId, user.passwordChangedAt, JSON.stringify(user.roles))
  if (unchanged === undefined) return { kind: 'user_changed' }
  const crowd = db
    .prepare(
      'SELECT id, access_id FROM sessions WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ? AND idle_expires_at > ? ' +
        'ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?',
    )
    .all(session.userId, session.createdAt, session.createdAt, start.maxSessions - 1)
  const ended = crowd.map(row =>
    revokeSession(db, row as SessionIds, {
      why: 'too_many',
      now: session.createdAt,
      revocationExpiresAt: start.revocationExpiresAt,
    }),
  )
  if (start.newDeviceMail !== undefined && isNewDevice(db, session)) queueMail(db, start.newDeviceMail)
  db.prepare(`INSERT INTO sessions (${sessionColumns}) VALUES (${placeholders(sessionColumns)})`).run(
    rowFromSession(session),
  )
  writeAudit(db, start.audit)
  return { kind: 'started', ended }
}

/** Whether the user has signed in before, and never with this device's name. */
function isNewDevice(db: Connection, session: SessionRecord): boolean {
  const seen = db
    .prepare(
      'SELECT count(*) AS sessions, count(*) FILTER (WHERE device IS ?) AS same FROM sessions WHERE user_id = ?',
    )
    .get(session.device ?? null, session.userId)
  return Number(seen?.['sessions']) > 0 && Number(seen?.['same']) === 0
}

export function findSession(db: Connection, id: SessionId): SessionRecord | undefined {
  const row = db.prepare(`SELECT ${sessionColumns} FROM sessions WHERE id = ?`).get(id)
  return row === undefined ? undefined : sessionFromRow(row as Row)
}

/** Keeps a session that was used without being renewed. */
export function touchSession(
  db: Connection,
  { id, now, idleSeconds }: { id: SessionId; now: number; idleSeconds: number },
): void {
  db.prepare(
    'UPDATE sessions SET last_seen = ?, idle_expires_at = min(?, expires_at) ' +
      'WHERE id = ? AND revoked_at IS NULL AND last_seen < ?',
  ).run(now, now + idleSeconds, id, now)
}

export function rotateSession(
  db: Connection,
  { rotation, audit }: { rotation: Rotation; audit: Record<'reused' | 'ahead', AuditRecord> },
): RotationOutcome {
  const session = findSession(db, rotation.id)
  if (session === undefined) return { kind: 'missing' }
  const verdict = judgeRotation(session, rotation)
  switch (verdict) {
    case 'kept':
    case 'repeated':
      return { kind: verdict, session }
    case 'ahead':
      writeAudit(db, { ...audit.ahead, userId: session.userId })
      return { kind: verdict, session: advance(db, session, rotation) }
    case 'rotated':
      return { kind: verdict, session: advance(db, session, rotation) }
    case 'reused': {
      const now = Math.floor(rotation.nowMs / 1000)
      const ids = { id: session.id, access_id: session.accessId }
      const revocation = revokeSession(db, ids, {
        why: 'reused',
        now,
        revocationExpiresAt: rotation.revocationExpiresAt,
      })
      writeAudit(db, { ...audit.reused, userId: session.userId })
      mailOwner(db, session.userId, { purpose: 'session_reused', now })
      return { kind: verdict, session, revocation }
    }
    default:
      return { kind: verdict }
  }
}

/** Tells the user by mail, when there is a verified address to tell. */
function mailOwner(
  db: Connection,
  userId: UserId,
  { purpose, now }: { purpose: NewMail['purpose']; now: number },
): void {
  const row = db.prepare('SELECT email FROM users WHERE id = ?').get(userId)
  const address = row?.['email']
  if (typeof address !== 'string') return
  queueMail(db, { purpose, userId, address, oneTimeId: undefined, createdAt: now })
}

/** The compare-and-swap: one step past the presented counter, from exactly the row that was judged. */
function advance(db: Connection, session: SessionRecord, rotation: Rotation): SessionRecord {
  const now = Math.floor(rotation.nowMs / 1000)
  const next: SessionRecord = {
    ...session,
    keyVersion: rotation.currentKeyVersion,
    counter: rotation.counter + 1,
    attemptHash: rotation.attemptHash,
    rotatedAtMs: rotation.nowMs,
    lastSeen: now,
    idleExpiresAt: Math.min(now + rotation.idleSeconds, session.expiresAt),
  }
  const { changes } = db
    .prepare(
      'UPDATE sessions SET key_version = ?, counter = ?, attempt_hash = ?, rotated_at_ms = ?, last_seen = ?, idle_expires_at = ? ' +
        'WHERE id = ? AND counter = ? AND revoked_at IS NULL',
    )
    .run(
      next.keyVersion,
      next.counter,
      next.attemptHash ?? null,
      rotation.nowMs,
      now,
      next.idleExpiresAt,
      session.id,
      session.counter,
    )
  if (changes !== 1) throw new Error('a session changed inside a write transaction')
  return next
}

export function endSession(
  db: Connection,
  { id, ending }: { id: SessionId; ending: Ending },
): RevocationRecord[] {
  const session = findSession(db, id)
  if (session === undefined || session.revokedAt !== undefined) return []
  writeAudit(db, { ...ending.audit, userId: session.userId })
  return [revokeSession(db, { id, access_id: session.accessId }, ending)]
}

/** Ends a user's live sessions but the kept one, with an audit row when there was any. */
export function endSessionsOfUser(
  db: Connection,
  { id, ending }: { id: UserId; ending: Ending },
): RevocationRecord[] {
  const revoked = revokeSessionsOfUser(db, id, ending)
  if (revoked.length > 0) writeAudit(db, ending.audit)
  return revoked
}

export function revokeSessionsOfUser(
  db: Connection,
  userId: UserId,
  ending: Omit<Ending, 'audit'>,
  keep?: SessionId,
): RevocationRecord[] {
  return liveSessions(db, userId)
    .filter(ids => ids.id !== keep)
    .map(ids => revokeSession(db, ids, ending))
}

/** Ends every session there is; no refresh token derived so far fits its new salt. */
export function revokeEverySession(db: Connection, ending: Omit<Ending, 'audit'>): RevocationRecord[] {
  const live = db.prepare('SELECT id, access_id FROM sessions WHERE revoked_at IS NULL').all() as SessionIds[]
  const revoked = live.map(ids => revokeSession(db, ids, ending))
  db.prepare('UPDATE sessions SET salt = randomblob(16)').run()
  return revoked
}

/** Gives the live sessions new access ids, so that access tokens so far die and the sessions go on. */
export function renewAccessIds(
  db: Connection,
  userId: UserId,
  { scope, revocationExpiresAt }: { scope: string; revocationExpiresAt: number },
): RevocationRecord[] {
  return liveSessions(db, userId).map(ids => {
    const accessId = randomBytes(16).toString('base64url') as AccessId
    db.prepare('UPDATE sessions SET access_id = ?, scope = ? WHERE id = ?').run(accessId, scope, ids.id)
    return writeRevocation(db, { kind: 'session', id: ids.access_id, expiresAt: revocationExpiresAt })
  })
}

type SessionIds = { id: SessionId; access_id: AccessId }

function liveSessions(db: Connection, userId: UserId): SessionIds[] {
  return db
    .prepare('SELECT id, access_id FROM sessions WHERE user_id = ? AND revoked_at IS NULL')
    .all(userId) as SessionIds[]
}

function revokeSession(
  db: Connection,
  ids: SessionIds,
  { why, now, revocationExpiresAt }: { why: SessionEnd; now: number; revocationExpiresAt: number },
): RevocationRecord {
  db.prepare('UPDATE sessions SET revoked_at = ?, revoked_why = ? WHERE id = ?').run(now, why, ids.id)
  return writeRevocation(db, { kind: 'session', id: ids.access_id, expiresAt: revocationExpiresAt })
}
