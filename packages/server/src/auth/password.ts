// Changing a password: by the present one, or by a link that was sent to the verified address.
import { LatchkeyError } from 'latchkey'
import type { AuditRecord, NewMail, SessionId, UserRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { readEmail } from './email.ts'
import { confirmPassword } from './login.ts'
import { endingOf } from './logout.ts'
import { mayMail } from './mail-limit.ts'
import { deadOneTime, invalidLink, newOneTime, readOneTimeToken } from './one-time.ts'
import { checkNewPassword, normalisePassword } from './password-rules.ts'
import { mailTo } from './sessions.ts'

export interface PasswordChangeRequest {
  user: UserRecord
  /** The session that asks, and goes on. */
  sessionId: SessionId
  currentPassword: string
  newPassword: string
}

/**
 * Throws `invalid_credentials` for a wrong present password, `weak_password`, `overloaded`; `token_revoked` when the
 * session has ended since the password was compared, by a reset above all: the older password must not win.
 */
export async function changePassword(
  context: AuthContext,
  request: PasswordChangeRequest,
  caller: Caller,
): Promise<void> {
  const { user, sessionId } = request
  await confirmPassword(context, user, request.currentPassword, caller)
  await checkNewPassword(context, user, request.newPassword)
  const hash = await context.hasher.hash(normalisePassword(request.newPassword))
  const ending = endingOf(
    context,
    'password_changed',
    auditOf(context, 'password_changed', caller, { userId: user.id, sessionId }),
  )
  const mail = mailTo(user, 'password_changed', ending.now)
  const change = { userId: user.id, hash, keep: sessionId, ending, mail }
  const revoked = await context.store.changePassword(change)
  if (revoked === undefined) throw new LatchkeyError('token_revoked')
  context.revocations.apply(revoked)
}

/**
 * Sends a reset link to a verified address. The same work for an address that nobody has, down to the rows that are
 * written, so that neither answer nor time tells who has an account. Throws `rate_limited` by the caller's address
 * alone; that the address had its mails of this hour is not told.
 */
export async function forgotPassword(context: AuthContext, email: string, caller: Caller): Promise<void> {
  context.addressLimiter.attempt('mail', caller.address)
  const address = readEmail(email) ?? ''
  // Counted for an address that nobody has, too.
  const mayBeSent = await mayMail(context, address)
  const user = await context.store.findUserByEmail(address)
  const audit = auditOf(context, 'password_reset_asked', caller, { userId: user?.id })
  if (user === undefined || user.disabledAt !== undefined || !mayBeSent) return sendNothing(context, audit)
  await sendReset(context, user, audit)
}

/** Keeps a link that is dead and queues a mail for it; the queue drops what belongs to such a link. */
async function sendNothing(context: AuthContext, audit: AuditRecord): Promise<void> {
  const oneTime = deadOneTime(context, { purpose: 'reset' })
  const mail: NewMail = {
    purpose: 'reset',
    userId: undefined,
    address: 'nobody',
    oneTimeId: oneTime.id,
    createdAt: oneTime.createdAt,
  }
  await context.store.issueOneTime(oneTime, mail, audit)
}

/** Keeps a reset link and queues its mail. `user` has a verified address. */
export async function sendReset(context: AuthContext, user: UserRecord, audit: AuditRecord): Promise<void> {
  const oneTime = newOneTime(context, { purpose: 'reset', userId: user.id, address: user.email })
  const mail = mailTo(user, 'reset', oneTime.createdAt)
  await context.store.issueOneTime(oneTime, mail && { ...mail, oneTimeId: oneTime.id }, audit)
}

/** Throws `invalid_link`, `weak_password` (which spends nothing), `overloaded`. Ends all sessions; signs nobody in. */
export async function resetPassword(
  context: AuthContext,
  token: string,
  newPassword: string,
  caller: Caller,
): Promise<void> {
  const link = await readOneTimeToken(context, token, 'reset', 'welcome')
  const userId = link?.thing.userId
  const user = userId === undefined ? undefined : await context.store.findUser(userId)
  if (link === undefined || user === undefined) throw invalidLink(context, caller)
  await checkNewPassword(context, user, newPassword)
  const hash = await context.hasher.hash(normalisePassword(newPassword))
  const ending = endingOf(
    context,
    'password_reset',
    auditOf(context, 'password_reset', caller, { userId: user.id }),
  )
  const revoked = await context.store.resetPassword(link.use, { hash, ending })
  if (revoked === undefined) throw invalidLink(context, caller)
  context.revocations.apply(revoked)
}
