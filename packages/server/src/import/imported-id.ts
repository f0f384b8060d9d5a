// The id that a user from elsewhere gets: always the same for the same user, so that a second run finds them.
import { createHash } from 'node:crypto'
import type { UserId } from '../store/records.ts'
import type { SourceUser } from './source-user.ts'

/** 48 bits of when the user was made, as our own ids have, and 80 of a hash of who they are over there. */
export function importedId(source: string, user: SourceUser): UserId {
  const who = JSON.stringify([source, user.id, user.email, user.username])
  const bytes = createHash('sha256').update(who).digest().subarray(0, 16)
  bytes.writeUIntBE((user.createdAt ?? 0) * 1000, 0, 6)
  // Sixteen bytes in base64url, as every user's id.
  return bytes.toString('base64url') as UserId
}
