// A user's e-mail address: asking for a change, verifying it, sending the link again.
import { LatchkeyError } from 'latchkey'
import type { UserRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { confirmPassword } from './login.ts'
import { readOneTimeToken } from './one-time.ts'
import { requireEmail, verificationOf } from './register.ts'

export interface AddressRequest {
  user: UserRecord
  email: string
  currentPassword: string
}

/** The address counts once it is verified; the one that is there already changes nothing. Throws `invalid_credentials`, `validation_failed`, `overloaded`. */
export async function changeAddress(
  context: AuthContext,
  request: AddressRequest,
  caller: Caller,
): Promise<void> {
  const { user } = request
  const email = requireEmail(request.email)
  await confirmPassword(context, user, request.currentPassword)
  if (email !== user.email) await askToVerify(context, user, email, caller)
}

/** Sends the link again. Nothing happens when there is no address that waits. */
export async function sendVerification(
  context: AuthContext,
  user: UserRecord,
  caller: Caller,
): Promise<void> {
  if (user.unverifiedEmail !== undefined) await askToVerify(context, user, user.unverifiedEmail, caller)
}

async function askToVerify(
  context: AuthContext,
  user: UserRecord,
  email: string,
  caller: Caller,
): Promise<void> {
  await context.store.askAddressChange({
    id: user.id,
    email,
    ...(await verificationOf(context, user.id, email)),
    audit: auditOf(context, 'address_change_asked', caller, { userId: user.id }),
  })
}

/** Throws `invalid_link`, also when somebody else has verified the same address meanwhile. */
export async function verifyAddress(context: AuthContext, token: string, caller: Caller): Promise<void> {
  const link = await readOneTimeToken(context, token, 'verify')
  if (link === undefined) throw new LatchkeyError('invalid_link')
  const outcome = await context.store.verifyAddress(link.use, auditOf(context, 'address_verified', caller))
  if (outcome !== 'verified') throw new LatchkeyError('invalid_link')
}
