// The user that a command is about.
import type { AuthContext } from '../auth/context.ts'
import { readEmail } from '../auth/email.ts'
import { canonicalName } from '../auth/username.ts'
import type { UserId, UserRecord } from '../store/records.ts'

/** By username, id or verified address, in this order. Throws when there is none. */
export async function findUser({ store }: Pick<AuthContext, 'store'>, text: string): Promise<UserRecord> {
  const address = readEmail(text)
  const user =
    (await store.findUserByName(canonicalName(text))) ??
    // Any text may be asked for; only a real id finds somebody.
    (await store.findUser(text as UserId)) ??
    (address === undefined ? undefined : await store.findUserByEmail(address))
  if (user === undefined) throw new Error(`There is no user ${text}.`)
  return user
}
