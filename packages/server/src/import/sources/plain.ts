// Our own shape, for whoever writes their export themselves: as CSV, or as JSON lines with the same names.
import { csvRecords } from '../csv-records.ts'
import { type Fields, instantOf, isYes, namesOf, textOf } from '../field.ts'
import { jsonLines } from '../json-lines.ts'
import type { SourceUser } from '../source-user.ts'
import { alone, nobody, type ReadUser, type Source } from './source.ts'

/** docs/migrate/csv.md tells what each is. */
const plainFields = [
  'id',
  'username',
  'email',
  'email_verified',
  'password_hash',
  'hash_format',
  'salt',
  'salt_encoding',
  'iterations',
  'roles',
  'name',
  'locale',
  'created_at',
  'disabled',
]

const readPlain: ReadUser = record => {
  const stranger = Object.keys(record).findIndex(name => !plainFields.includes(name))
  // A file without names in its first line begins with a user: what stands there is not repeated.
  if (stranger >= 0)
    return `its field number ${stranger + 1} has an unknown name; there are ${plainFields.join(', ')}`
  const hash = textOf(record['password_hash'])
  return {
    ...nobody,
    id: textOf(record['id']),
    username: textOf(record['username']),
    email: textOf(record['email']),
    emailVerified: isYes(record['email_verified']),
    password: hash === undefined ? undefined : { hash, hints: hintsOf(record) },
    roles: namesOf(record['roles']),
    name: textOf(record['name']),
    locale: textOf(record['locale']),
    createdAt: instantOf(record['created_at']),
    isDisabled: isYes(record['disabled']),
  }
}

function hintsOf(record: Fields): NonNullable<SourceUser['password']>['hints'] {
  const iterations = textOf(record['iterations'])
  return {
    format: textOf(record['hash_format']),
    // A salt may begin or end with a space.
    salt: typeof record['salt'] === 'string' ? record['salt'] : undefined,
    saltEncoding: textOf(record['salt_encoding']),
    iterations: iterations === undefined ? undefined : Number(iterations),
  }
}

// Two systems may both number their users from one.
export const csv: Source = { ...alone(readPlain), hasUniqueIds: false, records: csvRecords }
export const jsonl: Source = { ...alone(readPlain), hasUniqueIds: false, records: jsonLines }
