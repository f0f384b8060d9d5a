// The verbs of sessions: start, rotate, end.
import { randomBytes } from 'node:crypto'
import type {
  AccessId,
  AuditRecord,
  NewMail,
  RevocationRecord,
  SessionId,
  SessionRecord,
  UserId,
} from '../records.ts'
import { judgeRotation, type RotationVerdict } from '../rotation.ts'
import { rowFromSession, sessionColumns, sessionFromRow } from '../sqlite/rows.ts'
import type { Ending, Rotation, RotationOutcome, SessionStart } from '../store.ts'
import { queueMail } from './mails.ts'
import type { Database, Query } from './pool.ts'
import { insert, instantMs, writeAudit, writeRevocations } from './statements.ts'

/** Whether a session has not been ended. */
export async function isLive(query: Query, id: SessionId): Promise<boolean> {
  const { rows } = await query('SELECT 1 FROM sessions WHERE id = $1 AND revoked_at IS NULL', [id])
  return rows.length > 0
}

export async function startSession(
  query: Query,
  start: SessionStart,
): Promise<{ kind: 'started'; ended: RevocationRecord[] } | { kind: 'user_changed' }> {
  const { session, user } = start
  // The row stays locked: a password change, a ban or another sign-in of this user waits for this one.
  const unchanged = await query(
    'SELECT 1 FROM users WHERE id = $1 AND disabled_at IS NULL AND password_changed_at = $2 AND roles = $3 FOR NO KEY UPDATE',
    [session.userId, user.passwordChangedAt, JSON.stringify(user.roles)],
  )
  if (unchanged.count === 0) return { kind: 'user_changed' }
  const crowd = await query(
    'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND idle_expires_at > $2 ' +
      'ORDER BY created_at DESC, id DESC OFFSET $3',
    [session.userId, session.createdAt, start.maxSessions - 1],
  )
  const ended =
    crowd.count === 0
      ? []
      : await revokeSessions(query, {
          where: 'id = ANY($4::text[])',
          value: crowd.rows.map(row => row['id']),
          ending: {
            why: 'too_many',
            now: session.createdAt,
            revocationExpiresAt: start.revocationExpiresAt,
          },
        })
  if (start.newDeviceMail !== undefined && (await isNewDevice(query, session)))
    await queueMail(query, start.newDeviceMail)
  await insert(query, 'sessions', rowFromSession(session))
  await writeAudit(query, start.audit)
  return { kind: 'started', ended }
}

/** Whether the user has signed in before, and never with this device's name. */
async function isNewDevice(query: Query, session: SessionRecord): Promise<boolean> {
  const { rows } = await query(
    'SELECT count(*) AS sessions, count(*) FILTER (WHERE device IS NOT DISTINCT FROM $1) AS same FROM sessions WHERE user_id = $2',
    [session.device ?? null, session.userId],
  )
  return Number(rows[0]?.['sessions']) > 0 && Number(rows[0]?.['same']) === 0
}

export async function findSession(query: Query, id: SessionId): Promise<SessionRecord | undefined> {
  const { rows } = await query(`SELECT ${sessionColumns} FROM sessions WHERE id = $1`, [id])
  return rows[0] && sessionFromRow(rows[0])
}

/** Keeps a session that was used without being renewed. */
export async function touchSession(
  query: Query,
  { id, now, idleSeconds }: { id: SessionId; now: number; idleSeconds: number },
): Promise<void> {
  await query(
    'UPDATE sessions SET last_seen = $1::bigint, idle_expires_at = least($1::bigint + $2::bigint, expires_at) ' +
      'WHERE id = $3 AND revoked_at IS NULL AND last_seen < $1::bigint',
    [now, idleSeconds, id],
  )
}

export async function findSessionByAccessId(query: Query, id: AccessId): Promise<SessionRecord | undefined> {
  const { rows } = await query(`SELECT ${sessionColumns} FROM sessions WHERE access_id = $1`, [id])
  return rows[0] && sessionFromRow(rows[0])
}

export interface Presented {
  rotation: Rotation
  /** The instant when it is not the database's own that counts. */
  nowMs: number | undefined
  audit: Record<'reused' | 'ahead', AuditRecord>
}

/**
 * Most refreshes are good and alone: one compare-and-swap. Of the others most change nothing and are judged by a
 * read; what is left is judged again with the row locked, and acted on.
 */
export async function rotateSession(database: Database, presented: Presented): Promise<RotationOutcome> {
  const swapped = await swap(database.query, presented)
  if (swapped !== undefined) return { kind: 'rotated', session: swapped }
  const judged = await judge(database.query, presented, '')
  if (judged === undefined) return { kind: 'missing' }
  const { verdict, session } = judged
  if (verdict === 'kept' || verdict === 'repeated') return { kind: verdict, session }
  if (verdict === 'rotated' || verdict === 'ahead' || verdict === 'reused')
    return database.transaction(query => judgeAndAct(query, presented))
  return { kind: verdict }
}

const returned = sessionColumns.replaceAll(/\w+/g, 's.$&')

/**
 * Rotates a session for which `judgeRotation` says so, and nothing else. A statement that waited for another one's
 * row sees its new state with its own older instant: within the grace, so it does nothing.
 */
async function swap(query: Query, { rotation, nowMs }: Presented): Promise<SessionRecord | undefined> {
  const { rows } = await query(
    `WITH clock AS MATERIALIZED (SELECT ${instantMs(1)} AS ms) ` +
      'UPDATE sessions s SET key_version = $2::integer, counter = s.counter + 1, attempt_hash = $3, rotated_at_ms = clock.ms, ' +
      'last_seen = clock.ms / 1000, idle_expires_at = least(clock.ms / 1000 + $4::bigint, s.expires_at) FROM clock ' +
      'WHERE s.id = $5 AND s.counter = $6 AND s.revoked_at IS NULL ' +
      'AND ($7::integer = $2::integer OR s.key_version = $7::integer) ' +
      'AND s.idle_expires_at > clock.ms / 1000 AND s.expires_at > clock.ms / 1000 ' +
      'AND (s.rotated_at_ms IS NULL OR abs(clock.ms - s.rotated_at_ms) > $8::bigint) ' +
      `RETURNING ${returned}`,
    [
      nowMs ?? null,
      rotation.currentKeyVersion,
      rotation.attemptHash ?? null,
      rotation.idleSeconds,
      rotation.id,
      rotation.counter,
      rotation.keyVersion,
      rotation.graceMs,
    ],
  )
  return rows[0] && sessionFromRow(rows[0])
}

interface Judged {
  session: SessionRecord
  /** What was presented, at the instant that counts. */
  presented: Rotation
  verdict: RotationVerdict
}

async function judge(
  query: Query,
  { rotation, nowMs }: Presented,
  lock: '' | 'FOR NO KEY UPDATE',
): Promise<Judged | undefined> {
  const found = await query(`SELECT ${sessionColumns} FROM sessions WHERE id = $1 ${lock}`, [rotation.id])
  if (found.rows[0] === undefined) return undefined
  const session = sessionFromRow(found.rows[0])
  // Only now: the lock may have been waited for.
  const instant = await query(`SELECT ${instantMs(1)} AS ms`, [nowMs ?? null])
  const presented: Rotation = { ...rotation, nowMs: Number(instant.rows[0]?.['ms']) }
  return { session, presented, verdict: judgeRotation(session, presented) }
}

async function judgeAndAct(query: Query, asked: Presented): Promise<RotationOutcome> {
  const { rotation, audit } = asked
  const judged = await judge(query, asked, 'FOR NO KEY UPDATE')
  if (judged === undefined) return { kind: 'missing' }
  const { session, presented, verdict } = judged
  switch (verdict) {
    case 'kept':
    case 'repeated':
      return { kind: verdict, session }
    case 'ahead':
      await writeAudit(query, { ...audit.ahead, userId: session.userId })
      return { kind: verdict, session: await advance(query, session, presented) }
    case 'rotated':
      return { kind: verdict, session: await advance(query, session, presented) }
    case 'reused': {
      const now = Math.floor(presented.nowMs / 1000)
      const revocationExpiresAt = rotation.revocationExpiresAt
      await query("UPDATE sessions SET revoked_at = $1, revoked_why = 'reused' WHERE id = $2", [
        now,
        session.id,
      ])
      const revocation = { kind: 'session', id: session.accessId, expiresAt: revocationExpiresAt } as const
      await writeRevocations(query, [revocation])
      await writeAudit(query, { ...audit.reused, userId: session.userId })
      await mailOwner(query, session.userId, { purpose: 'session_reused', now })
      return { kind: verdict, session, revocation }
    }
    default:
      return { kind: verdict }
  }
}

/** Tells the user by mail, when there is a verified address to tell. */
async function mailOwner(
  query: Query,
  userId: UserId,
  { purpose, now }: { purpose: NewMail['purpose']; now: number },
): Promise<void> {
  const { rows } = await query('SELECT email FROM users WHERE id = $1', [userId])
  const address = rows[0]?.['email']
  if (typeof address !== 'string') return
  await queueMail(query, { purpose, userId, address, oneTimeId: undefined, createdAt: now })
}

/** One step past the presented counter, from the locked row that was judged. */
async function advance(query: Query, session: SessionRecord, rotation: Rotation): Promise<SessionRecord> {
  const now = Math.floor(rotation.nowMs / 1000)
  const { rows } = await query(
    'UPDATE sessions SET key_version = $1, counter = $2, attempt_hash = $3, rotated_at_ms = $4, last_seen = $5, ' +
      `idle_expires_at = least($5::bigint + $6, expires_at) WHERE id = $7 RETURNING ${sessionColumns}`,
    [
      rotation.currentKeyVersion,
      rotation.counter + 1,
      rotation.attemptHash ?? null,
      rotation.nowMs,
      now,
      rotation.idleSeconds,
      session.id,
    ],
  )
  if (rows[0] === undefined) throw new Error('a locked session vanished')
  return sessionFromRow(rows[0])
}

export async function endSession(
  query: Query,
  { id, ending }: { id: SessionId; ending: Ending },
): Promise<RevocationRecord[]> {
  const { rows } = await query(
    'UPDATE sessions SET revoked_at = $1, revoked_why = $2 WHERE id = $3 AND revoked_at IS NULL RETURNING access_id, user_id',
    [ending.now, ending.why, id],
  )
  const [ended] = rows
  if (ended === undefined) return []
  // The column holds the id of the user that the session is of.
  await writeAudit(query, { ...ending.audit, userId: ended['user_id'] as UserId })
  return writeRevocations(query, [
    { kind: 'session', id: String(ended['access_id']), expiresAt: ending.revocationExpiresAt },
  ])
}

/** Ends a user's live sessions, with an audit row when there was any. */
export async function endSessionsOfUser(
  query: Query,
  { id, ending }: { id: UserId; ending: Ending },
): Promise<RevocationRecord[]> {
  const revoked = await revokeSessionsOfUser(query, id, ending)
  if (revoked.length > 0) await writeAudit(query, ending.audit)
  return revoked
}

/** Ends a user's live sessions but the kept one. */
export function revokeSessionsOfUser(
  query: Query,
  userId: UserId,
  ending: Omit<Ending, 'audit'>,
  keep?: SessionId,
): Promise<RevocationRecord[]> {
  return revokeSessions(query, {
    where: 'user_id = $4 AND id IS DISTINCT FROM $5',
    value: userId,
    keep: keep ?? null,
    ending,
  })
}

/** Ends every session there is; no refresh token derived so far fits its new salt. */
export async function revokeEverySession(
  query: Query,
  ending: Omit<Ending, 'audit'>,
): Promise<RevocationRecord[]> {
  const revoked = await revokeSessions(query, { where: '$4', value: true, ending })
  // Sixteen bytes, 122 random bits in them, from the generator that PostgreSQL 13 and newer have built in.
  await query("UPDATE sessions SET salt = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')")
  return revoked
}

interface Revoking {
  /** Which live sessions: a condition of ours over `value` at $4 and `keep` at $5. */
  where: string
  value: unknown
  keep?: string | null
  ending: Omit<Ending, 'audit'>
}

async function revokeSessions(
  query: Query,
  { where, value, keep, ending }: Revoking,
): Promise<RevocationRecord[]> {
  const { rows } = await query(
    'UPDATE sessions SET revoked_at = $1, revoked_why = $2 WHERE revoked_at IS NULL AND ' +
      `${where} RETURNING access_id, $3::bigint AS expires_at`,
    [ending.now, ending.why, ending.revocationExpiresAt, value, ...(keep === undefined ? [] : [keep])],
  )
  return writeRevocations(
    query,
    rows.map(row => ({
      kind: 'session',
      id: String(row['access_id']),
      expiresAt: ending.revocationExpiresAt,
    })),
  )
}

/** Gives the live sessions new access ids, so that access tokens so far die and the sessions go on. */
export async function renewAccessIds(
  query: Query,
  userId: UserId,
  { scope, revocationExpiresAt }: { scope: string; revocationExpiresAt: number },
): Promise<RevocationRecord[]> {
  const { rows } = await query(
    'SELECT id, access_id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL FOR NO KEY UPDATE',
    [userId],
  )
  await query(
    'UPDATE sessions SET access_id = fresh.access_id, scope = $1 ' +
      'FROM unnest($2::text[], $3::text[]) AS fresh (id, access_id) WHERE sessions.id = fresh.id',
    [scope, rows.map(row => row['id']), rows.map(() => randomBytes(16).toString('base64url'))],
  )
  return writeRevocations(
    query,
    rows.map(row => ({ kind: 'session', id: String(row['access_id']), expiresAt: revocationExpiresAt })),
  )
}
