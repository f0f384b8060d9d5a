// What administrators do to other people's accounts, and to keys. Every change is audited with who made it.
import { LatchkeyError } from 'latchkey'
import type {
  KeyId,
  NewMail,
  OneTimeRecord,
  SessionId,
  SigningKeyRecord,
  UserId,
  UserRecord,
} from '../store/records.ts'
import type { Administrator } from '../store/store.ts'
import { publicUser, scopeOfRoles } from './access-token.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { administratorRoles, letAdministrate } from './first-admin.ts'
import { newUserId } from './identifiers.ts'
import { endingOf } from './logout.ts'
import { newOneTime, oneTimeToken } from './one-time.ts'
import { sendReset } from './password.ts'
import { requireEmail, requireUsername, tellApplication } from './register.ts'
import { revocationEnd } from './sessions.ts'

/** Who acts: an administrator's user id, or the command line. */
export interface Actor extends Caller {
  actor: string
  /** Set for an administrator: what they do to others is done only while they are one. */
  administrator?: UserId
}

/** Whether a user may administrate now, by the roles in the store: a role that gives `*` or `admin`. */
export function isAdministrator(context: AuthContext, user: UserRecord): boolean {
  return user.disabledAt === undefined && letAdministrate(user.roles, context.roles)
}

/** Throws `not_found`. */
export async function requireUser(context: AuthContext, id: string): Promise<UserRecord> {
  // Any text may be asked for; only a real id finds somebody.
  const user = await context.store.findUser(id as UserId)
  if (user === undefined) throw new LatchkeyError('not_found')
  return user
}

/** Whom the store has to find an administrator still, in the transaction that acts; nobody for the command line. */
function actingAdministrator(context: AuthContext, { administrator }: Actor): Administrator | undefined {
  return administrator && { id: administrator, roles: administratorRoles(context.roles) }
}

function notYourself(path: string, message: string): LatchkeyError {
  return new LatchkeyError('validation_failed', { errors: [{ path, message }] })
}

/**
 * Changes roles, or disables or enables, or both at once: sessions go on under new roles and access tokens so far are
 * dead; disabling ends sessions and API keys. Throws `validation_failed` for an unknown role, and for who would disable
 * themselves or no longer administrate; `forbidden` for who is no administrator any more.
 */
export async function changeStanding(
  context: AuthContext,
  user: UserRecord,
  { roles, disabled }: { roles?: readonly string[] | undefined; disabled?: boolean | undefined },
  by: Actor,
): Promise<void> {
  const unique = roles && [...new Set(roles)]
  if (unique !== undefined) {
    requireKnownRoles(context, unique)
    if (user.id === by.actor && !isAdministrator(context, { ...user, roles: unique }))
      throw notYourself('roles', 'You cannot take your own administration away.')
  }
  if (disabled === true && user.id === by.actor) throw notYourself('disabled', 'You cannot disable yourself.')
  const isOther = disabled !== undefined && (user.disabledAt !== undefined) !== disabled
  if (unique === undefined && !isOther) return
  const about = { userId: user.id, actor: by.actor }
  const rolesAudit = auditOf(context, 'roles_changed', by, { ...about, detail: unique?.join(' ') })
  const ending = endingOf(
    context,
    'disabled',
    auditOf(context, disabled ? 'user_disabled' : 'user_enabled', by, about),
  )
  const revoked = await context.store.changeStanding({
    id: user.id,
    roles: unique && { names: unique, scope: scopeOfRoles(unique, context.roles), audit: rolesAudit },
    disabled: isOther ? { at: disabled ? ending.now : undefined, audit: ending.audit } : undefined,
    ending,
    by: actingAdministrator(context, by),
  })
  if (revoked === undefined)
    throw new LatchkeyError('forbidden', { detail: 'You are no administrator any more.' })
  context.revocations.apply(revoked)
}

/**
 * Makes an account without a password: its user chooses one by a link, which is mailed to the address or, where
 * there is none, handed back to be passed on. Throws `validation_failed`, `username_taken`.
 */
export async function addUser(
  context: AuthContext,
  wanted: { username: string; email: string | undefined; roles: readonly string[] },
  by: Actor,
): Promise<{ user: UserRecord; link: Link | undefined }> {
  requireKnownRoles(context, wanted.roles)
  const name = requireUsername(wanted.username)
  const address = wanted.email === undefined ? undefined : requireEmail(wanted.email)
  if (address !== undefined && (await context.store.findUserByEmail(address)) !== undefined) {
    const message = 'This address belongs to another user.'
    throw new LatchkeyError('validation_failed', { errors: [{ path: 'email', message }] })
  }
  const nowMs = context.clock()
  const now = Math.floor(nowMs / 1000)
  const user: UserRecord = {
    id: newUserId(nowMs),
    ...name,
    passwordHash: '',
    roles: [...new Set(wanted.roles)],
    name: undefined,
    locale: undefined,
    email: undefined,
    unverifiedEmail: address,
    createdAt: now,
    passwordChangedAt: now,
    disabledAt: undefined,
  }
  const { thing, mail, link } = welcomeOf(context, user)
  const audit = auditOf(context, 'user_made', by, {
    userId: user.id,
    actor: by.actor,
    detail: user.roles.join(' ') || undefined,
  })
  const { kind } = await context.store.createUser({
    user,
    invitation: undefined,
    audit,
    oneTime: thing,
    mail,
  })
  if (kind !== 'created') throw new LatchkeyError('username_taken')
  await tellApplication(context, publicUser(user), by)
  return { user, link }
}

function requireKnownRoles(context: AuthContext, roles: readonly string[]): void {
  const unknown = roles.find(role => !Object.hasOwn(context.roles, role))
  if (unknown === undefined) return
  const message = `There is no role "${unknown}". The roles are: ${Object.keys(context.roles).join(', ')}.`
  throw new LatchkeyError('validation_failed', { errors: [{ path: 'roles', message }] })
}

/**
 * Sends the user a reset link, or the link for the first password where there is none yet. A user without a password
 * and without an address gets none: the link is handed back to be passed on. Throws `validation_failed` when there is
 * no verified address to send a reset link to.
 */
export async function sendResetLink(
  context: AuthContext,
  user: UserRecord,
  by: Actor,
): Promise<Link | undefined> {
  const audit = auditOf(context, 'password_reset_asked', by, { userId: user.id, actor: by.actor })
  if (user.passwordHash === '') {
    const { thing, mail, link } = welcomeOf(context, user)
    await context.store.issueOneTime(thing, mail, audit)
    return link
  }
  if (user.email === undefined) {
    const message = 'This user has no verified address to send a link to.'
    throw new LatchkeyError('validation_failed', { errors: [{ path: 'id', message }] })
  }
  await sendReset(context, user, audit)
  return undefined
}

/** A link that somebody has to pass on. */
export interface Link {
  thing: OneTimeRecord
  token: string
}

/** The link to a first password: mailed where there is an address, which its use verifies; else handed back. */
function welcomeOf(
  context: AuthContext,
  user: UserRecord,
): { thing: OneTimeRecord; mail: NewMail | undefined; link: Link | undefined } {
  const address = user.email ?? user.unverifiedEmail
  const thing = newOneTime(context, { purpose: 'welcome', userId: user.id, address })
  if (address === undefined)
    return { thing, mail: undefined, link: { thing, token: oneTimeToken(context.master, thing) } }
  const mail = {
    purpose: 'welcome',
    userId: user.id,
    address,
    oneTimeId: thing.id,
    createdAt: thing.createdAt,
  } as const
  return { thing, mail, link: undefined }
}

/** An invitation, by mail when there is an address. Throws `validation_failed`. */
export async function invite(
  context: AuthContext,
  wanted: { email: string | undefined; roles: readonly string[] },
  by: Actor,
): Promise<{ thing: OneTimeRecord; token: string }> {
  requireKnownRoles(context, wanted.roles)
  const address = wanted.email === undefined ? undefined : requireEmail(wanted.email)
  const thing = newOneTime(context, { purpose: 'invite', address, roles: wanted.roles })
  const mail =
    address === undefined
      ? undefined
      : ({
          purpose: 'invite',
          userId: undefined,
          address,
          oneTimeId: thing.id,
          createdAt: thing.createdAt,
        } as const)
  await context.store.issueOneTime(thing, mail, auditOf(context, 'invitation_made', by, { actor: by.actor }))
  return { thing, token: oneTimeToken(context.master, thing) }
}

/** Ends one session of anybody. Throws `not_found`. */
export async function endSession(context: AuthContext, id: string, by: Actor): Promise<void> {
  // Any text may be asked for; only a real id ends something.
  const session = await context.store.findSession(id as SessionId)
  if (session === undefined) throw new LatchkeyError('not_found')
  const audit = auditOf(context, 'session_ended', by, {
    userId: session.userId,
    sessionId: session.id,
    actor: by.actor,
  })
  context.revocations.apply(
    await context.store.endSession(session.id, endingOf(context, 'ended_by_admin', audit)),
  )
}

export async function endSessionsOf(context: AuthContext, user: UserRecord, by: Actor): Promise<void> {
  const audit = auditOf(context, 'session_ended', by, { userId: user.id, actor: by.actor })
  context.revocations.apply(
    await context.store.endSessionsOfUser(user.id, endingOf(context, 'ended_by_admin', audit)),
  )
}

/** A signing key as an administrator sees it: never its secret. */
export interface ShownKey {
  kid: string
  alg: string
  state: SigningKeyRecord['state']
  published_at: number
  active_at: number | null
  rotate_at: number | null
  retired_until: number | null
  revoked_at: number | null
}

export function shownKey(key: SigningKeyRecord): ShownKey {
  return {
    kid: key.kid,
    alg: key.alg,
    state: key.state,
    published_at: key.publishedAt,
    active_at: key.activeAt ?? null,
    rotate_at: key.rotateAt ?? null,
    retired_until: key.retiredUntil ?? null,
    revoked_at: key.revokedAt ?? null,
  }
}

/** Lets the next key take over as soon as it has been published long enough. */
export async function rotateKeys(context: AuthContext, by: Actor): Promise<readonly SigningKeyRecord[]> {
  const audit = auditOf(context, 'key_rotated', by, { actor: by.actor })
  await context.store.requestKeyRotation(Math.floor(context.clock() / 1000), audit)
  await context.keyRing.tend()
  return context.store.signingKeys()
}

/** Throws `not_found`, `validation_failed` for a key that still signs or waits. */
export async function retireKey(context: AuthContext, kid: string, by: Actor): Promise<void> {
  const audit = auditOf(context, 'key_retired', by, { actor: by.actor, detail: kid })
  const outcome = await context.store.retireKey(kid as KeyId, audit)
  if (outcome === 'missing') throw new LatchkeyError('not_found')
  if (outcome === 'in_use') {
    const message = 'Only a retiring key can be retired. Rotate first, or revoke it if it leaked.'
    throw new LatchkeyError('validation_failed', { errors: [{ path: 'kid', message }] })
  }
  await context.keyRing.tend()
}

/** Kills a key and every token it signed, at every connected guard; the next key signs at once. Throws `not_found`. */
export async function revokeKey(context: AuthContext, kid: string, by: Actor): Promise<void> {
  const nowMs = context.clock()
  const at = { now: Math.floor(nowMs / 1000), revocationExpiresAt: revocationEnd(context, nowMs) }
  const audit = auditOf(context, 'key_revoked', by, { actor: by.actor, detail: kid })
  const revoked = await context.store.revokeKey(kid as KeyId, at, audit)
  if (revoked.length === 0) throw new LatchkeyError('not_found')
  context.revocations.apply(revoked)
  await context.keyRing.tend()
}
