// The id that a user from elsewhere gets: always the same for the same user, so that a second run finds them.
import { createHash } from 'node:crypto'
import type { UserId } from '../store/records.ts'
import type { SourceUser } from './source-user.ts'
import { type SourceName, sources } from './sources.ts'

/** Sixteen bytes in base64url, as every user's id: of what the other system calls them, else of who they are. */
export function importedId(source: SourceName, { id, email, username }: SourceUser): UserId {
  const isEnough = id !== undefined && sources[source].hasUniqueIds
  const who = JSON.stringify([source, id, ...(isEnough ? [] : [email, username])])
  return createHash('sha256').update(who).digest().subarray(0, 16).toString('base64url') as UserId
}
