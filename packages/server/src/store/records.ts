// What the store keeps, one interface a table. Instants are whole seconds unless the name ends in Ms.

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type UserId = Brand<string, 'UserId'>
export type SessionId = Brand<string, 'SessionId'>
export type KeyId = Brand<string, 'KeyId'>
export type OneTimeId = Brand<string, 'OneTimeId'>
export type ApiKeyId = Brand<string, 'ApiKeyId'>
export type ClientId = Brand<string, 'ClientId'>
/** What an access token calls its session; changes when what the user may do changes. */
export type AccessId = Brand<string, 'AccessId'>

export interface UserRecord {
  id: UserId
  /** As the user wrote it, after NFKC. */
  username: string
  /** The one form that all spellings share. */
  canonicalName: string
  /** Empty until a first password is chosen: that matches nothing. */
  passwordHash: string
  roles: readonly string[]
  name: string | undefined
  locale: string | undefined
  /** The verified address, which serves for signing in and for reset. */
  email: string | undefined
  /** An address that was given and is not verified: it serves for nothing yet. */
  unverifiedEmail: string | undefined
  createdAt: number
  passwordChangedAt: number
  disabledAt: number | undefined
}

/** `welcome` is the link by which a user that an administrator made chooses a first password. */
export type OneTimePurpose = 'reset' | 'welcome' | 'verify' | 'invite' | 'first_admin'

/** A master key that rows may name by its version. The key itself is never here. */
export interface MasterKeyRecord {
  version: number
  /** Recognises the key without telling anything about it. */
  check: Uint8Array
  /** Set once the key is known to others: nothing it derives or wraps counts any more. */
  compromisedAt: number | undefined
}

/** Something that may be used once: the token is derived from this row and the master key, never stored. */
export interface OneTimeRecord {
  id: OneTimeId
  purpose: OneTimePurpose
  /** Nobody yet, for an invitation. */
  userId: UserId | undefined
  /** The address it was sent to; a change of address makes it worthless. */
  address: string | undefined
  /** What an invitation gives. */
  roles: readonly string[]
  salt: Uint8Array
  /** Which master key derives its token. */
  keyVersion: number
  createdAt: number
  expiresAt: number
  consumedAt: number | undefined
}

export type MailPurpose =
  | 'reset'
  | 'welcome'
  | 'verify'
  | 'invite'
  | 'address_taken'
  | 'password_changed'
  | 'address_changed'
  | 'new_device'
  | 'session_reused'
  | 'api_key_made'

/** A mail to be rendered and sent. It holds no token: that is derived when the mail is rendered. */
export interface MailRecord {
  id: number
  purpose: MailPurpose
  userId: UserId | undefined
  address: string
  oneTimeId: OneTimeId | undefined
  createdAt: number
  attempts: number
}

export type NewMail = Omit<MailRecord, 'id' | 'attempts'>

export interface ApiKeyRecord {
  id: ApiKeyId
  userId: UserId
  name: string
  /** HMAC-SHA-256 of the secret under a key derived from the master key. */
  secretHash: Uint8Array
  /** Which master key the hash is under. */
  keyVersion: number
  scopes: readonly string[]
  createdAt: number
  expiresAt: number | undefined
  lastUsedAt: number | undefined
  revokedAt: number | undefined
}

/** A service that signs in as itself: OAuth 2.0's confidential client (RFC 6749 2.1). */
export interface ClientRecord {
  id: ClientId
  name: string
  /** HMAC-SHA-256 of the secret under a key derived from the master key. */
  secretHash: Uint8Array
  keyVersion: number
  scopes: readonly string[]
  /** Whom it is, as tokens name it: it may ask about tokens meant for these. */
  audiences: readonly string[]
  /** What its access tokens call their session; renewed when it is disabled, so that they die. */
  accessId: AccessId
  createdAt: number
  disabledAt: number | undefined
}

export type Transport = 'body' | 'cookie'

export interface SessionRecord {
  id: SessionId
  accessId: AccessId
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

export type SessionEnd =
  | 'logout'
  | 'logout_all'
  | 'reused'
  | 'too_many'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'password_changed'
  | 'password_reset'
  | 'disabled'
  | 'deleted'
  | 'compromised'

/** What a revocation names: everything signed for a session, one token, an API key, or a signing key's tokens. */
export type RevocationKind = 'session' | 'token' | 'api_key' | 'key'

export interface RevocationRecord {
  kind: RevocationKind
  id: string
  /** When the last access token it could concern is dead. */
  expiresAt: number
}

/** `next` is published and does not sign; `retiring` is published until its tokens are dead; the rest is history. */
export type KeyState = 'next' | 'active' | 'retiring' | 'revoked' | 'gone'

export interface SigningKeyRecord {
  kid: KeyId
  alg: string
  state: KeyState
  /** The private JWK, wrapped under the master key with the key id as associated data; empty once revoked or gone. */
  wrapped: Uint8Array
  keyVersion: number
  publishedAt: number
  activeAt: number | undefined
  /** When somebody asked for it to be replaced, before its time. */
  rotateAt: number | undefined
  retiredUntil: number | undefined
  revokedAt: number | undefined
}

export interface AuditRecord {
  atMs: number
  event: AuditEvent
  /** Whom it is about. */
  userId: UserId | undefined
  /** Who did it, when that is somebody else: an administrator, or the command line. */
  actor: string | undefined
  /** SHA-256 of the session id: the log names no session that could be presented. */
  sessionHash: string | undefined
  /** Where it came from: blanked with the account of whose it is. */
  address: string | undefined
  device?: string | undefined
  detail: string | undefined
}

export type AuditEvent =
  | 'user_registered'
  | 'user_made'
  | 'user_imported'
  | 'user_changed'
  | 'user_deleted'
  | 'user_disabled'
  | 'user_enabled'
  | 'roles_changed'
  | 'login'
  | 'login_refused'
  | 'logout'
  | 'logout_all'
  | 'session_ended'
  | 'refresh_reused'
  | 'store_rolled_back'
  | 'password_changed'
  | 'password_reset_asked'
  | 'password_reset'
  | 'address_change_asked'
  | 'address_verified'
  | 'invitation_made'
  | 'api_key_made'
  | 'api_key_revoked'
  | 'key_rotated'
  | 'key_retired'
  | 'key_revoked'
  | 'client_made'
  | 'client_disabled'
  | 'token_signed'
  | 'token_revoked'
  | 'keys_rewrapped'
  | 'master_key_compromised'
  | 'store_backed_up'
  | 'store_restored'
  | 'data_exported'

/** A place in the table of attempts, and which rules hold for it. */
export interface AttemptBucket {
  place: number
  policy: 'password' | 'client' | 'mail'
}

/** A bucket that waits: its number among those that were asked about, and for how long. */
export interface AttemptWait {
  waiting: number
  waitMs: number
}
