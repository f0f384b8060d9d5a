// Making an account.
import { LatchkeyError } from 'latchkey'
import type { UserRecord } from '../store/records.ts'
import { publicUser } from './access-token.ts'
import type { AuthContext, Caller, PublicUser } from './context.ts'
import { newUserId } from './identifiers.ts'
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
 * `username_taken`, `overloaded`. An e-mail address is kept unverified and tells nothing about other accounts.
 */
export async function register(
  context: AuthContext,
  wanted: Registration,
  caller: Caller,
): Promise<PublicUser> {
  const { registration, passwordMin } = context.rules
  if (registration === 'closed') throw new LatchkeyError('registration_closed')
  if (registration === 'invite') throw new LatchkeyError('invitation_invalid')

  const name = readUsername(wanted.username)
  if (name === undefined) {
    throw new LatchkeyError('validation_failed', {
      errors: [
        {
          path: 'username',
          message: 'A username has 3 to 64 letters, digits, dots, underscores or hyphens.',
        },
      ],
    })
  }
  checkNewPassword(wanted.password, {
    minLength: passwordMin,
    words: [name.username, wanted.email?.split('@')[0] ?? '', new URL(context.issuer).hostname],
  })

  const nowMs = context.clock()
  const user: UserRecord = {
    id: newUserId(nowMs),
    ...name,
    passwordHash: await context.hasher.hash(normalisePassword(wanted.password)),
    roles: [],
    unverifiedEmail: wanted.email,
    createdAt: Math.floor(nowMs / 1000),
    disabledAt: undefined,
  }
  const { kind } = await context.store.createUser(user, {
    atMs: nowMs,
    event: 'user_registered',
    userId: user.id,
    sessionHash: undefined,
    address: caller.address,
    detail: undefined,
  })
  if (kind === 'taken') throw new LatchkeyError('username_taken')
  return publicUser(user)
}
