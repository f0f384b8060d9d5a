// How records and SQLite's rows become each other. No statement is run here.
import type {
  SessionEnd,
  SessionId,
  SessionRecord,
  SigningKeyRecord,
  Transport,
  UserId,
  UserRecord,
} from './records.ts'

export type Row = Record<string, null | number | bigint | string | Uint8Array>

// Each column has one type by the STRICT schema in migrations.ts, so these casts hold for every row.
const text = (row: Row, column: string): string => row[column] as string
const optionalText = (row: Row, column: string): string | undefined =>
  (row[column] as string | null) ?? undefined
const number = (row: Row, column: string): number => row[column] as number
const optionalNumber = (row: Row, column: string): number | undefined =>
  (row[column] as number | null) ?? undefined
const bytes = (row: Row, column: string): Uint8Array => row[column] as Uint8Array

export const userColumns =
  'id, username, canonical_name, password_hash, roles, unverified_email, created_at, disabled_at'

export function userFromRow(row: Row): UserRecord {
  return {
    id: text(row, 'id') as UserId,
    username: text(row, 'username'),
    canonicalName: text(row, 'canonical_name'),
    passwordHash: text(row, 'password_hash'),
    roles: JSON.parse(text(row, 'roles')) as string[],
    unverifiedEmail: optionalText(row, 'unverified_email'),
    createdAt: number(row, 'created_at'),
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
    unverified_email: user.unverifiedEmail ?? null,
    created_at: user.createdAt,
    disabled_at: user.disabledAt ?? null,
  }
}

export const sessionColumns =
  'id, user_id, client_id, salt, key_version, counter, attempt_hash, rotated_at_ms, created_at, auth_time, amr, ' +
  'scope, transport, last_seen, idle_expires_at, expires_at, revoked_at, revoked_why, device, address'

export function sessionFromRow(row: Row): SessionRecord {
  return {
    id: text(row, 'id') as SessionId,
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

export function signingKeyFromRow(row: Row): SigningKeyRecord {
  return {
    kid: text(row, 'kid') as SigningKeyRecord['kid'],
    alg: text(row, 'alg'),
    wrapped: bytes(row, 'wrapped'),
    keyVersion: number(row, 'key_version'),
    createdAt: number(row, 'created_at'),
  }
}
