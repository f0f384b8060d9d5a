// The user that a filter names.
import { canonicalName } from '../../../auth/username.ts'
import type { UserId, UserRecord } from '../../../store/records.ts'
import type { Call } from '../../call.ts'

/** By id or whole username; undefined for nobody, and for no text. */
export async function findWanted({ services }: Call, text: string): Promise<UserRecord | undefined> {
  const { store } = services.auth
  if (text === '') return undefined
  // Any text may be asked for; only a real id finds somebody.
  return (await store.findUser(text as UserId)) ?? (await store.findUserByName(canonicalName(text)))
}
