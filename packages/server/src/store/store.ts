// The store's interface: domain verbs, each atomic in one statement or transaction, each returning a promise that
// settles after the commit. What cannot be done by one of these verbs is not done: there is no read-then-write above.
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

export interface Rotation {
  id: SessionId
  /** The counter of the presented refresh token, its MAC already found right. */
  counter: number
  /** SHA-256 of the client's `attempt`, in base64url. */
  attemptHash: string | undefined
  nowMs: number
  graceMs: number
  idleSeconds: number
  /** When access tokens signed so far are dead: how long a revocation of this session must be remembered. */
  revocationExpiresAt: number
}

/** What became of a presented refresh token. DESIGN of each outcome: ARCHITECTURE.md, "A refresh". */
export type RotationOutcome =
  | { kind: 'rotated' | 'kept' | 'repeated' | 'ahead'; session: SessionRecord }
  | { kind: 'reused'; session: SessionRecord; revocation: RevocationRecord }
  | { kind: 'stale' | 'expired' | 'revoked' | 'missing' }

export interface SessionEnding {
  id: SessionId
  why: SessionEnd
  now: number
  revocationExpiresAt: number
  audit: AuditRecord
}

export interface SessionStart {
  session: SessionRecord
  /** The oldest sessions beyond this many live ones end. */
  maxSessions: number
  revocationExpiresAt: number
  audit: AuditRecord
}

export interface RevocationLog {
  entries: readonly RevocationRecord[]
  /** Where to read on from. */
  cursor: number
}

export interface Store {
  masterKeyCheck(): Promise<Uint8Array | undefined>
  /** Remembers the check value of the master key if there is none yet; gives the one that is remembered. */
  claimMasterKeyCheck(check: Uint8Array): Promise<Uint8Array>
  /** Keeps the candidate if there is no signing key for its algorithm yet; gives all keys, the oldest first. */
  claimSigningKey(candidate: SigningKeyRecord): Promise<readonly SigningKeyRecord[]>
  signingKeys(): Promise<readonly SigningKeyRecord[]>

  createUser(user: UserRecord, audit: AuditRecord): Promise<{ kind: 'created' | 'taken' }>
  findUserByName(canonicalName: string): Promise<UserRecord | undefined>
  findUser(id: UserId): Promise<UserRecord | undefined>
  /** Replaces an outdated hash, unless the password was changed meanwhile. */
  replacePasswordHash(id: UserId, from: string, to: string): Promise<void>

  startSession(start: SessionStart): Promise<{ ended: readonly RevocationRecord[] }>
  findSession(id: SessionId): Promise<SessionRecord | undefined>
  /** Judges a refresh token's counter and acts on it, in one transaction; writes the audit row the outcome asks for. */
  rotateSession(rotation: Rotation, audit: Record<'reused' | 'ahead', AuditRecord>): Promise<RotationOutcome>
  /** Ends a session; idempotent. Gives what has to be revoked, nothing when it had ended before. */
  endSession(ending: SessionEnding): Promise<readonly RevocationRecord[]>
  endSessionsOfUser(
    ending: Omit<SessionEnding, 'id'> & { userId: UserId },
  ): Promise<readonly RevocationRecord[]>

  /** Revocations written after the cursor that still concern a living token. */
  readRevocations(cursor: number, now: number): Promise<RevocationLog>

  writeAudit(audit: AuditRecord): Promise<void>

  /** Deletes what nobody can present any more: revocations of dead tokens, sessions that ended long ago. */
  sweep(now: number): Promise<void>

  /** Whether the store answers, by a real read and a real write transaction. */
  check(): Promise<void>
  close(): Promise<void>
}
