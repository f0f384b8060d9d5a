// Auth0: the file of password hashes that its support sends (support.auth0.com, "How to Use the Password Hashes Export
// from Auth0"), alone or with the profiles that a job exports (auth0.com, "Bulk User Exports").
// What users write about themselves (user_metadata) gives no role.
import { type Fields, fieldsOf, instantOf, isYes, namesOf, textOf } from '../field.ts'
import { jsonLines } from '../json-lines.ts'
import { nobody, type ReadUser, type Source } from './source.ts'

type Profiles = ReadonlyMap<string, Fields>

function readAuth0(profiles: Profiles): ReadUser {
  return record => {
    const id = idOf(record)
    const profile = { ...record, ...(id === undefined ? {} : profiles.get(id)) }
    const identifier = addressOf(record)
    const metadata = fieldsOf(profile['app_metadata'])
    const hash = textOf(record['passwordHash'] ?? record['password_hash'])
    return {
      ...nobody,
      id,
      username: textOf(profile['username']),
      email: textOf(profile['email']) ?? textOf(identifier['value']),
      emailVerified: isYes(profile['email_verified'] ?? identifier['verified']),
      password: hash === undefined ? undefined : { hash, hints: {} },
      roles: namesOf(metadata['roles'] ?? metadata['role']),
      name: textOf(profile['name']),
      locale: textOf(profile['locale']),
      createdAt: instantOf(profile['created_at']),
      isDisabled: isYes(profile['blocked']),
    }
  }
}

/** Some records have their address among the identifiers only. */
function addressOf(record: Fields): Fields {
  const list = Array.isArray(record['identifiers']) ? record['identifiers'].map(fieldsOf) : []
  return list.find(one => one['type'] === 'email') ?? {}
}

/** A `user_id` is `auth0|` and what the file of hashes calls `alt_id`, or `_id` where there is none. */
function idOf(record: Fields): string | undefined {
  const whole = textOf(record['user_id'])
  if (whole !== undefined) return whole
  const part = textOf(record['alt_id']) ?? textOf(fieldsOf(record['_id'])['$oid'])
  return part && `auth0|${part}`
}

const keptOfProfile = [
  'username',
  'email',
  'email_verified',
  'app_metadata',
  'name',
  'locale',
  'created_at',
  'blocked',
]

/** All profiles are in memory: about half a kilobyte for each. */
async function readProfiles(file: string | undefined): Promise<Profiles> {
  const profiles = new Map<string, Fields>()
  if (file === undefined) return profiles
  for await (const record of jsonLines(file, () => undefined)) {
    if (record.kind === 'problem')
      throw new Error(`Line ${record.line} of ${file} is no profile: ${record.why}.`)
    const { value } = record
    const id = idOf(value)
    const kept = keptOfProfile.flatMap(name => (name in value ? [[name, value[name]]] : []))
    if (id !== undefined) profiles.set(id, Object.fromEntries(kept))
  }
  return profiles
}

export const auth0: Source = {
  hasUniqueIds: true,
  companion: 'the profiles that a job exported, as JSON lines',
  records: jsonLines,
  prepare: async companion => readAuth0(await readProfiles(companion)),
}
