// Records as the rules would hand them to a store, with what a case does not care about filled in.
import { randomBytes } from 'node:crypto'
import type {
  AccessId,
  ApiKeyId,
  ApiKeyRecord,
  AuditEvent,
  AuditRecord,
  ClientId,
  ClientRecord,
  KeyId,
  NewMail,
  OneTimeId,
  OneTimeRecord,
  SessionId,
  SessionRecord,
  SigningKeyRecord,
  UserId,
  UserRecord,
} from '../../src/store/records.ts'
import type {
  Administrator,
  Deletion,
  Ending,
  KeyRules,
  NewUser,
  Rotation,
  SessionStart,
  StandingChange,
  Sweep,
} from '../../src/store/store.ts'

export const start = 1_800_000_000

const newId = (): string => randomBytes(16).toString('base64url')

export function aUser(over: Partial<UserRecord> = {}): UserRecord {
  const name = `user-${newId()
    .replaceAll(/[^a-z0-9]/gi, '')
    .toLowerCase()}`
  return {
    id: newId() as UserId,
    username: name,
    canonicalName: over.username ?? name,
    passwordHash: '$argon2id$first',
    roles: ['editor'],
    name: undefined,
    locale: undefined,
    email: undefined,
    unverifiedEmail: undefined,
    createdAt: start,
    passwordChangedAt: start,
    disabledAt: undefined,
    ...over,
  }
}

export function registration(user: UserRecord, over: Partial<NewUser> = {}): NewUser {
  return {
    user,
    invitation: undefined,
    audit: anAudit('user_registered', { userId: user.id }),
    oneTime: undefined,
    mail: undefined,
    ...over,
  }
}

export function anAudit(event: AuditEvent = 'login', over: Partial<AuditRecord> = {}): AuditRecord {
  return {
    atMs: start * 1000,
    event,
    userId: undefined,
    actor: undefined,
    sessionHash: undefined,
    address: undefined,
    detail: undefined,
    ...over,
  }
}

/** A turn of sweeping that blanks audit rows after a day, and deletes none. */
export function aSweep(now: number): Sweep {
  return { now, placesSeconds: 86_400, rowsSeconds: undefined }
}

export function aSession(userId: UserId, over: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: newId() as SessionId,
    accessId: newId() as AccessId,
    userId,
    clientId: 'latchkey',
    salt: new Uint8Array(randomBytes(16)),
    keyVersion: 1,
    counter: 0,
    attemptHash: undefined,
    rotatedAtMs: undefined,
    createdAt: start,
    authTime: start,
    amr: ['pwd'],
    scope: 'posts:write',
    transport: 'body',
    lastSeen: start,
    idleExpiresAt: start + 30 * 86_400,
    expiresAt: start + 90 * 86_400,
    revokedAt: undefined,
    revokedWhy: undefined,
    device: 'a phone',
    address: '192.0.2.1',
    ...over,
  }
}

export function beginning(
  user: UserRecord,
  session: SessionRecord,
  over: Partial<SessionStart> = {},
): SessionStart {
  return {
    session,
    user,
    maxSessions: 100,
    revocationExpiresAt: start + 3_660,
    audit: anAudit('login', { userId: user.id }),
    newDeviceMail: undefined,
    ...over,
  }
}

export const graceMs = 30_000

export function aRotation(session: SessionRecord, over: Partial<Rotation> = {}): Rotation {
  return {
    id: session.id,
    counter: session.counter,
    keyVersion: session.keyVersion,
    currentKeyVersion: session.keyVersion,
    attemptHash: undefined,
    nowMs: (start + 60) * 1000,
    graceMs,
    idleSeconds: 30 * 86_400,
    revocationExpiresAt: start + 3_720,
    ...over,
  }
}

export const rotationAudit = { reused: anAudit('refresh_reused'), ahead: anAudit('store_rolled_back') }

export function anEnding(why: Ending['why'] = 'logout', over: Partial<Ending> = {}): Ending {
  return {
    why,
    now: start + 60,
    revocationExpiresAt: start + 3_720,
    audit: anAudit(why === 'deleted' ? 'user_deleted' : 'session_ended'),
    ...over,
  }
}

/** A change of a user's roles, of whether they are disabled, or of both: by what is named. */
export function aStanding(
  id: UserId,
  change: { roles?: readonly string[]; scope?: string; disabledAt?: number | undefined; by?: Administrator },
): StandingChange {
  const { roles, scope = '', disabledAt, by } = change
  const audit = (event: AuditEvent) => anAudit(event, { userId: id })
  return {
    id,
    roles: roles && { names: roles, scope, audit: audit('roles_changed') },
    disabled: 'disabledAt' in change ? { at: disabledAt, audit: audit('user_disabled') } : undefined,
    ending: anEnding('disabled'),
    by,
  }
}

/** The deletion of a session's user, asked for by this session. */
export function aDeletion({ id, userId }: Pick<SessionRecord, 'id' | 'userId'>): Deletion {
  return { id: userId, sessionId: id, ending: anEnding('deleted'), reservedUntil: start + 100 }
}

export function aOneTime(over: Partial<OneTimeRecord> = {}): OneTimeRecord {
  return {
    id: newId() as OneTimeId,
    purpose: 'reset',
    userId: undefined,
    address: undefined,
    roles: [],
    salt: new Uint8Array(randomBytes(16)),
    keyVersion: 1,
    createdAt: start,
    expiresAt: start + 3_600,
    consumedAt: undefined,
    ...over,
  }
}

export function aMail(over: Partial<NewMail> = {}): NewMail {
  return {
    purpose: 'reset',
    userId: undefined,
    address: 'ada@example.com',
    oneTimeId: undefined,
    createdAt: start,
    ...over,
  }
}

export function anApiKey(userId: UserId, over: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id: newId() as ApiKeyId,
    userId,
    name: 'script',
    secretHash: new Uint8Array(randomBytes(32)),
    keyVersion: 1,
    scopes: ['posts:write'],
    createdAt: start,
    expiresAt: undefined,
    lastUsedAt: undefined,
    revokedAt: undefined,
    ...over,
  }
}

export function aClient(over: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id: newId() as ClientId,
    name: 'orders',
    secretHash: new Uint8Array(randomBytes(32)),
    keyVersion: 1,
    scopes: ['revocations:read'],
    audiences: ['https://orders.example'],
    accessId: newId() as AccessId,
    createdAt: start,
    disabledAt: undefined,
    ...over,
  }
}

export function aSigningKey(over: Partial<SigningKeyRecord> = {}): SigningKeyRecord {
  return {
    kid: newId() as KeyId,
    alg: 'ES256',
    state: 'next',
    wrapped: new Uint8Array(randomBytes(64)),
    keyVersion: 1,
    publishedAt: 0,
    activeAt: undefined,
    rotateAt: undefined,
    retiredUntil: undefined,
    revokedAt: undefined,
    ...over,
  }
}

export function keyRules(over: Partial<KeyRules> = {}): KeyRules {
  return {
    alg: 'ES256',
    now: start,
    rotationSeconds: 90 * 86_400,
    publishSeconds: 360,
    retainSeconds: 3_660,
    ...over,
  }
}
