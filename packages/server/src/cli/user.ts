// `latchkey user …`: what an administrator does to accounts, from the machine itself, by the server's own rules. A
// running server takes part within a second: it reads the same store.
import {
  addUser as addUserTo,
  changeStanding,
  endSession,
  endSessionsOf,
  invite,
  type Link,
  sendResetLink,
} from '../auth/admin.ts'
import { auditOf } from '../auth/audit.ts'
import type { AuthContext } from '../auth/context.ts'
import { newOneTime, oneTimeToken } from '../auth/one-time.ts'
import { resetPassword } from '../auth/password.ts'
import { checkNewPassword } from '../auth/password-rules.ts'
import { deleteUserByOperator, profileOf, shownSession } from '../auth/profile.ts'
import { register } from '../auth/register.ts'
import { canonicalName } from '../auth/username.ts'
import type { Config } from '../config.ts'
import { oneTimeLink } from '../mail/queue.ts'
import type { SessionRecord, UserRecord } from '../store/records.ts'
import { askNewSecret } from './ask-secret.ts'
import { findUser } from './find-user.ts'
import { commandLine, withAuth } from './open-auth.ts'
import { requireDatabase, withStore } from './open-database.ts'
import { instant, listOf, type Printed, said, tableOf } from './table.ts'

export interface NewUserOptions {
  email?: string
  role?: string[]
  password?: true
}

/**
 * Makes a user: with a password that is typed here, or with a link by which they choose one. Throws LatchkeyError
 * `validation_failed`, `username_taken`, `weak_password`.
 */
export async function addUser(
  config: Config,
  username: string,
  { email, role = [], password }: NewUserOptions,
): Promise<Printed> {
  requireDatabase(config)
  const wanted = { username, email, roles: role }
  if (!password) {
    return withAuth(config, async auth => {
      const { user, link } = await addUserTo(auth, wanted, commandLine)
      return printedLink(auth, user, link)
    })
  }
  const secret = await askNewSecret(`The password of ${username}`)
  return withAuth(config, async auth => {
    // The roles come by an invitation that is spent at once: user and roles are one transaction.
    const { token } = await invite(auth, { email: undefined, roles: role }, commandLine)
    const { id } = await register(auth, { username, password: secret, email, invitation: token }, commandLine)
    const user = await findUser(auth, id)
    const words = email === undefined ? '' : ` A mail that asks ${email} to verify the address is on its way.`
    return { ...printedUser(user), words: `${user.username} can sign in.${words}` }
  })
}

export interface ListOptions {
  search?: string
}

/** Every user, or those whose name begins so. */
export function listUsers(config: Config, { search }: ListOptions): Promise<Printed> {
  return withStore(config, async store => {
    const users: UserRecord[] = []
    let cursor: string | undefined
    const canonical = search === undefined || search === '' ? undefined : canonicalName(search)
    do {
      const page = await store.listUsers({ cursor, limit: 200, search: canonical })
      users.push(...page.items)
      cursor = page.next
    } while (cursor !== undefined)
    const rows = users.map(user => ({
      username: user.username,
      id: user.id,
      roles: user.roles.join(' ') || null,
      email: user.email ?? null,
      created_at: instant(user.createdAt),
      disabled_at: instant(user.disabledAt),
    }))
    const words = users.length === 0 ? 'There is no such user.' : ''
    return { json: users.map(shownUser), text: tableOf(rows), words }
  })
}

/** One user. Throws for an unknown one, as every verb below. */
export function showUser(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => printedUser(await findUser(auth, name)))
}

/** Ends sessions and API keys at once; nobody gets in until the user is enabled. */
export function disableUser(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    await changeStanding(auth, user, { disabled: true }, commandLine)
    return said(`${user.username} is disabled: sessions, access tokens and API keys are dead.`)
  })
}

export function enableUser(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    await changeStanding(auth, user, { disabled: false }, commandLine)
    return said(`${user.username} may sign in again. What was ended stays ended.`)
  })
}

/** Sets the roles, all of them; none takes every role away. */
export function changeRoles(config: Config, name: string, roles: readonly string[]): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    await changeStanding(auth, user, { roles }, commandLine)
    const now = roles.length === 0 ? 'no role' : `the roles ${roles.join(', ')}`
    return said(
      `${user.username} has ${now}. Sessions go on under them; access tokens so far have to be renewed.`,
    )
  })
}

/** A link to a new password: mailed where there is an address, else printed to be passed on. */
export function resetUser(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    return printedLink(auth, user, await sendResetLink(auth, user, commandLine))
  })
}

/** Sets a password that is typed here. Ends all sessions. Throws LatchkeyError `weak_password`. */
export async function setPassword(config: Config, name: string): Promise<Printed> {
  const user = await withAuth(config, auth => findUser(auth, name))
  const secret = await askNewSecret(`The new password of ${user.username}`)
  return withAuth(config, async auth => {
    // First, so that a weak one leaves no link behind.
    await checkNewPassword(auth, user, secret)
    // By a link that is made and used here: the reset's own rules, its audit rows and its mail to the user.
    const thing = newOneTime(auth, { purpose: 'reset', userId: user.id, address: user.email })
    const audit = auditOf(auth, 'password_reset_asked', commandLine, {
      userId: user.id,
      actor: commandLine.actor,
    })
    await auth.store.issueOneTime(thing, undefined, audit)
    await resetPassword(auth, oneTimeToken(auth.master, thing), secret, commandLine)
    return said(`${user.username} has a new password, and every session of theirs has ended.`)
  })
}

export function listSessions(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    const sessions = await auth.store.sessionsOfUser(user.id, nowSeconds())
    const rows = sessions.map(session => ({
      id: session.id,
      device: session.device ?? null,
      address: session.address ?? null,
      created_at: instant(session.createdAt),
      last_seen: instant(session.lastSeen),
      expires_at: instant(shownSession(session).expires_at),
    }))
    const words = sessions.length === 0 ? `${user.username} has no session.` : ''
    return { json: sessions.map(jsonOfSession), text: tableOf(rows), words }
  })
}

/** Ends all sessions of a user, or the one that is named. Throws for a session that is not theirs. */
export function endSessions(config: Config, name: string, sessionId: string | undefined): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    const sessions = await auth.store.sessionsOfUser(user.id, nowSeconds())
    if (sessionId === undefined) {
      await endSessionsOf(auth, user, commandLine)
      return said(`${counted(sessions.length)} of ${user.username} ended, with their access tokens.`)
    }
    if (!sessions.some(session => session.id === sessionId))
      throw new Error(`${user.username} has no session ${sessionId}.`)
    await endSession(auth, sessionId, commandLine)
    return said(`The session ended, with its access tokens.`)
  })
}

/** Deletes an account with everything that is theirs; the name stays reserved for 90 days. */
export function deleteUser(config: Config, name: string): Promise<Printed> {
  return withAuth(config, async auth => {
    const user = await findUser(auth, name)
    await deleteUserByOperator(auth, user, commandLine)
    return said(`${user.username} is deleted. The name stays reserved for 90 days.`)
  })
}

/** The username of a user whom a question is about. */
export function usernameOf(config: Config, name: string): Promise<string> {
  return withAuth(config, async auth => (await findUser(auth, name)).username)
}

function shownUser(user: UserRecord): object {
  return { ...profileOf(user), disabled_at: user.disabledAt ?? null }
}

function printedUser(user: UserRecord): Printed {
  const text = listOf({
    username: user.username,
    id: user.id,
    roles: user.roles.join(' ') || null,
    name: user.name ?? null,
    locale: user.locale ?? null,
    email: user.email ?? null,
    unverified_email: user.unverifiedEmail ?? null,
    created_at: instant(user.createdAt),
    password: user.passwordHash === '' ? 'none yet' : `chosen ${instant(user.passwordChangedAt)}`,
    disabled_at: instant(user.disabledAt),
  })
  return { json: { user: shownUser(user) }, text, words: '' }
}

/** The link where somebody has to pass it on; else the words that a mail is under way. */
function printedLink(auth: AuthContext, user: UserRecord, link: Link | undefined): Printed {
  const json = { user: shownUser(user) }
  if (link === undefined) {
    const words = `A mail with a link for ${user.username} is queued: the running server sends it, or the next start.`
    return { json: { ...json, mailed: true }, text: '', words }
  }
  const url = oneTimeLink(auth.issuer, link.thing, link.token)
  const until = instant(link.thing.expiresAt)
  return {
    json: { ...json, link: url, expires_at: link.thing.expiresAt },
    text: `${url}\n`,
    words: `Pass this link on to ${user.username}, who chooses a password there. It works once, until ${until}.`,
  }
}

function jsonOfSession(session: SessionRecord): object {
  return { ...shownSession(session), address: session.address ?? null }
}

function counted(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
