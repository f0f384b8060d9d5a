// Supabase: the table auth.users (supabase.com, "User Management") as CSV, as JSON or as JSON lines, however it was
// asked for. What users write about themselves (raw_user_meta_data) gives no role.
import { anyRecords } from '../any-records.ts'
import { fieldsOf, instantOf, isYes, namesOf, textOf } from '../field.ts'
import { alone, nobody, type ReadUser, type Source } from './source.ts'

const readSupabase: ReadUser = (record, now) => {
  if (textOf(record['deleted_at']) !== undefined) return 'it was deleted in Supabase'
  if (isYes(record['is_anonymous'])) return 'it is an anonymous user'
  const [ofSystem, ofUser] = [fieldsOf(record['raw_app_meta_data']), fieldsOf(record['raw_user_meta_data'])]
  const hash = textOf(record['encrypted_password'])
  const bannedUntil = textOf(record['banned_until'])
  return {
    ...nobody,
    id: textOf(record['id']),
    email: textOf(record['email']),
    emailVerified: instantOf(record['email_confirmed_at']) !== undefined,
    password: hash === undefined ? undefined : { hash, hints: {} },
    roles: namesOf(ofSystem['roles'] ?? ofSystem['role']),
    name: textOf(ofUser['full_name'] ?? ofUser['name']),
    locale: textOf(ofUser['locale']),
    createdAt: instantOf(record['created_at']),
    // A date that cannot be read, such as `infinity`, keeps them out.
    isDisabled: bannedUntil !== undefined && (instantOf(bannedUntil) ?? Number.POSITIVE_INFINITY) > now,
    leftBehind: namesOf(ofSystem['providers']).some(one => !['email', 'phone'].includes(one))
      ? ['a social login']
      : [],
  }
}

export const supabase: Source = { ...alone(readSupabase), hasUniqueIds: true, records: anyRecords }
