// Making an account.
import { LatchkeyError } from 'latchkey'
import type { NewMail, OneTimeRecord, UserId, UserRecord } from '../store/records.ts'
import type { OneTimeUse } from '../store/store.ts'
import { publicUser } from './access-token.ts'
import { auditOf } from './audit.ts'
import { callHook } from './call-hook.ts'
import type { AuthContext, Caller, PublicUser } from './context.ts'
import { countOutcome } from './count-outcome.ts'
import { readEmail } from './email.ts'
import { newUserId } from './identifiers.ts'
import { mayMail } from './mail-limit.ts'
import { deadOneTime, newOneTime, readOneTimeToken } from './one-time.ts'
import { checkNewPassword, normalisePassword } from './password-rules.ts'
import { readUsername } from './username.ts'

export interface Registration {
  username: string
  password: string
  email: string | undefined
  invitation: string | undefined
}

/**
 * Makes an account. Throws `registration_closed`, `invitation_invalid`, `validation_failed`, `weak_password`,
 * `username_taken`, `rate_limited`, `overloaded`. A taken e-mail address changes nothing in the answer: its owner gets a mail.
 */
export function register(context: AuthContext, wanted: Registration, caller: Caller): Promise<PublicUser> {
  return countOutcome(context.metrics.registrations, makeAccount(context, wanted, caller))
}

async function makeAccount(context: AuthContext, wanted: Registration, caller: Caller): Promise<PublicUser> {
  context.addressLimiter.attempt('register', caller.address)
  context.hasher.requireRoom()
  const invitation = await admit(context, wanted.invitation)
  const name = requireUsername(wanted.username)
  const email = addressOf(wanted, invitation?.thing)
  await checkNewPassword(context, { username: name.username, email }, wanted.password)

  const nowMs = context.clock()
  const now = Math.floor(nowMs / 1000)
  const user: UserRecord = {
    id: newUserId(nowMs),
    ...name,
    passwordHash: await context.hasher.hash(normalisePassword(wanted.password)),
    roles: invitation?.thing.roles ?? [],
    name: undefined,
    locale: undefined,
    email: undefined,
    unverifiedEmail: email,
    createdAt: now,
    passwordChangedAt: now,
    disabledAt: undefined,
  }
  const { kind } = await context.store.createUser({
    user,
    invitation: invitation?.use,
    audit: auditOf(context, 'user_registered', caller, { userId: user.id }),
    ...(email === undefined
      ? { oneTime: undefined, mail: undefined }
      : await verificationOf(context, user.id, email)),
  })
  if (kind === 'taken') throw new LatchkeyError('username_taken')
  if (kind === 'invitation_invalid') throw new LatchkeyError('invitation_invalid')
  await tellApplication(context, publicUser(user), caller)
  return publicUser(user)
}

/** The account is made by now: a failure of the application's is logged. */
export async function tellApplication(
  { hooks, note }: AuthContext,
  user: PublicUser,
  caller: Caller,
): Promise<void> {
  const { onRegister } = hooks
  if (onRegister === undefined) return
  await callHook('onRegister', () => onRegister({ user, address: caller.address })).catch(error =>
    note('the hook onRegister failed', error, caller.requestId),
  )
}

/** Whether anybody, or who brings an invitation, may register. Throws `registration_closed`, `invitation_invalid`. */
async function admit(
  context: AuthContext,
  invitation: string | undefined,
): Promise<{ use: OneTimeUse; thing: OneTimeRecord } | undefined> {
  const { registration } = context.rules
  if (invitation === undefined) {
    if (registration === 'open') return undefined
    if (registration === 'closed') throw new LatchkeyError('registration_closed')
    throw new LatchkeyError('invitation_invalid', { detail: 'Registration is by invitation.' })
  }
  const found = await readOneTimeToken(context, invitation, 'invite', 'first_admin')
  // The first administrator comes in whoever else may: there is nobody yet who could invite.
  if (registration === 'closed' && found?.thing.purpose !== 'first_admin')
    throw new LatchkeyError('registration_closed')
  if (found === undefined) throw new LatchkeyError('invitation_invalid')
  return found
}

/** The address of a new account: an invitation that was sent to one is good for that one only. */
function addressOf(wanted: Registration, invitation: OneTimeRecord | undefined): string | undefined {
  const email = wanted.email === undefined ? invitation?.address : requireEmail(wanted.email)
  if (invitation?.address === undefined || email === invitation.address) return email
  throw new LatchkeyError('invitation_invalid', { detail: 'This invitation is for another address.' })
}

/** Throws `validation_failed` for what is no username. */
export function requireUsername(text: string): NonNullable<ReturnType<typeof readUsername>> {
  const name = readUsername(text)
  if (name !== undefined) return name
  const message = 'A username has 3 to 64 letters, digits, dots, underscores or hyphens.'
  throw new LatchkeyError('validation_failed', { errors: [{ path: 'username', message }] })
}

/** Throws `validation_failed` for what is no address. */
export function requireEmail(text: string): string {
  const email = readEmail(text)
  if (email !== undefined) return email
  throw new LatchkeyError('validation_failed', {
    errors: [{ path: 'email', message: 'That is not an e-mail address.' }],
  })
}

/**
 * The link that verifies an address, with its mail; for an address that has an owner, a dead link and a mail to them;
 * nothing for one that had its mails of this hour.
 */
export async function verificationOf(
  context: AuthContext,
  userId: UserId,
  email: string,
): Promise<{ oneTime: OneTimeRecord | undefined; mail: NewMail | undefined }> {
  const mayBeSent = await mayMail(context, email)
  const owner = await context.store.findUserByEmail(email)
  const createdAt = Math.floor(context.clock() / 1000)
  if (!mayBeSent) return { oneTime: undefined, mail: undefined }
  if (owner !== undefined) {
    return {
      oneTime: deadOneTime(context, { purpose: 'verify', userId }),
      mail: { purpose: 'address_taken', userId: owner.id, address: email, oneTimeId: undefined, createdAt },
    }
  }
  const oneTime = newOneTime(context, { purpose: 'verify', userId, address: email })
  return { oneTime, mail: { purpose: 'verify', userId, address: email, oneTimeId: oneTime.id, createdAt } }
}
