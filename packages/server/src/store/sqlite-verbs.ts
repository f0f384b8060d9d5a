// Each writing verb of the store as one function on an open SQLite connection. The writer runs a verb inside a
// savepoint of a transaction it holds with BEGIN IMMEDIATE, so what a verb reads is still true when it writes.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type {
  AuditRecord,
  RevocationRecord,
  SessionEnd,
  SessionId,
  SessionRecord,
  SigningKeyRecord,
  UserId,
  UserRecord,
} from './records.ts'
import { judgeRotation } from './rotation.ts'
import {
  type Row,
  rowFromSession,
  rowFromUser,
  sessionColumns,
  sessionFromRow,
  signingKeyFromRow,
  userColumns,
} from './sqlite-rows.ts'
import type { Rotation, RotationOutcome, SessionEnding, SessionStart } from './store.ts'

export type Connection = { prepare(sql: string): StatementSync }

/** A connection that prepares each statement once. */
export function preparing(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>()
  return {
    prepare(sql) {
      let statement = statements.get(sql)
      if (statement === undefined) {
        statement = database.prepare(sql)
        statements.set(sql, statement)
      }
      return statement
    },
  }
}

const placeholders = (columns: string): string => columns.replaceAll(/\w+/g, ':$&')

function claimMasterKeyCheck(db: Connection, check: Uint8Array): Uint8Array {
  db.prepare('INSERT INTO master_key (version, check_value) VALUES (1, ?) ON CONFLICT DO NOTHING').run(check)
  return masterKeyCheck(db) ?? check
}

export function masterKeyCheck(db: Connection): Uint8Array | undefined {
  const row = db.prepare('SELECT check_value FROM master_key WHERE version = 1').get()
  return row?.['check_value'] as Uint8Array | undefined
}

function claimSigningKey(db: Connection, key: SigningKeyRecord): SigningKeyRecord[] {
  db.prepare(
    'INSERT INTO signing_keys (kid, alg, wrapped, key_version, created_at) ' +
      'SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE alg = ?)',
  ).run(key.kid, key.alg, key.wrapped, key.keyVersion, key.createdAt, key.alg)
  return signingKeys(db)
}

export function signingKeys(db: Connection): SigningKeyRecord[] {
  return db.prepare('SELECT * FROM signing_keys ORDER BY created_at, kid').all().map(signingKeyFromRow)
}

function createUser(
  db: Connection,
  { user, audit }: { user: UserRecord; audit: AuditRecord },
): { kind: 'created' | 'taken' } {
  const { changes } = db
    .prepare(
      `INSERT INTO users (${userColumns}) VALUES (${placeholders(userColumns)}) ON CONFLICT DO NOTHING`,
    )
    .run(rowFromUser(user))
  if (changes === 0) return { kind: 'taken' }
  writeAudit(db, audit)
  return { kind: 'created' }
}

function replacePasswordHash(db: Connection, change: { id: UserId; from: string; to: string }): void {
  db.prepare('UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?').run(
    change.to,
    change.id,
    change.from,
  )
}

function startSession(db: Connection, start: SessionStart): { ended: RevocationRecord[] } {
  const { session } = start
  const crowd = db
    .prepare(
      'SELECT id FROM sessions WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ? AND idle_expires_at > ? ' +
        'ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?',
    )
    .all(session.userId, session.createdAt, session.createdAt, start.maxSessions - 1)
  const ended = crowd.map(row =>
    revokeSession(db, row['id'] as SessionId, 'too_many', session.createdAt, start.revocationExpiresAt),
  )
  db.prepare(`INSERT INTO sessions (${sessionColumns}) VALUES (${placeholders(sessionColumns)})`).run(
    rowFromSession(session),
  )
  writeAudit(db, start.audit)
  return { ended }
}

export function findSession(db: Connection, id: SessionId): SessionRecord | undefined {
  const row = db.prepare(`SELECT ${sessionColumns} FROM sessions WHERE id = ?`).get(id)
  return row === undefined ? undefined : sessionFromRow(row as Row)
}

function rotateSession(
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
      const revocation = revokeSession(db, session.id, 'reused', now, rotation.revocationExpiresAt)
      writeAudit(db, { ...audit.reused, userId: session.userId })
      return { kind: verdict, session, revocation }
    }
    default:
      return { kind: verdict }
  }
}

/** The compare-and-swap: one step past the presented counter, from exactly the row that was judged. */
function advance(db: Connection, session: SessionRecord, rotation: Rotation): SessionRecord {
  const now = Math.floor(rotation.nowMs / 1000)
  const next: SessionRecord = {
    ...session,
    counter: rotation.counter + 1,
    attemptHash: rotation.attemptHash,
    rotatedAtMs: rotation.nowMs,
    lastSeen: now,
    idleExpiresAt: Math.min(now + rotation.idleSeconds, session.expiresAt),
  }
  const { changes } = db
    .prepare(
      'UPDATE sessions SET counter = ?, attempt_hash = ?, rotated_at_ms = ?, last_seen = ?, idle_expires_at = ? ' +
        'WHERE id = ? AND counter = ? AND revoked_at IS NULL',
    )
    .run(
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

function endSession(db: Connection, ending: SessionEnding): RevocationRecord[] {
  const session = findSession(db, ending.id)
  if (session === undefined || session.revokedAt !== undefined) return []
  writeAudit(db, { ...ending.audit, userId: session.userId })
  return [revokeSession(db, ending.id, ending.why, ending.now, ending.revocationExpiresAt)]
}

function endSessionsOfUser(
  db: Connection,
  ending: Omit<SessionEnding, 'id'> & { userId: UserId },
): RevocationRecord[] {
  const live = db
    .prepare('SELECT id FROM sessions WHERE user_id = ? AND revoked_at IS NULL')
    .all(ending.userId)
  if (live.length > 0) writeAudit(db, ending.audit)
  return live.map(row =>
    revokeSession(db, row['id'] as SessionId, ending.why, ending.now, ending.revocationExpiresAt),
  )
}

function revokeSession(
  db: Connection,
  id: SessionId,
  why: SessionEnd,
  now: number,
  expiresAt: number,
): RevocationRecord {
  db.prepare('UPDATE sessions SET revoked_at = ?, revoked_why = ? WHERE id = ?').run(now, why, id)
  db.prepare("INSERT INTO revocations (kind, id, expires_at) VALUES ('session', ?, ?)").run(id, expiresAt)
  return { kind: 'session', id, expiresAt }
}

function writeAudit(db: Connection, audit: AuditRecord): void {
  db.prepare(
    'INSERT INTO audit (at_ms, event, user_id, session_hash, address, detail) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(
    audit.atMs,
    audit.event,
    audit.userId ?? null,
    audit.sessionHash ?? null,
    audit.address ?? null,
    audit.detail ?? null,
  )
}

/** A write that changes nothing: it proves that the file can be written. */
function touch(db: Connection): void {
  db.prepare('UPDATE master_key SET version = version WHERE version = -1').run()
}

const keepEndedSeconds = 7 * 86_400
const sweepAtOnce = 1_000

function sweep(db: Connection, now: number): void {
  db.prepare(
    'DELETE FROM revocations WHERE seq IN (SELECT seq FROM revocations WHERE expires_at <= ? LIMIT ?)',
  ).run(now, sweepAtOnce)
  db.prepare('DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? LIMIT ?)').run(
    now - keepEndedSeconds,
    sweepAtOnce,
  )
}

export const verbs = {
  claimMasterKeyCheck,
  claimSigningKey,
  createUser,
  replacePasswordHash,
  startSession,
  rotateSession,
  endSession,
  endSessionsOfUser,
  writeAudit,
  sweep,
  touch,
}

type VerbTable = typeof verbs
export type Verb = keyof VerbTable
export type VerbArgument<V extends Verb> = Parameters<VerbTable[V]>[1]
export type VerbResult<V extends Verb> = ReturnType<VerbTable[V]>
