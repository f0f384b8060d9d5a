// The verbs of user accounts.
import { stillAdministrates } from '../administrator.ts'
import type { AuditRecord, NewMail, OneTimeRecord, RevocationRecord, UserId, UserRecord } from '../records.ts'
import type {
  AddressChange,
  Administrator,
  Deletion,
  Ending,
  ImportedUser,
  ImportOutcome,
  NewUser,
  OneTimeUse,
  PasswordChange,
  ProfileChange,
  ProfileOutcome,
  StandingChange,
} from '../store.ts'
import { type Connection, writeAudit, writeRevocation } from './connection.ts'
import { hasUserWithRole } from './lists.ts'
import { queueMail } from './mails.ts'
import { consume, issueOneTime } from './one-time.ts'
import { placeholders, type Row, rowFromUser, userColumns, userFromRow } from './rows.ts'
import { isLive, renewAccessIds, revokeSessionsOfUser } from './sessions.ts'

export function findUserWhere(
  db: Connection,
  column: 'id' | 'canonical_name' | 'email',
  value: string,
): UserRecord | undefined {
  const row = db.prepare(`SELECT ${userColumns} FROM users WHERE ${column} = ?`).get(value)
  return row === undefined ? undefined : userFromRow(row as Row)
}

export function createUser(
  db: Connection,
  wanted: NewUser,
): { kind: 'created' | 'taken' | 'invitation_invalid' } {
  const { user } = wanted
  if (!isNameFree(db, user.canonicalName, user.createdAt)) return { kind: 'taken' }
  let { roles } = user
  if (wanted.invitation !== undefined) {
    const invitation = consume(db, wanted.invitation)
    if (invitation === undefined || isTooLate(db, invitation)) return { kind: 'invitation_invalid' }
    roles = invitation.roles
  }
  db.prepare(`INSERT INTO users (${userColumns}) VALUES (${placeholders(userColumns)})`).run(
    rowFromUser({ ...user, roles }),
  )
  writeAudit(db, wanted.audit)
  if (wanted.oneTime !== undefined)
    issueOneTime(db, { oneTime: wanted.oneTime, mail: undefined, audit: undefined })
  if (wanted.mail !== undefined) queueMail(db, wanted.mail)
  return { kind: 'created' }
}

export function importUsers(db: Connection, wanted: readonly ImportedUser[]): ImportOutcome[] {
  return wanted.map(({ user, audit }) => {
    if (findUserWhere(db, 'id', user.id) !== undefined) return 'known'
    if (!isNameFree(db, user.canonicalName, audit.atMs / 1000)) return 'name_taken'
    if (user.email !== undefined && findUserWhere(db, 'email', user.email) !== undefined)
      return 'address_taken'
    db.prepare(`INSERT INTO users (${userColumns}) VALUES (${placeholders(userColumns)})`).run(
      rowFromUser(user),
    )
    writeAudit(db, audit)
    return 'created'
  })
}

/** The first administrator's link is worth nothing once there is one. */
function isTooLate(db: Connection, { purpose, roles }: OneTimeRecord): boolean {
  return purpose === 'first_admin' && roles.some(role => hasUserWithRole(db, role))
}

function isNameFree(db: Connection, canonicalName: string, now: number): boolean {
  if (findUserWhere(db, 'canonical_name', canonicalName) !== undefined) return false
  const reserved = db
    .prepare('SELECT 1 FROM reserved_names WHERE canonical_name = ? AND reserved_until > ?')
    .get(canonicalName, now)
  return reserved === undefined
}

function reserveName(db: Connection, canonicalName: string, until: number): void {
  db.prepare('INSERT OR REPLACE INTO reserved_names (canonical_name, reserved_until) VALUES (?, ?)').run(
    canonicalName,
    until,
  )
}

export function replacePasswordHash(db: Connection, change: { id: UserId; from: string; to: string }): void {
  db.prepare('UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?').run(
    change.to,
    change.id,
    change.from,
  )
}

export function changeProfile(db: Connection, change: ProfileChange): ProfileOutcome {
  if (change.sessionId !== undefined && !isLive(db, change.sessionId)) return { kind: 'session_ended' }
  const before = findUserWhere(db, 'id', change.id)
  if (before === undefined) return { kind: 'missing' }
  const wanted = change.username
  if (wanted !== undefined && wanted.canonicalName !== before.canonicalName) {
    if (!isNameFree(db, wanted.canonicalName, change.now)) return { kind: 'taken' }
    reserveName(db, before.canonicalName, change.reservedUntil)
  }
  const after: UserRecord = {
    ...before,
    ...wanted,
    name: change.name === undefined ? before.name : (change.name ?? undefined),
    locale: change.locale === undefined ? before.locale : (change.locale ?? undefined),
  }
  db.prepare('UPDATE users SET username = ?, canonical_name = ?, name = ?, locale = ? WHERE id = ?').run(
    after.username,
    after.canonicalName,
    after.name ?? null,
    after.locale ?? null,
    after.id,
  )
  writeAudit(db, change.audit)
  return { kind: 'changed', user: after }
}

export function changePassword(db: Connection, change: PasswordChange): RevocationRecord[] | undefined {
  const { ending, keep } = change
  if (keep !== undefined && !isLive(db, keep)) return undefined
  // Later than the last by a second at least: a sign-in under way sees two changes within one second as well.
  // An address that waits may be the thief's: its link must not outlive the password that asked for it.
  db.prepare(
    'UPDATE users SET password_hash = ?, password_changed_at = max(?, password_changed_at + 1), ' +
      'unverified_email = CASE WHEN email IS NULL THEN unverified_email END WHERE id = ?',
  ).run(change.hash, ending.now, change.userId)
  db.prepare(
    "DELETE FROM one_time WHERE user_id = ? AND purpose IN ('reset', 'welcome', 'verify') AND consumed_at IS NULL",
  ).run(change.userId)
  writeAudit(db, { ...ending.audit, userId: change.userId })
  if (change.mail !== undefined) queueMail(db, change.mail)
  return revokeSessionsOfUser(db, change.userId, ending, keep)
}

export interface PasswordReset {
  use: OneTimeUse
  change: Omit<PasswordChange, 'userId' | 'keep' | 'mail'>
}

export function resetPassword(
  db: Connection,
  { use, change }: PasswordReset,
): RevocationRecord[] | undefined {
  const link = consume(db, use)
  if (link?.userId === undefined) return undefined
  let user = findUserWhere(db, 'id', link.userId)
  if (user !== undefined && link.purpose === 'welcome') user = withWelcomedAddress(db, user, link)
  // A link to an address that is no longer the user's is worth nothing.
  if (user === undefined || (link.address !== undefined && link.address !== user.email)) return undefined
  // A first password is no change that its user has to hear of.
  const mail = link.purpose === 'welcome' ? undefined : mailTo(user, 'password_changed', use.now)
  return changePassword(db, { ...change, mail, userId: user.id, keep: undefined })
}

/** Who opens a link that was mailed to a new user's address has shown that it is theirs. */
function withWelcomedAddress(db: Connection, user: UserRecord, { address }: OneTimeRecord): UserRecord {
  if (address === undefined || address !== user.unverifiedEmail) return user
  if (findUserWhere(db, 'email', address) !== undefined) return user
  db.prepare('UPDATE users SET email = ?, unverified_email = NULL WHERE id = ?').run(address, user.id)
  return { ...user, email: address, unverifiedEmail: undefined }
}

export interface AddressVerification {
  use: OneTimeUse
  audit: AuditRecord
}

export function verifyAddress(
  db: Connection,
  { use, audit }: AddressVerification,
): 'verified' | 'invalid' | 'taken' {
  const link = consume(db, use)
  const user = link?.userId === undefined ? undefined : findUserWhere(db, 'id', link.userId)
  if (link?.address === undefined || user === undefined || user.unverifiedEmail !== link.address)
    return 'invalid'
  const owner = findUserWhere(db, 'email', link.address)
  if (owner !== undefined && owner.id !== user.id) return 'taken'
  db.prepare('UPDATE users SET email = ?, unverified_email = NULL WHERE id = ?').run(link.address, user.id)
  writeAudit(db, { ...audit, userId: user.id })
  const mail = mailTo(user, 'address_changed', use.now)
  if (mail !== undefined) queueMail(db, mail)
  return 'verified'
}

function mailTo(user: UserRecord, purpose: NewMail['purpose'], now: number): NewMail | undefined {
  if (user.email === undefined) return undefined
  return { purpose, userId: user.id, address: user.email, oneTimeId: undefined, createdAt: now }
}

export function askAddressChange(db: Connection, change: AddressChange): 'asked' | 'session_ended' {
  if (!isLive(db, change.sessionId)) return 'session_ended'
  db.prepare('UPDATE users SET unverified_email = ? WHERE id = ?').run(change.email, change.id)
  if (change.oneTime !== undefined)
    issueOneTime(db, { oneTime: change.oneTime, mail: undefined, audit: undefined })
  if (change.mail !== undefined) queueMail(db, change.mail)
  writeAudit(db, change.audit)
  return 'asked'
}

function mayAct(db: Connection, by: Administrator | undefined): boolean {
  return by === undefined || stillAdministrates(findUserWhere(db, 'id', by.id), by)
}

export function changeStanding(
  db: Connection,
  { id, roles, disabled, ending, by }: StandingChange,
): RevocationRecord[] | undefined {
  if (!mayAct(db, by)) return undefined
  const revoked: RevocationRecord[] = []
  if (roles !== undefined) {
    db.prepare('UPDATE users SET roles = ? WHERE id = ?').run(JSON.stringify(roles.names), id)
    writeAudit(db, roles.audit)
    const { revocationExpiresAt } = ending
    revoked.push(...renewAccessIds(db, id, { scope: roles.scope, revocationExpiresAt }))
    // Every process forgets what it remembers of their keys; the rows stay as they are.
    for (const keyId of liveApiKeys(db, id))
      revoked.push(writeRevocation(db, { kind: 'api_key', id: keyId, expiresAt: revocationExpiresAt }))
  }
  if (disabled !== undefined) {
    db.prepare('UPDATE users SET disabled_at = ? WHERE id = ?').run(disabled.at ?? null, id)
    writeAudit(db, disabled.audit)
    if (disabled.at !== undefined)
      revoked.push(...revokeSessionsOfUser(db, id, ending), ...revokeApiKeysOfUser(db, id, ending))
  }
  return revoked
}

export function deleteUser(
  db: Connection,
  { id, sessionId, ending, reservedUntil }: Deletion,
): RevocationRecord[] | undefined {
  const user = findUserWhere(db, 'id', id)
  if (user === undefined || (sessionId !== undefined && !isLive(db, sessionId))) return undefined
  const revoked = [...revokeSessionsOfUser(db, id, ending), ...revokeApiKeysOfUser(db, id, ending)]
  reserveName(db, user.canonicalName, reservedUntil)
  db.prepare('DELETE FROM mails WHERE user_id = ?').run(id)
  db.prepare('UPDATE audit SET address = NULL, device = NULL, detail = NULL WHERE user_id = ?').run(id)
  // What they did to others stays, and where they did it from does not.
  db.prepare('UPDATE audit SET address = NULL, device = NULL WHERE actor = ?').run(id)
  db.prepare('DELETE FROM users WHERE id = ?').run(id)
  writeAudit(db, { ...ending.audit, address: undefined, device: undefined })
  return revoked
}

function revokeApiKeysOfUser(db: Connection, id: UserId, ending: Omit<Ending, 'audit'>): RevocationRecord[] {
  return liveApiKeys(db, id).map(keyId => {
    db.prepare('UPDATE api_keys SET revoked_at = ? WHERE id = ?').run(ending.now, keyId)
    return writeRevocation(db, { kind: 'api_key', id: keyId, expiresAt: ending.revocationExpiresAt })
  })
}

function liveApiKeys(db: Connection, id: UserId): string[] {
  return db
    .prepare('SELECT id FROM api_keys WHERE user_id = ? AND revoked_at IS NULL')
    .all(id)
    .map(row => String(row['id']))
}
