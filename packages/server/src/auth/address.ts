// A user's e-mail address: asking for a change, verifying it, sending the link again.
import { LatchkeyError } from 'latchkey'
import type { SessionId, UserRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { confirmPassword } from './login.ts'
import { invalidLink, readOneTimeToken } from './one-time.ts'
import { requireEmail, verificationOf } from './register.ts'

/** Whose address, and the session that asks. */
interface Asker {
  user: UserRecord
  sessionId: SessionId
}

export interface AddressRequest extends Asker {
  email: string
  currentPassword: string
}

/**
 * The address counts once it is verified; the one that is there already changes nothing. Throws `invalid_credentials`,
 * `validation_failed`, `overloaded`; `token_revoked` when the session has ended since the password was compared.
 */
export async function changeAddress(
  context: AuthContext,
  request: AddressRequest,
  caller: Caller,
): Promise<void> {
  const { user } = request
  const email = requireEmail(request.email)
  await confirmPassword(context, user, request.currentPassword, caller)
  if (email !== user.email) await askToVerify(context, request, email, caller)
}

/** Sends the link again. Nothing happens when there is no address that waits. Throws `token_revoked`, `rate_limited`. */
export async function sendVerification(context: AuthContext, asker: Asker, caller: Caller): Promise<void> {
  context.addressLimiter.attempt('mail', caller.address)
  const { unverifiedEmail } = asker.user
  if (unverifiedEmail !== undefined) await askToVerify(context, asker, unverifiedEmail, caller)
}

async function askToVerify(
  context: AuthContext,
  { user, sessionId }: Asker,
  email: string,
  caller: Caller,
): Promise<void> {
  const outcome = await context.store.askAddressChange({
    id: user.id,
    sessionId,
    email,
    ...(await verificationOf(context, user.id, email)),
    audit: auditOf(context, 'address_change_asked', caller, { userId: user.id }),
  })
  if (outcome === 'session_ended') throw new LatchkeyError('token_revoked')
}

/** Throws `invalid_link`, also when somebody else has verified the same address meanwhile. */
export async function verifyAddress(context: AuthContext, token: string, caller: Caller): Promise<void> {
  const link = await readOneTimeToken(context, token, 'verify')
  if (link === undefined) throw invalidLink(context, caller)
  const outcome = await context.store.verifyAddress(link.use, auditOf(context, 'address_verified', caller))
  if (outcome !== 'verified') throw invalidLink(context, caller)
}
