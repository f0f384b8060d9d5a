// The store's interface: domain verbs, each atomic in one statement or transaction, each returning a promise that
// settles after the commit. What cannot be done by one of these verbs is not done: there is no read-then-write above.
import type {
  AccessId,
  ApiKeyId,
  ApiKeyRecord,
  AttemptBucket,
  AttemptWait,
  AuditEvent,
  AuditRecord,
  ClientId,
  ClientRecord,
  KeyId,
  MailRecord,
  MasterKeyRecord,
  NewMail,
  OneTimeId,
  OneTimePurpose,
  OneTimeRecord,
  RevocationRecord,
  SessionEnd,
  SessionId,
  SessionRecord,
  SigningKeyRecord,
  UserId,
  UserRecord,
} from './records.ts'

export interface KeyRules {
  /** The algorithm that signs now. */
  alg: string
  now: number
  /** A key signs this long, then the next one takes over. */
  rotationSeconds: number
  /** A key is published this long before it may sign: longer than anybody may keep the published set. */
  publishSeconds: number
  /** A retired key is published this long: until every token it signed is dead. */
  retainSeconds: number
}

export interface RewrappedKey {
  kid: KeyId
  fromVersion: number
  toVersion: number
  wrapped: Uint8Array
}

/** What a version of the master key is still needed for. */
export interface KeyUsage {
  version: number
  /** Private keys wrapped under it. */
  signingKeys: number
  /** Live sessions whose refresh token it derives. */
  sessions: number
  apiKeys: number
  /** Links that may still be used. */
  oneTime: number
}

export interface Rotation {
  id: SessionId
  /** The counter of the presented refresh token, its MAC already found right. */
  counter: number
  /** The version of the master key its MAC is under. */
  keyVersion: number
  /** The version that derives new tokens now: a session that rotates moves on to it. */
  currentKeyVersion: number
  /** SHA-256 of the client's `attempt`, in base64url. */
  attemptHash: string | undefined
  nowMs: number
  graceMs: number
  idleSeconds: number
  /** When access tokens signed so far are dead: how long a revocation of this session must be remembered. */
  revocationExpiresAt: number
}

/** What became of a presented refresh token. Each outcome's meaning: ARCHITECTURE.md, "A refresh". */
export type RotationOutcome =
  | { kind: 'rotated' | 'kept' | 'repeated' | 'ahead'; session: SessionRecord }
  | { kind: 'reused'; session: SessionRecord; revocation: RevocationRecord }
  | { kind: 'stale' | 'expired' | 'revoked' | 'foreign' | 'missing' }

/** What every verb that ends sessions needs: why, when, and how long to remember. */
export interface Ending {
  why: SessionEnd
  now: number
  revocationExpiresAt: number
  audit: AuditRecord
}

export interface SessionStart {
  session: SessionRecord
  /** The user as they were when their password was found right. */
  user: Pick<UserRecord, 'roles' | 'passwordChangedAt'>
  /** The oldest sessions beyond this many live ones end. */
  maxSessions: number
  revocationExpiresAt: number
  audit: AuditRecord
  /** Sent when the user has signed in before, and never from this device. */
  newDeviceMail: NewMail | undefined
}

export interface RevocationLog {
  entries: readonly RevocationRecord[]
  /** Where to read on from: the engine's own mark, which says nothing to anybody else. */
  cursor: string
}

/** The use of a one-time thing inside a verb: it happens once, or the verb does nothing. */
export interface OneTimeUse {
  id: OneTimeId
  purpose: OneTimePurpose
  now: number
}

export interface NewUser {
  user: UserRecord
  /** The invitation that is spent on it. */
  invitation: OneTimeUse | undefined
  audit: AuditRecord
  /** The link that verifies the address, and its mail; or the mail to the address's owner. */
  oneTime: OneTimeRecord | undefined
  mail: NewMail | undefined
}

export interface ImportedUser {
  user: UserRecord
  audit: AuditRecord
}

/** `known`: this very user is there already, from an earlier run or an earlier line. */
export type ImportOutcome = 'created' | 'known' | 'name_taken' | 'address_taken'

export interface ProfileChange {
  id: UserId
  /** The session that asks; undefined for an API key. */
  sessionId: SessionId | undefined
  username: { username: string; canonicalName: string } | undefined
  name: string | null | undefined
  locale: string | null | undefined
  now: number
  /** How long the name that is given up stays reserved. */
  reservedUntil: number
  audit: AuditRecord
}

/** `session_ended`, and nothing changes, when the session that asked has ended meanwhile. */
export type ProfileOutcome =
  | { kind: 'changed'; user: UserRecord }
  | { kind: 'taken' }
  | { kind: 'missing' }
  | { kind: 'session_ended' }

export interface PasswordChange {
  userId: UserId
  hash: string
  /** The session that goes on; every other one ends. */
  keep: SessionId | undefined
  ending: Ending
  mail: NewMail | undefined
}

export type NewApiKeyOutcome = 'created' | 'too_many' | 'user_gone' | 'session_ended'

export interface AddressChange {
  id: UserId
  /** The session that asks. */
  sessionId: SessionId
  email: string
  oneTime: OneTimeRecord | undefined
  mail: NewMail | undefined
  audit: AuditRecord
}

/** Who acts on another user's standing: their id, and the roles of which one lets them. */
export interface Administrator {
  id: UserId
  roles: readonly string[]
}

/** What changes of a user's standing; what is undefined stays. */
export interface StandingChange {
  id: UserId
  /** All the roles, and the scope that they come to. */
  roles: { names: readonly string[]; scope: string; audit: AuditRecord } | undefined
  /** Since when the user is disabled; `at` undefined enables them again. */
  disabled: { at: number | undefined; audit: AuditRecord } | undefined
  ending: Omit<Ending, 'audit'>
  /** Undefined when whoever runs the server acts. */
  by: Administrator | undefined
}

export interface Deletion {
  id: UserId
  /** The session that asks; undefined when whoever runs the server does. */
  sessionId: SessionId | undefined
  ending: Ending
  /** How long the name stays reserved. */
  reservedUntil: number
}

/** A page of a list: the items, and where the next page begins. */
export interface Page<T> {
  items: readonly T[]
  next: string | undefined
}

export interface PageRequest {
  cursor: string | undefined
  limit: number
}

export interface UserQuery extends PageRequest {
  /** The beginning of a name; of a verified address, where there is an `@`. Who is found comes in the order of it. */
  search: string | undefined
  role?: string | undefined
  disabled?: boolean | undefined
  /** Whether there is a verified address. */
  verified?: boolean | undefined
  /** `oldest` by default. By name where nothing else is asked for. */
  order?: 'newest' | 'oldest' | 'name' | undefined
}

export interface AuditLog {
  rows: readonly { seq: number; record: AuditRecord }[]
  /** Where to read on from. */
  cursor: number
}

export interface AuditQuery extends PageRequest {
  userId: UserId | undefined
  event: AuditEvent | undefined
  /** From this instant on, and before that one; milliseconds since 1970. */
  sinceMs?: number | undefined
  untilMs?: number | undefined
  /** A user's id, who did it, the event or the detail, whole. */
  search?: string | undefined
}

export interface Sweep {
  now: number
  /** Audit rows tell where somebody was, and with what, for so long. */
  placesSeconds: number
  /** Audit rows are kept for so long; for ever when undefined. */
  rowsSeconds: number | undefined
}

/** How often each event was audited. */
export type EventCounts = Readonly<Partial<Record<AuditEvent, number>>>

export interface Store {
  /** The master keys that were ever in force, in the order of their versions. */
  masterKeys(): Promise<readonly MasterKeyRecord[]>
  /**
   * Finds the master keys with these check values, giving a version to each that is new. Undefined, and nothing
   * changed, when the store remembers keys and none of these is among them.
   */
  claimMasterKeys(checks: readonly Uint8Array[]): Promise<readonly MasterKeyRecord[] | undefined>
  /** Replaces the wrapped secrets of signing keys, each only if it is still under the version it was opened with. */
  rewrapKeys(rewrapped: readonly RewrappedKey[], audit: AuditRecord): Promise<{ replaced: number }>
  /** How much still hangs on each master key's version: what a previous key is needed for. */
  keyUsage(now: number): Promise<readonly KeyUsage[]>
  /**
   * Takes everything away from a master key that others know: ends all sessions and changes their salts, deletes
   * one-time things, revokes every signing key, and remembers that the key counts no more.
   */
  abandonMasterKeys(versions: readonly number[], ending: Ending): Promise<readonly RevocationRecord[]>

  signingKeys(): Promise<readonly SigningKeyRecord[]>
  /** Moves keys on as planned, taking in candidates where a key is missing; `missing` says how many more it takes. */
  tendKeys(
    rules: KeyRules,
    candidates: readonly SigningKeyRecord[],
  ): Promise<{ keys: readonly SigningKeyRecord[]; missing: number }>
  /** Asks for the next key to take over as soon as it has been published long enough. */
  requestKeyRotation(now: number, audit: AuditRecord): Promise<void>
  /** Ends a retiring key before its time. */
  retireKey(kid: KeyId, audit: AuditRecord): Promise<'done' | 'missing' | 'in_use'>
  /** Kills a key and everything it signed; the next one signs at once. */
  revokeKey(
    kid: KeyId,
    at: { now: number; revocationExpiresAt: number },
    audit: AuditRecord,
  ): Promise<readonly RevocationRecord[]>

  createUser(wanted: NewUser): Promise<{ kind: 'created' | 'taken' | 'invitation_invalid' }>
  /**
   * Keeps users that come from another system, in one transaction, each with its audit row. A user who cannot be kept
   * leaves the others alone; the outcomes stand in the order of the users. What is there is never changed.
   */
  importUsers(wanted: readonly ImportedUser[]): Promise<readonly ImportOutcome[]>
  findUserByName(canonicalName: string): Promise<UserRecord | undefined>
  /** By a verified address. */
  findUserByEmail(email: string): Promise<UserRecord | undefined>
  findUser(id: UserId): Promise<UserRecord | undefined>
  /** The users with these ids, in no order; who is gone is left out. */
  findUsers(ids: readonly UserId[]): Promise<readonly UserRecord[]>
  /** A page that filters may have fewer than asked for, and still lead on: it looks at so many users and no more. */
  listUsers(query: UserQuery): Promise<Page<UserRecord>>
  hasUserWithRole(role: string): Promise<boolean>
  /** Replaces an outdated hash, unless the password was changed meanwhile. */
  replacePasswordHash(id: UserId, from: string, to: string): Promise<void>
  changeProfile(change: ProfileChange): Promise<ProfileOutcome>
  /** Undefined, and nothing changes, when the session that asked has ended meanwhile. */
  changePassword(change: PasswordChange): Promise<readonly RevocationRecord[] | undefined>
  /** Changes the password by a one-time link and tells the user; undefined when the link is not good (any more). */
  resetPassword(
    use: OneTimeUse,
    change: Omit<PasswordChange, 'userId' | 'keep' | 'mail'>,
  ): Promise<readonly RevocationRecord[] | undefined>
  /** Verifies the address that a one-time link was sent to. `taken`: somebody else verified it first. */
  verifyAddress(use: OneTimeUse, audit: AuditRecord): Promise<'verified' | 'invalid' | 'taken'>
  /**
   * Keeps an address that waits to be verified, with its link and mail, or with the mail to its present owner.
   * `session_ended`, and nothing changes, when the session that asked has ended meanwhile.
   */
  askAddressChange(change: AddressChange): Promise<'asked' | 'session_ended'>
  /**
   * Changes roles: the sessions go on under the new scope, their access tokens so far are revoked, API keys looked up
   * again. Disables: sessions and API keys end. With `by`: undefined, and nothing changes, unless that user still
   * administrates. Two cannot put each other out.
   */
  changeStanding(change: StandingChange): Promise<readonly RevocationRecord[] | undefined>
  /** Undefined, and nothing changes, when the session that asked has ended meanwhile, or there is no such user. */
  deleteUser(deletion: Deletion): Promise<readonly RevocationRecord[] | undefined>

  /** Starts a session, unless its user was disabled, deleted or changed since they were read. */
  startSession(
    start: SessionStart,
  ): Promise<{ kind: 'started'; ended: readonly RevocationRecord[] } | { kind: 'user_changed' }>
  findSession(id: SessionId): Promise<SessionRecord | undefined>
  findSessionByAccessId(id: AccessId): Promise<SessionRecord | undefined>
  /** The live sessions of a user, the newest first. */
  sessionsOfUser(id: UserId, now: number): Promise<readonly SessionRecord[]>
  /** Everybody's live sessions, the newest first. A page may have fewer than asked for, and still lead on. */
  listSessions(query: PageRequest & { now: number }): Promise<Page<SessionRecord>>
  /** Judges a refresh token's counter and acts on it, in one transaction; writes the audit row the outcome asks for. */
  rotateSession(rotation: Rotation, audit: Record<'reused' | 'ahead', AuditRecord>): Promise<RotationOutcome>
  /** Notes that a live session was used; it lives on for `idleSeconds`, never beyond its end. */
  touchSession(id: SessionId, use: { now: number; idleSeconds: number }): Promise<void>
  /** Ends a session; idempotent. Gives what has to be revoked, nothing when it had ended before. */
  endSession(id: SessionId, ending: Ending): Promise<readonly RevocationRecord[]>
  endSessionsOfUser(id: UserId, ending: Ending): Promise<readonly RevocationRecord[]>

  /** Counts an attempt in each bucket, in turn; tells the first that has to wait, which is not counted, nor what follows. */
  countAttempts(buckets: readonly AttemptBucket[], nowMs: number): Promise<AttemptWait | undefined>
  clearAttempts(buckets: readonly AttemptBucket[]): Promise<void>

  /** Keeps a one-time thing and the mail that brings it, together. */
  issueOneTime(
    oneTime: OneTimeRecord,
    mail: NewMail | undefined,
    audit: AuditRecord | undefined,
  ): Promise<void>
  findOneTime(id: OneTimeId): Promise<OneTimeRecord | undefined>
  /** Invitations that may still be used, the newest first. */
  listInvitations(query: PageRequest & { now: number }): Promise<Page<OneTimeRecord>>
  /** Uses it, once: undefined when it was used before, has expired, or is for something else. */
  consume(use: OneTimeUse): Promise<OneTimeRecord | undefined>

  queueMail(mail: NewMail): Promise<void>
  /** Takes due mails for this process until `busyUntil`; another may take them after that. */
  takeMails(now: number, busyUntil: number, limit: number): Promise<readonly MailRecord[]>
  mailSent(id: number): Promise<void>
  mailFailed(id: number, retryAt: number | undefined): Promise<void>

  /**
   * Keeps a key, unless its user has `maxKeys` live ones, or is disabled or deleted by now, or the session that asks
   * has ended; a mail tells the user.
   */
  createApiKey(
    key: ApiKeyRecord,
    maxKeys: number,
    audit: AuditRecord,
    more?: { mail?: NewMail | undefined; sessionId?: SessionId },
  ): Promise<NewApiKeyOutcome>
  findApiKey(id: ApiKeyId): Promise<ApiKeyRecord | undefined>
  apiKeysOfUser(id: UserId): Promise<readonly ApiKeyRecord[]>
  touchApiKey(id: ApiKeyId, now: number): Promise<void>
  /** Keeps the hash under another master key's version, if it is still the one that was compared. */
  rehashApiKey(
    id: ApiKeyId,
    from: Pick<ApiKeyRecord, 'secretHash'>,
    to: Pick<ApiKeyRecord, 'secretHash' | 'keyVersion'>,
  ): Promise<void>
  /** Revokes a user's key; nothing when it is not there or not theirs. */
  revokeApiKey(
    id: ApiKeyId,
    userId: UserId,
    at: { now: number; revocationExpiresAt: number },
    audit: AuditRecord,
  ): Promise<readonly RevocationRecord[]>

  createClient(client: ClientRecord, audit: AuditRecord): Promise<void>
  findClient(id: ClientId): Promise<ClientRecord | undefined>
  /** In the order in which they were made, the disabled ones too. */
  listClients(query: PageRequest): Promise<Page<ClientRecord>>
  /** Disables a client and revokes its access tokens; idempotent. Undefined when there is none. */
  disableClient(
    id: ClientId,
    at: { now: number; revocationExpiresAt: number },
    audit: AuditRecord,
  ): Promise<readonly RevocationRecord[] | undefined>
  /** Keeps the hash under another master key's version, if it is still the one that was compared. */
  rehashClient(
    id: ClientId,
    from: Pick<ClientRecord, 'secretHash'>,
    to: Pick<ClientRecord, 'secretHash' | 'keyVersion'>,
  ): Promise<void>
  /** Revokes one token by its id, whatever becomes of its session. */
  revokeToken(entry: RevocationRecord, audit: AuditRecord): Promise<void>

  /**
   * Revocations that still concern a living token: the whole log without a cursor, else what was written since it was
   * given, some of it perhaps again.
   */
  readRevocations(cursor: string | undefined, now: number): Promise<RevocationLog>
  /** How often to read the log although nobody has called. */
  readonly revocationPollMs: number
  /** Calls when another process may have written a revocation, where the engine can tell. */
  onRevocation(wake: () => void): void

  writeAudit(audit: AuditRecord): Promise<void>
  /** Rows written after the cursor, the oldest first; without a cursor none, and where the log ends now. */
  readAudit(cursor: number | undefined, limit: number): Promise<AuditLog>
  /** The newest first. */
  listAudit(query: AuditQuery): Promise<Page<AuditRecord>>
  /** What was audited from one instant to before another. */
  countAudit(span: { sinceMs: number; untilMs: number }): Promise<EventCounts>
  /** How many sessions lived at an instant, of users who are there still; within a week. */
  countLiveSessions(at: number): Promise<number>
  figures(now: number): Promise<Figures>

  /**
   * Deletes what nobody can present any more, and blanks the address and the device of old audit rows, some of each.
   * True when there is more to do.
   */
  sweep(sweep: Sweep): Promise<boolean>

  /** Copies the database into a new file, whole and consistent, while it is in use. */
  backup(file: string): Promise<void>
  /**
   * Replaces everything by what a backup holds, while it is in use; what was revoked since stays revoked. `judge`
   * sees the backup's master keys first and throws to refuse it; then nothing is changed.
   */
  restore(file: string, judge: (keys: readonly MasterKeyRecord[]) => void, audit: AuditRecord): Promise<void>
  /** What waits in this process now, and its connections. */
  status(): StoreStatus
  /** Bytes of the whole database. */
  size(): Promise<number>
  /** Whether the store answers, by a real read and a real write transaction. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface StoreStatus {
  /** Calls that wait: for the writer, or for a connection. */
  waiting: number
  /** Undefined where the database is a file. */
  connections: { open: number; idle: number; most: number } | undefined
}

export interface Figures {
  users: number
  disabledUsers: number
  liveSessions: number
  apiKeys: number
  waitingMails: number
  /** Audit events of the last 24 hours, counted by kind. */
  events: EventCounts
}
