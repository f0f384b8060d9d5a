// Signing in with a password. Wrong password and unknown user take the same path, the same time, the same answer.
import { LatchkeyError } from 'latchkey'
import { nobodysHash } from '../hash/password-hash.ts'
import type { Transport, UserRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller, Grant } from './context.ts'
import { readEmail } from './email.ts'
import { maxPasswordBytes, normalisePassword } from './password-rules.ts'
import { startSession } from './sessions.ts'
import { canonicalName } from './username.ts'

export interface Credentials {
  /** A username, or a verified e-mail address: a username never has an `@`. */
  username: string
  password: string
  device: string | undefined
  transport: Transport
}

/**
 * Checks a password and starts a session. Throws `invalid_credentials`, `account_disabled`, `email_unverified`,
 * `overloaded`.
 */
export async function login(context: AuthContext, given: Credentials, caller: Caller): Promise<Grant> {
  const found = await findByLogin(context, given.username)
  const matches = await isPasswordOf(context, found, given.password)
  if (found === undefined || !matches) {
    await context.store.writeAudit(auditOf(context, 'login_refused', caller, { userId: found?.id }))
    throw new LatchkeyError('invalid_credentials')
  }
  if (found.disabledAt !== undefined) throw new LatchkeyError('account_disabled')
  if (context.rules.requireVerifiedEmail === 'on' && found.email === undefined)
    throw new LatchkeyError('email_unverified')
  return startSession(context, {
    user: found,
    amr: ['pwd'],
    transport: given.transport,
    device: given.device,
    address: caller.address,
  })
}

function findByLogin(context: AuthContext, username: string): Promise<UserRecord | undefined> {
  if (!username.normalize('NFKC').includes('@')) return context.store.findUserByName(canonicalName(username))
  // What is no address finds nobody, in the same time.
  return context.store.findUserByEmail(readEmail(username) ?? '')
}

/** Compares a password, in the same time for nobody as for somebody, and renews a hash that is outdated. */
export async function isPasswordOf(
  context: AuthContext,
  user: UserRecord | undefined,
  password: string,
): Promise<boolean> {
  const fits = Buffer.byteLength(password) <= maxPasswordBytes
  // A user who never chose a password has an empty hash, which matches nothing.
  const hash = user?.passwordHash || nobodysHash
  const check = await context.hasher.check(hash, fits ? normalisePassword(password) : '')
  if (user === undefined || !fits || !check.matches) return false
  if (check.replacement !== undefined)
    await context.store.replacePasswordHash(user.id, user.passwordHash, check.replacement)
  return true
}
