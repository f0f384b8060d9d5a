// What the store keeps, one interface a table. Instants are whole seconds unless the name ends in Ms.

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type UserId = Brand<string, 'UserId'>
export type SessionId = Brand<string, 'SessionId'>
export type KeyId = Brand<string, 'KeyId'>

export interface UserRecord {
  id: UserId
  /** As the user wrote it, after NFKC. */
  username: string
  /** The one form that all spellings share. */
  canonicalName: string
  passwordHash: string
  roles: readonly string[]
  /** An address that was given and is not verified: it serves for nothing yet. */
  unverifiedEmail: string | undefined
  createdAt: number
  disabledAt: number | undefined
}

export type Transport = 'body' | 'cookie'

export interface SessionRecord {
  id: SessionId
  userId: UserId
  clientId: string
  /** 16 random bytes under every refresh token's MAC. */
  salt: Uint8Array
  /** Which master key derives this session's refresh tokens. */
  keyVersion: number
  counter: number
  /** SHA-256 of the `attempt` that made the last rotation, in base64url. */
  attemptHash: string | undefined
  rotatedAtMs: number | undefined
  createdAt: number
  authTime: number
  amr: readonly string[]
  scope: string
  transport: Transport
  lastSeen: number
  idleExpiresAt: number
  expiresAt: number
  revokedAt: number | undefined
  revokedWhy: SessionEnd | undefined
  device: string | undefined
  address: string | undefined
}

export type SessionEnd = 'logout' | 'logout_all' | 'reused' | 'too_many'

/** What a revocation names: everything signed for a session, or one token. */
export type RevocationKind = 'session' | 'token'

export interface RevocationRecord {
  kind: RevocationKind
  id: string
  /** When the last access token it could concern is dead. */
  expiresAt: number
}

export interface SigningKeyRecord {
  kid: KeyId
  alg: string
  /** The private JWK, wrapped under the master key with the key id as associated data. */
  wrapped: Uint8Array
  keyVersion: number
  createdAt: number
}

export interface AuditRecord {
  atMs: number
  event: AuditEvent
  userId: UserId | undefined
  /** SHA-256 of the session id: the log names no session that could be presented. */
  sessionHash: string | undefined
  address: string | undefined
  detail: string | undefined
}

export type AuditEvent =
  | 'user_registered'
  | 'login'
  | 'login_refused'
  | 'logout'
  | 'logout_all'
  | 'refresh_reused'
  | 'store_rolled_back'
  | 'session_replaced'
