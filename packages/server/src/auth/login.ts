// Signing in with a password. Wrong password and unknown user take the same path, the same time, the same answer.
import { LatchkeyError } from 'latchkey'
import { nobodysHash } from '../hash/password-hash.ts'
import type { HookLogin } from '../hooks.ts'
import type { Transport, UserRecord } from '../store/records.ts'
import { publicUser } from './access-token.ts'
import { auditOf } from './audit.ts'
import { callHook } from './call-hook.ts'
import type { AuthContext, Caller, Grant } from './context.ts'
import { countOutcome } from './count-outcome.ts'
import { deviceToken, newDevice } from './device-token.ts'
import { readEmail } from './email.ts'
import { maxPasswordBytes, normalisePassword } from './password-rules.ts'
import { startSession } from './sessions.ts'
import { type Attempt, countAttempt, type Guess } from './throttle.ts'
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
 * `rate_limited`, `overloaded`, and what the hook `onLogin` throws.
 */
export function login(context: AuthContext, given: Credentials, caller: Caller): Promise<Grant> {
  return countOutcome(context.metrics.logins, enter(context, given, caller))
}

async function enter(context: AuthContext, given: Credentials, caller: Caller): Promise<Grant> {
  const guess = { name: given.username, find: () => findByLogin(context, given.username) }
  const { user, device, matches } = await checkPassword(context, guess, given.password, caller)
  if (user === undefined || !matches) {
    await context.store.writeAudit(auditOf(context, 'login_refused', caller, { userId: user?.id }))
    throw new LatchkeyError('invalid_credentials')
  }
  const bar = barOf(context, user)
  if (bar !== undefined) {
    await context.store.writeAudit(
      auditOf(context, 'login_refused', caller, { userId: user.id, detail: bar }),
    )
    throw new LatchkeyError(bar)
  }
  const amr = ['pwd']
  const { address } = caller
  await askApplication(context, { user: publicUser(user), amr, device: given.device, address })
  const grant = await startSession(context, {
    user,
    amr,
    transport: given.transport,
    device: given.device,
    address,
  })
  return { ...grant, deviceToken: deviceToken(context.master, device ?? newDevice(user)) }
}

/** What keeps somebody out who knows the password; nobody else is told. */
function barOf(context: AuthContext, user: UserRecord): 'account_disabled' | 'email_unverified' | undefined {
  if (user.disabledAt !== undefined) return 'account_disabled'
  if (context.rules.requireVerifiedEmail === 'on' && user.email === undefined) return 'email_unverified'
  return undefined
}

/** The application may refuse a sign-in; when it cannot be asked, nobody comes in. */
async function askApplication({ hooks }: AuthContext, login: HookLogin): Promise<void> {
  const { onLogin } = hooks
  if (onLogin !== undefined) await callHook('onLogin', () => onLogin(login))
}

function findByLogin(context: AuthContext, username: string): Promise<UserRecord | undefined> {
  if (!username.normalize('NFKC').includes('@')) return context.store.findUserByName(canonicalName(username))
  // What is no address finds nobody, in the same time.
  return context.store.findUserByEmail(readEmail(username) ?? '')
}

interface PasswordVerdict extends Pick<Attempt, 'user' | 'device'> {
  matches: boolean
}

/**
 * Compares a password, in the same time for nobody as for somebody, and renews a hash that is outdated. Every
 * comparison is counted; what cannot be compared now, because too much waits for it, is not. Throws `rate_limited`,
 * `overloaded`.
 */
async function checkPassword(
  context: AuthContext,
  guess: Guess,
  password: string,
  caller: Caller,
): Promise<PasswordVerdict> {
  context.hasher.requireRoom()
  const attempt = await countAttempt(context, guess, caller)
  const { user, device } = attempt
  // Measured as it was when it was chosen: in the form that is hashed.
  const normal = normalisePassword(password)
  const fits = Buffer.byteLength(normal) <= maxPasswordBytes && !attempt.isWaiting
  // A user who never chose a password has an empty hash, which matches nothing.
  const hash = user?.passwordHash || nobodysHash
  // As it was typed: a hash that came from elsewhere may be of that form.
  const check = await context.hasher.check(hash, fits ? password : '')
  if (user === undefined || !fits || !check.matches) return { user, device, matches: false }
  await Promise.all([
    attempt.succeed(),
    check.replacement !== undefined &&
      context.store.replacePasswordHash(user.id, user.passwordHash, check.replacement),
  ])
  return { user, device, matches: true }
}

/** Asks a user who is signed in for their password once more. Throws `invalid_credentials` and the above. */
export async function confirmPassword(
  context: AuthContext,
  user: UserRecord,
  password: string,
  caller: Caller,
): Promise<void> {
  const guess = { name: user.username, find: async () => user }
  const { matches } = await checkPassword(context, guess, password, caller)
  if (!matches) throw new LatchkeyError('invalid_credentials')
}
