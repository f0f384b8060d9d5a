// Signing in with a password. Wrong password and unknown user take the same path, the same time, the same answer.
import { LatchkeyError } from 'latchkey'
import type { Transport, UserRecord } from '../store/records.ts'
import type { AuthContext, Caller, Grant } from './context.ts'
import { maxPasswordBytes, normalisePassword } from './password-rules.ts'
import { startSession } from './sessions.ts'
import { canonicalName } from './username.ts'

export interface Credentials {
  username: string
  password: string
  device: string | undefined
  transport: Transport
}

/** Compared when there is no such user: a hash with today's parameters that no password is known for. */
const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$bGF0Y2hrZXkgZHVtbXkgcw$5nlGjC1rV3g0Vn6i8r1c1oV0l2fH1m0aYx9JgWq1m0E'

/** Checks a password and starts a session. Throws `invalid_credentials`, `account_disabled`, `overloaded`. */
export async function login(context: AuthContext, given: Credentials, caller: Caller): Promise<Grant> {
  const found = await context.store.findUserByName(canonicalName(given.username))
  const fits = Buffer.byteLength(given.password) <= maxPasswordBytes
  const password = fits ? normalisePassword(given.password) : ''
  const check = await context.hasher.check(found?.passwordHash ?? dummyHash, password)

  if (found === undefined || !fits || !check.matches) {
    await auditRefusal(context, found, caller)
    throw new LatchkeyError('invalid_credentials')
  }
  if (found.disabledAt !== undefined) throw new LatchkeyError('account_disabled')
  if (check.replacement !== undefined) {
    await context.store.replacePasswordHash(found.id, found.passwordHash, check.replacement)
  }
  return startSession(context, {
    user: found,
    amr: ['pwd'],
    transport: given.transport,
    device: given.device,
    address: caller.address,
  })
}

function auditRefusal(context: AuthContext, user: UserRecord | undefined, caller: Caller): Promise<void> {
  return context.store.writeAudit({
    atMs: context.clock(),
    event: 'login_refused',
    userId: user?.id,
    sessionHash: undefined,
    address: caller.address,
    detail: undefined,
  })
}
