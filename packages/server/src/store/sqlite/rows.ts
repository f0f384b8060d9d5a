// How records and SQLite's rows become each other. No statement is run here.
import type {
  AccessId,
  ApiKeyId,
  ApiKeyRecord,
  AuditEvent,
  AuditRecord,
  ClientId,
  ClientRecord,
  KeyState,
  MailPurpose,
  MailRecord,
  MasterKeyRecord,
  OneTimeId,
  OneTimePurpose,
  OneTimeRecord,
  SessionEnd,
  SessionId,
  SessionRecord,
  SigningKeyRecord,
  Transport,
  UserId,
  UserRecord,
} from '../records.ts'

export type Row = Record<string, null | number | bigint | string | Uint8Array>

// Each column has one type by the STRICT schema in migrations.ts, so these casts hold for every row.
const text = (row: Row, column: string): string => row[column] as string
const optionalText = (row: Row, column: string): string | undefined =>
  (row[column] as string | null) ?? undefined
const number = (row: Row, column: string): number => row[column] as number
const optionalNumber = (row: Row, column: string): number | undefined =>
  (row[column] as number | null) ?? undefined
const bytes = (row: Row, column: string): Uint8Array => row[column] as Uint8Array
const list = (row: Row, column: string): string[] => JSON.parse(text(row, column)) as string[]

/** The named parameters of an INSERT's columns. */
export const placeholders = (columns: string): string => columns.replaceAll(/\w+/g, ':$&')

export const userColumns =
  'id, username, canonical_name, password_hash, roles, name, locale, email, unverified_email, created_at, ' +
  'password_changed_at, disabled_at'

export function userFromRow(row: Row): UserRecord {
  return {
    id: text(row, 'id') as UserId,
    username: text(row, 'username'),
    canonicalName: text(row, 'canonical_name'),
    passwordHash: text(row, 'password_hash'),
    roles: list(row, 'roles'),
    name: optionalText(row, 'name'),
    locale: optionalText(row, 'locale'),
    email: optionalText(row, 'email'),
    unverifiedEmail: optionalText(row, 'unverified_email'),
    createdAt: number(row, 'created_at'),
    passwordChangedAt: number(row, 'password_changed_at'),
    disabledAt: optionalNumber(row, 'disabled_at'),
  }
}

export function rowFromUser(user: UserRecord): Row {
  return {
    id: user.id,
    username: user.username,
    canonical_name: user.canonicalName,
    password_hash: user.passwordHash,
    roles: JSON.stringify(user.roles),
    name: user.name ?? null,
    locale: user.locale ?? null,
    email: user.email ?? null,
    unverified_email: user.unverifiedEmail ?? null,
    created_at: user.createdAt,
    password_changed_at: user.passwordChangedAt,
    disabled_at: user.disabledAt ?? null,
  }
}

export const sessionColumns =
  'id, access_id, user_id, client_id, salt, key_version, counter, attempt_hash, rotated_at_ms, created_at, ' +
  'auth_time, amr, scope, transport, last_seen, idle_expires_at, expires_at, revoked_at, revoked_why, device, address'

export function sessionFromRow(row: Row): SessionRecord {
  return {
    id: text(row, 'id') as SessionId,
    accessId: text(row, 'access_id') as AccessId,
    userId: text(row, 'user_id') as UserId,
    clientId: text(row, 'client_id'),
    salt: bytes(row, 'salt'),
    keyVersion: number(row, 'key_version'),
    counter: number(row, 'counter'),
    attemptHash: optionalText(row, 'attempt_hash'),
    rotatedAtMs: optionalNumber(row, 'rotated_at_ms'),
    createdAt: number(row, 'created_at'),
    authTime: number(row, 'auth_time'),
    amr: text(row, 'amr').split(' '),
    scope: text(row, 'scope'),
    transport: text(row, 'transport') as Transport,
    lastSeen: number(row, 'last_seen'),
    idleExpiresAt: number(row, 'idle_expires_at'),
    expiresAt: number(row, 'expires_at'),
    revokedAt: optionalNumber(row, 'revoked_at'),
    revokedWhy: optionalText(row, 'revoked_why') as SessionEnd | undefined,
    device: optionalText(row, 'device'),
    address: optionalText(row, 'address'),
  }
}

export function rowFromSession(session: SessionRecord): Row {
  return {
    id: session.id,
    access_id: session.accessId,
    user_id: session.userId,
    client_id: session.clientId,
    salt: session.salt,
    key_version: session.keyVersion,
    counter: session.counter,
    attempt_hash: session.attemptHash ?? null,
    rotated_at_ms: session.rotatedAtMs ?? null,
    created_at: session.createdAt,
    auth_time: session.authTime,
    amr: session.amr.join(' '),
    scope: session.scope,
    transport: session.transport,
    last_seen: session.lastSeen,
    idle_expires_at: session.idleExpiresAt,
    expires_at: session.expiresAt,
    revoked_at: session.revokedAt ?? null,
    revoked_why: session.revokedWhy ?? null,
    device: session.device ?? null,
    address: session.address ?? null,
  }
}

export function masterKeyFromRow(row: Row): MasterKeyRecord {
  return {
    version: number(row, 'version'),
    check: bytes(row, 'check_value'),
    compromisedAt: optionalNumber(row, 'compromised_at'),
  }
}

export const signingKeyColumns =
  'kid, alg, state, wrapped, key_version, published_at, active_at, rotate_at, retired_until, revoked_at'

export function signingKeyFromRow(row: Row): SigningKeyRecord {
  return {
    kid: text(row, 'kid') as SigningKeyRecord['kid'],
    alg: text(row, 'alg'),
    state: text(row, 'state') as KeyState,
    wrapped: bytes(row, 'wrapped'),
    keyVersion: number(row, 'key_version'),
    publishedAt: number(row, 'published_at'),
    activeAt: optionalNumber(row, 'active_at'),
    rotateAt: optionalNumber(row, 'rotate_at'),
    retiredUntil: optionalNumber(row, 'retired_until'),
    revokedAt: optionalNumber(row, 'revoked_at'),
  }
}

export function rowFromSigningKey(key: SigningKeyRecord): Row {
  return {
    kid: key.kid,
    alg: key.alg,
    state: key.state,
    wrapped: key.wrapped,
    key_version: key.keyVersion,
    published_at: key.publishedAt,
    active_at: key.activeAt ?? null,
    rotate_at: key.rotateAt ?? null,
    retired_until: key.retiredUntil ?? null,
    revoked_at: key.revokedAt ?? null,
  }
}

export const oneTimeColumns =
  'id, purpose, user_id, address, roles, salt, key_version, created_at, expires_at, consumed_at'

export function oneTimeFromRow(row: Row): OneTimeRecord {
  return {
    id: text(row, 'id') as OneTimeId,
    purpose: text(row, 'purpose') as OneTimePurpose,
    userId: optionalText(row, 'user_id') as UserId | undefined,
    address: optionalText(row, 'address'),
    roles: list(row, 'roles'),
    salt: bytes(row, 'salt'),
    keyVersion: number(row, 'key_version'),
    createdAt: number(row, 'created_at'),
    expiresAt: number(row, 'expires_at'),
    consumedAt: optionalNumber(row, 'consumed_at'),
  }
}

export function rowFromOneTime(thing: OneTimeRecord): Row {
  return {
    id: thing.id,
    purpose: thing.purpose,
    user_id: thing.userId ?? null,
    address: thing.address ?? null,
    roles: JSON.stringify(thing.roles),
    salt: thing.salt,
    key_version: thing.keyVersion,
    created_at: thing.createdAt,
    expires_at: thing.expiresAt,
    consumed_at: thing.consumedAt ?? null,
  }
}

export function mailFromRow(row: Row): MailRecord {
  return {
    id: number(row, 'id'),
    purpose: text(row, 'purpose') as MailPurpose,
    userId: optionalText(row, 'user_id') as UserId | undefined,
    address: text(row, 'address'),
    oneTimeId: optionalText(row, 'one_time_id') as OneTimeId | undefined,
    createdAt: number(row, 'created_at'),
    attempts: number(row, 'attempts'),
  }
}

export const apiKeyColumns =
  'id, user_id, name, secret_hash, key_version, scopes, created_at, expires_at, last_used_at, revoked_at'

export function apiKeyFromRow(row: Row): ApiKeyRecord {
  return {
    id: text(row, 'id') as ApiKeyId,
    userId: text(row, 'user_id') as UserId,
    name: text(row, 'name'),
    secretHash: bytes(row, 'secret_hash'),
    keyVersion: number(row, 'key_version'),
    scopes: list(row, 'scopes'),
    createdAt: number(row, 'created_at'),
    expiresAt: optionalNumber(row, 'expires_at'),
    lastUsedAt: optionalNumber(row, 'last_used_at'),
    revokedAt: optionalNumber(row, 'revoked_at'),
  }
}

export function rowFromApiKey(key: ApiKeyRecord): Row {
  return {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    secret_hash: key.secretHash,
    key_version: key.keyVersion,
    scopes: JSON.stringify(key.scopes),
    created_at: key.createdAt,
    expires_at: key.expiresAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
    revoked_at: key.revokedAt ?? null,
  }
}

export const clientColumns =
  'id, name, secret_hash, key_version, scopes, audiences, access_id, created_at, disabled_at'

export function clientFromRow(row: Row): ClientRecord {
  return {
    id: text(row, 'id') as ClientId,
    name: text(row, 'name'),
    secretHash: bytes(row, 'secret_hash'),
    keyVersion: number(row, 'key_version'),
    scopes: list(row, 'scopes'),
    audiences: list(row, 'audiences'),
    accessId: text(row, 'access_id') as AccessId,
    createdAt: number(row, 'created_at'),
    disabledAt: optionalNumber(row, 'disabled_at'),
  }
}

export function rowFromClient(client: ClientRecord): Row {
  return {
    id: client.id,
    name: client.name,
    secret_hash: client.secretHash,
    key_version: client.keyVersion,
    scopes: JSON.stringify(client.scopes),
    audiences: JSON.stringify(client.audiences),
    access_id: client.accessId,
    created_at: client.createdAt,
    disabled_at: client.disabledAt ?? null,
  }
}

export function auditFromRow(row: Row): AuditRecord {
  return {
    atMs: number(row, 'at_ms'),
    event: text(row, 'event') as AuditEvent,
    userId: optionalText(row, 'user_id') as UserId | undefined,
    actor: optionalText(row, 'actor'),
    sessionHash: optionalText(row, 'session_hash'),
    address: optionalText(row, 'address'),
    device: optionalText(row, 'device'),
    detail: optionalText(row, 'detail'),
  }
}
