// The verbs of user accounts. What is looked up first and written then is held by a unique index: a conflict that
// came in between starts the transaction again, and the look-up finds it.
import { stillAdministrates } from '../administrator.ts'
import type { AuditRecord, NewMail, OneTimeRecord, RevocationRecord, UserId, UserRecord } from '../records.ts'
import { type Row, rowFromUser, userColumns, userFromRow } from '../sqlite/rows.ts'
import type {
  AddressChange,
  Administrator,
  Deletion,
  ImportedUser,
  ImportOutcome,
  NewUser,
  OneTimeUse,
  PasswordChange,
  ProfileChange,
  ProfileOutcome,
  StandingChange,
} from '../store.ts'
import { recallApiKeysOfUser, revokeApiKeysOfUser } from './api-keys.ts'
import { hasUserWithRole } from './lists.ts'
import { queueMail } from './mails.ts'
import { consume, issueOneTime } from './one-time.ts'
import type { Query } from './pool.ts'
import { isLive, renewAccessIds, revokeSessionsOfUser } from './sessions.ts'
import { insert, takeTurn, writeAudit, writeAudits } from './statements.ts'

export async function findUserWhere(
  query: Query,
  column: 'id' | 'canonical_name' | 'email',
  value: string,
): Promise<UserRecord | undefined> {
  const { rows } = await query(`SELECT ${userColumns} FROM users WHERE ${column} = $1`, [value])
  return rows[0] && userFromRow(rows[0])
}

async function lockedUser(query: Query, id: UserId): Promise<UserRecord | undefined> {
  const { rows } = await query(`SELECT ${userColumns} FROM users WHERE id = $1 FOR NO KEY UPDATE`, [id])
  return rows[0] && userFromRow(rows[0])
}

export async function createUser(
  query: Query,
  wanted: NewUser,
  nowMs: number | undefined,
): Promise<{ kind: 'created' | 'taken' | 'invitation_invalid' }> {
  const { user } = wanted
  if (!(await isNameFree(query, user.canonicalName, user.createdAt))) return { kind: 'taken' }
  let { roles } = user
  if (wanted.invitation !== undefined) {
    const invitation = await consume(query, wanted.invitation, nowMs)
    if (invitation === undefined || (await isTooLate(query, invitation)))
      return { kind: 'invitation_invalid' }
    roles = invitation.roles
  }
  await insert(query, 'users', rowFromUser({ ...user, roles }))
  await writeAudit(query, wanted.audit)
  if (wanted.oneTime !== undefined)
    await issueOneTime(query, { oneTime: wanted.oneTime, mail: undefined, audit: undefined })
  if (wanted.mail !== undefined) await queueMail(query, wanted.mail)
  return { kind: 'created' }
}

/** One statement for all users and one for their audit rows: a batch costs as many turns as a single user. */
export async function importUsers(query: Query, wanted: readonly ImportedUser[]): Promise<ImportOutcome[]> {
  const reserved = await reservedAmong(query, wanted)
  const free = wanted.filter(({ user }) => !reserved.has(user.canonicalName))
  const { rows } = await query(
    `INSERT INTO users (${userColumns}) SELECT * FROM unnest(${placesOfUsers}) ON CONFLICT DO NOTHING RETURNING id`,
    columnsOf(free.map(({ user }) => rowFromUser(user))),
  )
  const created = new Set(rows.map(row => String(row['id'])))
  const kept = wanted.map(({ user }) => !reserved.has(user.canonicalName) && created.delete(user.id))
  await writeAudits(
    query,
    wanted.filter((_, i) => kept[i]).map(({ audit }) => audit),
  )
  const holders = await holdersOf(
    query,
    wanted.filter((_, i) => !kept[i]).map(({ user }) => user),
  )
  return wanted.map(({ user }, i) => (kept[i] ? 'created' : reasonOf(user, holders)))
}

/** The names among these that somebody gave up lately. */
async function reservedAmong(query: Query, wanted: readonly ImportedUser[]): Promise<Set<string>> {
  const now = (wanted[0]?.audit.atMs ?? 0) / 1000
  const { rows } = await query(
    'SELECT canonical_name FROM reserved_names WHERE canonical_name = ANY($1::text[]) AND reserved_until > $2',
    [wanted.map(({ user }) => user.canonicalName), Math.floor(now)],
  )
  return new Set(rows.map(row => String(row['canonical_name'])))
}

/** The last three columns of a user are instants. */
const placesOfUsers = userColumns
  .split(', ')
  .map((name, i) => `$${i + 1}::${name.endsWith('_at') ? 'bigint' : 'text'}[]`)
  .join(', ')

function columnsOf(rows: readonly Row[]): unknown[][] {
  return userColumns.split(', ').map(name => rows.map(row => row[name] ?? null))
}

async function holdersOf(query: Query, users: readonly UserRecord[]): Promise<UserRecord[]> {
  if (users.length === 0) return []
  const { rows } = await query(
    `SELECT ${userColumns} FROM users WHERE id = ANY($1::text[]) OR canonical_name = ANY($2::text[]) ` +
      'OR email = ANY($3::text[])',
    [users.map(user => user.id), users.map(user => user.canonicalName), users.map(user => user.email ?? '')],
  )
  return rows.map(userFromRow)
}

function reasonOf(user: UserRecord, holders: readonly UserRecord[]): ImportOutcome {
  if (holders.some(other => other.id === user.id)) return 'known'
  const isAddress = (other: UserRecord): boolean => user.email !== undefined && other.email === user.email
  const isNameFree = !holders.some(other => other.canonicalName === user.canonicalName)
  return isNameFree && holders.some(isAddress) ? 'address_taken' : 'name_taken'
}

/** The first administrator's link is worth nothing once there is one; of several that are used at once one counts. */
async function isTooLate(query: Query, { purpose, roles }: OneTimeRecord): Promise<boolean> {
  if (purpose !== 'first_admin') return false
  await takeTurn(query, 'firstAdministrator')
  for (const role of roles) if (await hasUserWithRole(query, role)) return true
  return false
}

/** Users before reservations: a name that is given up moves from the one to the other in one transaction. */
async function isNameFree(query: Query, canonicalName: string, now: number): Promise<boolean> {
  if ((await findUserWhere(query, 'canonical_name', canonicalName)) !== undefined) return false
  const reserved = await query(
    'SELECT 1 FROM reserved_names WHERE canonical_name = $1 AND reserved_until > $2',
    [canonicalName, now],
  )
  return reserved.count === 0
}

async function reserveName(query: Query, canonicalName: string, until: number): Promise<void> {
  await query(
    'INSERT INTO reserved_names (canonical_name, reserved_until) VALUES ($1, $2) ' +
      'ON CONFLICT (canonical_name) DO UPDATE SET reserved_until = excluded.reserved_until',
    [canonicalName, until],
  )
}

export async function replacePasswordHash(
  query: Query,
  change: { id: UserId; from: string; to: string },
): Promise<void> {
  await query('UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3', [
    change.to,
    change.id,
    change.from,
  ])
}

export async function changeProfile(query: Query, change: ProfileChange): Promise<ProfileOutcome> {
  const before = await lockedUser(query, change.id)
  if (change.sessionId !== undefined && !(await isLive(query, change.sessionId)))
    return { kind: 'session_ended' }
  if (before === undefined) return { kind: 'missing' }
  const wanted = change.username
  if (wanted !== undefined && wanted.canonicalName !== before.canonicalName) {
    if (!(await isNameFree(query, wanted.canonicalName, change.now))) return { kind: 'taken' }
    await reserveName(query, before.canonicalName, change.reservedUntil)
  }
  const after: UserRecord = {
    ...before,
    ...wanted,
    name: change.name === undefined ? before.name : (change.name ?? undefined),
    locale: change.locale === undefined ? before.locale : (change.locale ?? undefined),
  }
  await query('UPDATE users SET username = $1, canonical_name = $2, name = $3, locale = $4 WHERE id = $5', [
    after.username,
    after.canonicalName,
    after.name ?? null,
    after.locale ?? null,
    after.id,
  ])
  await writeAudit(query, change.audit)
  return { kind: 'changed', user: after }
}

export async function changePassword(
  query: Query,
  change: PasswordChange,
): Promise<RevocationRecord[] | undefined> {
  const { ending, keep } = change
  // Whatever ends the user's sessions locks the user first: what is read behind the lock stays true.
  await lockedUser(query, change.userId)
  if (keep !== undefined && !(await isLive(query, keep))) return undefined
  // Later than the last by a second at least: a sign-in under way sees two changes within one second as well.
  // An address that waits may be the thief's: its link must not outlive the password that asked for it.
  await query(
    'UPDATE users SET password_hash = $1, password_changed_at = greatest($2, password_changed_at + 1), ' +
      'unverified_email = CASE WHEN email IS NULL THEN unverified_email END WHERE id = $3',
    [change.hash, ending.now, change.userId],
  )
  await query(
    "DELETE FROM one_time WHERE user_id = $1 AND purpose IN ('reset', 'welcome', 'verify') AND consumed_at IS NULL",
    [change.userId],
  )
  await writeAudit(query, { ...ending.audit, userId: change.userId })
  if (change.mail !== undefined) await queueMail(query, change.mail)
  return revokeSessionsOfUser(query, change.userId, ending, keep)
}

export interface PasswordReset {
  use: OneTimeUse
  change: Omit<PasswordChange, 'userId' | 'keep' | 'mail'>
}

export async function resetPassword(
  query: Query,
  { use, change }: PasswordReset,
  nowMs: number | undefined,
): Promise<RevocationRecord[] | undefined> {
  const link = await consume(query, use, nowMs)
  if (link?.userId === undefined) return undefined
  let user = await lockedUser(query, link.userId)
  if (user !== undefined && link.purpose === 'welcome') user = await withWelcomedAddress(query, user, link)
  // A link to an address that is no longer the user's is worth nothing.
  if (user === undefined || (link.address !== undefined && link.address !== user.email)) return undefined
  // A first password is no change that its user has to hear of.
  const mail = link.purpose === 'welcome' ? undefined : mailTo(user, 'password_changed', use.now)
  return changePassword(query, { ...change, mail, userId: user.id, keep: undefined })
}

/** Who opens a link that was mailed to a new user's address has shown that it is theirs. */
async function withWelcomedAddress(
  query: Query,
  user: UserRecord,
  { address }: OneTimeRecord,
): Promise<UserRecord> {
  if (address === undefined || address !== user.unverifiedEmail) return user
  if ((await findUserWhere(query, 'email', address)) !== undefined) return user
  await query('UPDATE users SET email = $1, unverified_email = NULL WHERE id = $2', [address, user.id])
  return { ...user, email: address, unverifiedEmail: undefined }
}

export interface AddressVerification {
  use: OneTimeUse
  audit: AuditRecord
}

export async function verifyAddress(
  query: Query,
  { use, audit }: AddressVerification,
  nowMs: number | undefined,
): Promise<'verified' | 'invalid' | 'taken'> {
  const link = await consume(query, use, nowMs)
  const user = link?.userId === undefined ? undefined : await lockedUser(query, link.userId)
  if (link?.address === undefined || user === undefined || user.unverifiedEmail !== link.address)
    return 'invalid'
  const owner = await findUserWhere(query, 'email', link.address)
  if (owner !== undefined && owner.id !== user.id) return 'taken'
  await query('UPDATE users SET email = $1, unverified_email = NULL WHERE id = $2', [link.address, user.id])
  await writeAudit(query, { ...audit, userId: user.id })
  const mail = mailTo(user, 'address_changed', use.now)
  if (mail !== undefined) await queueMail(query, mail)
  return 'verified'
}

function mailTo(user: UserRecord, purpose: NewMail['purpose'], now: number): NewMail | undefined {
  if (user.email === undefined) return undefined
  return { purpose, userId: user.id, address: user.email, oneTimeId: undefined, createdAt: now }
}

export async function askAddressChange(
  query: Query,
  change: AddressChange,
): Promise<'asked' | 'session_ended'> {
  await lockedUser(query, change.id)
  if (!(await isLive(query, change.sessionId))) return 'session_ended'
  await query('UPDATE users SET unverified_email = $1 WHERE id = $2', [change.email, change.id])
  if (change.oneTime !== undefined)
    await issueOneTime(query, { oneTime: change.oneTime, mail: undefined, audit: undefined })
  if (change.mail !== undefined) await queueMail(query, change.mail)
  await writeAudit(query, change.audit)
  return 'asked'
}

/** Both rows are locked, always in the same order: of two who act on each other the second sees what the first did. */
async function mayAct(query: Query, by: Administrator | undefined, target: UserId): Promise<boolean> {
  if (by === undefined) return true
  const { rows } = await query(
    `SELECT ${userColumns} FROM users WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
    [[by.id, target]],
  )
  return stillAdministrates(
    rows.map(userFromRow).find(user => user.id === by.id),
    by,
  )
}

export async function changeStanding(
  query: Query,
  { id, roles, disabled, ending, by }: StandingChange,
): Promise<RevocationRecord[] | undefined> {
  if (!(await mayAct(query, by, id))) return undefined
  const revoked: RevocationRecord[] = []
  if (roles !== undefined) {
    await query('UPDATE users SET roles = $1 WHERE id = $2', [JSON.stringify(roles.names), id])
    await writeAudit(query, roles.audit)
    const { revocationExpiresAt } = ending
    revoked.push(...(await renewAccessIds(query, id, { scope: roles.scope, revocationExpiresAt })))
    revoked.push(...(await recallApiKeysOfUser(query, id, revocationExpiresAt)))
  }
  if (disabled !== undefined) {
    await query('UPDATE users SET disabled_at = $1 WHERE id = $2', [disabled.at ?? null, id])
    await writeAudit(query, disabled.audit)
    if (disabled.at === undefined) return revoked
    revoked.push(...(await revokeSessionsOfUser(query, id, ending)))
    revoked.push(...(await revokeApiKeysOfUser(query, id, ending)))
  }
  return revoked
}

export async function deleteUser(
  query: Query,
  { id, sessionId, ending, reservedUntil }: Deletion,
): Promise<RevocationRecord[] | undefined> {
  const user = await lockedUser(query, id)
  if (user === undefined) return undefined
  if (sessionId !== undefined && !(await isLive(query, sessionId))) return undefined
  const ofSessions = await revokeSessionsOfUser(query, id, ending)
  const ofKeys = await revokeApiKeysOfUser(query, id, ending)
  await reserveName(query, user.canonicalName, reservedUntil)
  await query('DELETE FROM mails WHERE user_id = $1', [id])
  await query('UPDATE audit SET address = NULL, device = NULL, detail = NULL WHERE user_id = $1', [id])
  // What they did to others stays, and where they did it from does not.
  await query('UPDATE audit SET address = NULL, device = NULL WHERE actor = $1', [id])
  await query('DELETE FROM users WHERE id = $1', [id])
  await writeAudit(query, { ...ending.audit, address: undefined, device: undefined })
  return [...ofSessions, ...ofKeys]
}
