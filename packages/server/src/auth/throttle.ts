// Guesses at passwords: counted before anything is compared, by one counter for all spellings of a name and for its
// address, and by where they come from. A delay, never a lock: a device that logged in before is counted by itself.
import type { AttemptBucket, UserRecord } from '../store/records.ts'
import { attemptBucket } from './attempt-bucket.ts'
import type { AuthContext, Caller } from './context.ts'
import { countAttempts } from './count-attempts.ts'
import { isDeviceOf, type KnownDevice, readDeviceToken } from './device-token.ts'
import { rateLimited } from './rate-limited.ts'
import { canonicalName } from './username.ts'

/** Whose password is guessed at: the name as it was given, and how to find who answers to it. */
export interface Guess {
  name: string
  find(): Promise<UserRecord | undefined>
}

/** An attempt that was counted. */
export interface Attempt {
  user: UserRecord | undefined
  /** The device that has this user's token. */
  device: KnownDevice | undefined
  /**
   * Whether the account itself has to wait, though this spelling of it need not. It is refused as a wrong password is:
   * a wait would tell that an address belongs to the account that somebody else is guessing at.
   */
  isWaiting: boolean
  /** Forgets the failures so far; for after the last factor. */
  succeed(): Promise<void>
}

/**
 * Counts an attempt at the password of whoever answers to a name, existing or not: the same work, the same answers.
 * Throws `rate_limited` with the seconds to wait.
 */
export async function countAttempt(
  context: AuthContext,
  { name, find }: Guess,
  { address, deviceToken }: Caller,
): Promise<Attempt> {
  const known = deviceToken === undefined ? undefined : readDeviceToken(context.master, deviceToken)
  const count = () => context.addressLimiter.attempt('password', address)
  // Strangers are refused before anything is read.
  const early = known === undefined ? count() : undefined
  const user = await find()
  // Bound to its user and their password: anywhere else it is a stranger's.
  const device = known !== undefined && isDeviceOf(known, user) ? known : undefined
  const fromAddress = early ?? (device === undefined ? count() : undefined)
  const buckets =
    device === undefined ? strangersBuckets(context, name, user) : [deviceBucket(context, device)]
  const isWaiting = await countIn(context, buckets)
  return {
    user,
    device,
    isWaiting,
    async succeed() {
      fromAddress?.succeed()
      if (context.rules.limits === 'on') await context.store.clearAttempts(buckets)
    },
  }
}

/** The name as it was given, and the account: somebody who guesses by several names guesses at one account. */
function strangersBuckets(context: AuthContext, name: string, user: UserRecord | undefined): AttemptBucket[] {
  const given = canonicalName(name)
  return [
    attemptBucket(context.master, 'password', 'given', given),
    attemptBucket(context.master, 'password', 'account', user?.canonicalName ?? given),
  ]
}

/** Whoever stole the token has these attempts and no others. */
function deviceBucket({ master }: AuthContext, { userId, deviceId }: KnownDevice): AttemptBucket {
  return attemptBucket(master, 'password', 'device', `${userId}\0${deviceId}`)
}

/** Whether a bucket after the first has to wait. Throws `rate_limited` when it is the first. */
async function countIn(context: AuthContext, buckets: readonly AttemptBucket[]): Promise<boolean> {
  const wait = await countAttempts(context, 'account', buckets)
  if (wait?.waiting === 0) throw rateLimited(wait.waitMs)
  return wait !== undefined
}
