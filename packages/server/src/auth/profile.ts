// A user's own account: seeing it, changing it, taking everything along, deleting it.
import { LatchkeyError } from 'latchkey'
import type { SessionId, SessionRecord, UserRecord } from '../store/records.ts'
import { shownApiKey } from './api-keys.ts'
import { auditOf } from './audit.ts'
import { shownAudit } from './audit-sink.ts'
import type { AuthContext, Caller } from './context.ts'
import { confirmPassword } from './login.ts'
import { endingOf } from './logout.ts'
import { requireUsername } from './register.ts'

const reservedSeconds = 90 * 86_400

/** What a user sees of themselves. */
export interface Profile {
  id: string
  username: string
  roles: readonly string[]
  name: string | null
  locale: string | null
  email: string | null
  unverified_email: string | null
  created_at: number
  password_changed_at: number
}

export function profileOf(user: UserRecord): Profile {
  return {
    id: user.id,
    username: user.username,
    roles: user.roles,
    name: user.name ?? null,
    locale: user.locale ?? null,
    email: user.email ?? null,
    unverified_email: user.unverifiedEmail ?? null,
    created_at: user.createdAt,
    password_changed_at: user.passwordChangedAt,
  }
}

export interface ProfileRequest {
  username: string | undefined
  name: string | null | undefined
  locale: string | null | undefined
}

/** Whose profile, and the session that asks; undefined for an API key. */
interface ProfileAsker {
  user: UserRecord
  sessionId: SessionId | undefined
}

/**
 * Throws `validation_failed`, `username_taken`; `token_revoked` when the session that asks has ended meanwhile. A name
 * that is given up stays reserved for 90 days.
 */
export async function changeProfile(
  context: AuthContext,
  { user, sessionId }: ProfileAsker,
  wanted: ProfileRequest,
  caller: Caller,
): Promise<UserRecord> {
  const username = wanted.username === undefined ? undefined : requireUsername(wanted.username)
  const now = Math.floor(context.clock() / 1000)
  const outcome = await context.store.changeProfile({
    id: user.id,
    sessionId,
    username,
    name: wanted.name,
    locale: wanted.locale,
    now,
    reservedUntil: now + reservedSeconds,
    audit: auditOf(context, 'user_changed', caller, { userId: user.id }),
  })
  if (outcome.kind === 'taken') throw new LatchkeyError('username_taken')
  if (outcome.kind === 'session_ended') throw new LatchkeyError('token_revoked')
  if (outcome.kind === 'missing') throw new LatchkeyError('not_found')
  return outcome.user
}

export interface DeletionRequest {
  user: UserRecord
  /** The session that asks. */
  sessionId: SessionId
  currentPassword: string
}

/**
 * Sessions and keys die with the account; its name stays reserved for 90 days. Throws `invalid_credentials`;
 * `token_revoked` when the session has ended since the password was compared.
 */
export async function deleteAccount(
  context: AuthContext,
  { user, sessionId, currentPassword }: DeletionRequest,
  caller: Caller,
): Promise<void> {
  await confirmPassword(context, user, currentPassword, caller)
  const ending = endingOf(context, 'deleted', auditOf(context, 'user_deleted', caller, { userId: user.id }))
  const reservedUntil = ending.now + reservedSeconds
  const revoked = await context.store.deleteUser({ id: user.id, sessionId, ending, reservedUntil })
  if (revoked === undefined) throw new LatchkeyError('token_revoked')
  context.revocations.apply(revoked)
}

/** Deletes an account at the word of whoever runs the server. Throws `not_found` when it is gone already. */
export async function deleteUserByOperator(
  context: AuthContext,
  user: UserRecord,
  by: Caller & { actor: string },
): Promise<void> {
  const audit = auditOf(context, 'user_deleted', by, { userId: user.id, actor: by.actor })
  const ending = endingOf(context, 'deleted', audit)
  const reservedUntil = ending.now + reservedSeconds
  const revoked = await context.store.deleteUser({ id: user.id, sessionId: undefined, ending, reservedUntil })
  if (revoked === undefined) throw new LatchkeyError('not_found')
  context.revocations.apply(revoked)
}

/** Everything that is stored about a user, but what could be presented or guessed from. */
export async function exportAccount(context: AuthContext, user: UserRecord, caller: Caller): Promise<object> {
  const now = Math.floor(context.clock() / 1000)
  const [sessions, keys, audit] = await Promise.all([
    context.store.sessionsOfUser(user.id, now),
    context.store.apiKeysOfUser(user.id),
    context.store.listAudit({
      userId: user.id,
      event: undefined,
      search: undefined,
      cursor: undefined,
      limit: 10_000,
    }),
  ])
  await context.store.writeAudit(auditOf(context, 'data_exported', caller, { userId: user.id }))
  return {
    user: profileOf(user),
    sessions: sessions.map(session => ({ ...shownSession(session), address: session.address ?? null })),
    api_keys: keys.map(shownApiKey),
    // Who else had a hand in it, and where they were, is about them.
    audit: audit.items.map(row => {
      const { actor, ...shown } = shownAudit(row)
      return actor === null || actor === user.id ? shown : { ...shown, address: null, device: null }
    }),
  }
}

/** A session as its user sees it. */
export interface ShownSession {
  id: string
  device: string | null
  created_at: number
  last_seen: number
  expires_at: number
}

export function shownSession(session: SessionRecord): ShownSession {
  return {
    id: session.id,
    device: session.device ?? null,
    created_at: session.createdAt,
    last_seen: session.lastSeen,
    expires_at: Math.min(session.idleExpiresAt, session.expiresAt),
  }
}
