// A session's beginning, and the grant that a beginning and each refresh answer with.
import { randomBytes } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { NewMail, SessionRecord, Transport, UserRecord } from '../store/records.ts'
import { publicUser, scopeOfRoles, signAccessToken } from './access-token.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, ExtraClaims, Grant } from './context.ts'
import { extraClaims } from './extra-claims.ts'
import { newAccessId, newSessionId } from './identifiers.ts'
import { makePageToken } from './page-token.ts'
import { makeRefreshToken } from './refresh-token.ts'

const maxSessionsPerUser = 100

export interface NewSession {
  user: UserRecord
  amr: readonly string[]
  transport: Transport
  device: string | undefined
  address: string | undefined
}

/**
 * Starts a session in one transaction; the user's oldest ends when there are too many. Between the look at the
 * password and the session the user may be disabled or changed: then no session starts that this would have ended.
 * Throws `invalid_credentials`, `account_disabled`, `internal_error` when the application's claims cannot be had.
 */
export async function startSession(context: AuthContext, wanted: NewSession): Promise<Grant> {
  const { user } = wanted
  const claims = await extraClaims(context, user.id, 'login')
  const nowMs = context.clock()
  const now = Math.floor(nowMs / 1000)
  const expiresAt = now + context.rules.sessionMax
  const session: SessionRecord = {
    id: newSessionId(nowMs),
    accessId: newAccessId(),
    userId: user.id,
    clientId: 'latchkey',
    salt: randomBytes(16),
    keyVersion: context.master.version,
    counter: 0,
    attemptHash: undefined,
    rotatedAtMs: undefined,
    createdAt: now,
    authTime: now,
    amr: wanted.amr,
    scope: scopeOfRoles(user.roles, context.roles),
    transport: wanted.transport,
    lastSeen: now,
    idleExpiresAt: Math.min(now + context.rules.sessionIdle, expiresAt),
    expiresAt,
    revokedAt: undefined,
    revokedWhy: undefined,
    device: wanted.device,
    address: wanted.address,
  }
  const outcome = await context.store.startSession({
    session,
    user: { roles: user.roles, passwordChangedAt: user.passwordChangedAt },
    maxSessions: maxSessionsPerUser,
    revocationExpiresAt: revocationEnd(context, nowMs),
    audit: auditOf(context, 'login', wanted, { userId: user.id, sessionId: session.id }),
    newDeviceMail: mailTo(user, 'new_device', now),
  })
  if (outcome.kind === 'user_changed')
    return startSession(context, { ...wanted, user: await sameUserNow(context, user) })
  context.revocations.apply(outcome.ended)
  return grantFor(context, user, { session, claims })
}

/** The user as they are now, when the password that was compared is still theirs. */
async function sameUserNow(context: AuthContext, before: UserRecord): Promise<UserRecord> {
  const user = await context.store.findUser(before.id)
  if (user === undefined || user.passwordChangedAt !== before.passwordChangedAt)
    throw new LatchkeyError('invalid_credentials')
  if (user.disabledAt !== undefined) throw new LatchkeyError('account_disabled')
  return user
}

/** A fresh access token for a session, with the refresh token at the session's counter. */
export function grantFor(
  context: AuthContext,
  user: UserRecord,
  { session, claims }: { session: SessionRecord; claims: ExtraClaims },
): Grant {
  const now = Math.floor(context.clock() / 1000)
  return {
    accessToken: signAccessToken(context, { user, session, claims }),
    expiresInSeconds: context.rules.accessTtl,
    refreshToken: makeRefreshToken(context.master, session),
    refreshExpiresInSeconds: Math.max(0, Math.min(session.idleExpiresAt, session.expiresAt) - now),
    pageToken: session.transport === 'cookie' ? makePageToken(context.master, session) : undefined,
    transport: session.transport,
    sessionId: session.id,
    user: publicUser(user),
  }
}

/** Whether a session still goes on: neither ended, nor unused for too long, nor too old. */
export function isLive(session: SessionRecord, { clock }: Pick<AuthContext, 'clock'>): boolean {
  const now = Math.floor(clock() / 1000)
  return session.revokedAt === undefined && now < session.expiresAt && now < session.idleExpiresAt
}

/** The second after which no access token signed until now is alive. */
export function revocationEnd(context: Pick<AuthContext, 'rules'>, nowMs: number): number {
  return Math.ceil(nowMs / 1000) + context.rules.accessTtl + clockSlackSeconds
}

/**
 * A revocation is remembered until every guard has given up on the last token that it concerns: a guard may tolerate
 * 60 seconds, the token may come from a node whose clock is 60 ahead of the one that revokes, and a node that hands
 * the revocation on may be 60 ahead of the guard.
 */
const clockSlackSeconds = 180

/** A mail to a user's verified address, when there is one. */
export function mailTo(user: UserRecord, purpose: NewMail['purpose'], now: number): NewMail | undefined {
  if (user.email === undefined) return undefined
  return { purpose, userId: user.id, address: user.email, oneTimeId: undefined, createdAt: now }
}
