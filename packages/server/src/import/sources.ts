// What each system's export looks like, a row each: how its records are read, and which of their fields tells what.
// Where a field can be written by its own user (Auth0's user_metadata, Supabase's raw_user_meta_data) no role is read.
import { readFile } from 'node:fs/promises'
import { betterAuthRecords } from './better-auth-records.ts'
import { csvRecords } from './csv-records.ts'
import { type Fields, fieldsOf, instantOf, isYes, namesOf, textOf } from './field.ts'
import { jsonElements, jsonLines } from './json-records.ts'
import { firstCharacter } from './read-text.ts'
import type { SourceRecord, SourceUser, TellProgress } from './source-user.ts'

/** A record as a user, or why it is none. */
export type ReadUser = (record: Fields, now: number) => SourceUser | string

interface Source {
  /** What the file given with `--with` is; undefined where there is none. */
  companion: string | undefined
  records(file: string, tell: TellProgress): AsyncIterable<SourceRecord>
  /** Reads the companion, if any. Throws an Error with a sentence for one that is not as it should be. */
  prepare(companion: string | undefined): Promise<ReadUser>
}

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

/** Our own shape, for who writes their export themselves. */
const readPlain: ReadUser = record => {
  const hash = textOf(record['password_hash'])
  const stranger = Object.keys(record).find(name => !plainFields.includes(name))
  if (stranger !== undefined) return `there is no field "${stranger}"; there are ${plainFields.join(', ')}`
  return {
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

const passwordOf = (hash: unknown): SourceUser['password'] => {
  const text = textOf(hash)
  return text === undefined ? undefined : { hash: text, hints: {} }
}

/** Auth0: the file of password hashes that its support sends, or the profiles that a job exports (auth0.com, "Bulk User Exports"). */
function readAuth0(profiles: ReadonlyMap<string, Fields>): ReadUser {
  return record => {
    const id = auth0Id(record)
    const profile = { ...record, ...(id === undefined ? {} : profiles.get(id)) }
    const [identifier] = identifiersOf(record)
    const metadata = fieldsOf(profile['app_metadata'])
    return {
      id,
      username: textOf(profile['username']),
      email: textOf(profile['email']) ?? textOf(identifier?.['value']),
      emailVerified: isYes(profile['email_verified'] ?? identifier?.['verified']),
      password: passwordOf(record['passwordHash'] ?? record['password_hash']),
      roles: namesOf(metadata['roles'] ?? metadata['role']),
      name: textOf(profile['name']),
      locale: textOf(profile['locale']),
      createdAt: instantOf(profile['created_at']),
      isDisabled: isYes(profile['blocked']),
    }
  }
}

function identifiersOf(record: Fields): Fields[] {
  const list = record['identifiers']
  return Array.isArray(list) ? list.map(fieldsOf).filter(one => one['type'] === 'email') : []
}

/** `user_id` is `auth0|` and what the other file calls `alt_id`, or `_id`. */
function auth0Id(record: Fields): string | undefined {
  const whole = textOf(record['user_id'])
  if (whole !== undefined) return whole
  const part = textOf(record['alt_id']) ?? textOf(fieldsOf(record['_id'])['$oid'])
  return part && `auth0|${part}`
}

async function auth0Profiles(file: string | undefined): Promise<Map<string, Fields>> {
  const profiles = new Map<string, Fields>()
  if (file === undefined) return profiles
  const kept = [
    'username',
    'email',
    'email_verified',
    'app_metadata',
    'name',
    'locale',
    'created_at',
    'blocked',
  ]
  for await (const record of jsonLines(file, () => undefined)) {
    if (record.kind === 'problem')
      throw new Error(`Line ${record.line} of ${file} is no profile: ${record.why}.`)
    const id = auth0Id(record.value)
    const { value } = record
    if (id !== undefined)
      profiles.set(id, Object.fromEntries(kept.flatMap(name => (name in value ? [[name, value[name]]] : []))))
  }
  return profiles
}

interface FirebaseParameters {
  signerKey: string
  separator: string
  rounds: string
  memCost: string
}

/** The console's "Password hash parameters", as it shows them or as JSON (firebase.google.com, "auth:import and auth:export"). */
async function firebaseParameters(file: string | undefined): Promise<FirebaseParameters | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8')
  const value = (name: string): string | undefined =>
    new RegExp(`"?\\b${name}\\b"?\\s*[:=]\\s*"?([A-Za-z0-9+/_=-]+)`).exec(text)?.[1]
  const signerKey = value('base64_signer_key')
  const separator = value('base64_salt_separator')
  const rounds = value('rounds')
  const memCost = value('mem_cost')
  if (signerKey === undefined || separator === undefined || rounds === undefined || memCost === undefined)
    throw new Error(
      `${file} should hold base64_signer_key, base64_salt_separator, rounds and mem_cost, as the Firebase console shows them.`,
    )
  return { signerKey, separator, rounds, memCost }
}

const unpadded64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
const bytes64 = (text: string): Buffer => Buffer.from(text, 'base64')

function readFirebase(parameters: FirebaseParameters | undefined): ReadUser {
  return record => {
    const hash = textOf(record['passwordHash'])
    const salt = textOf(record['salt'])
    if (hash !== undefined && parameters === undefined)
      return 'its password needs the hash parameters of the project: give their file with --with'
    const claims = fieldsOf(record['customAttributes'])
    return {
      id: textOf(record['localId']),
      username: undefined,
      email: textOf(record['email']),
      emailVerified: isYes(record['emailVerified']),
      password:
        hash === undefined || parameters === undefined
          ? undefined
          : { hash: firebaseText(hash, salt ?? '', parameters), hints: {} },
      roles: namesOf(claims['roles'] ?? claims['role']),
      name: textOf(record['displayName']),
      locale: undefined,
      createdAt: instantOf(record['createdAt']),
      isDisabled: isYes(record['disabled']),
    }
  }
}

function firebaseText(
  hash: string,
  salt: string,
  { signerKey, separator, rounds, memCost }: FirebaseParameters,
): string {
  const whole = unpadded64(Buffer.concat([bytes64(salt), bytes64(separator)]))
  return `$firebase-scrypt$ln=${memCost},r=${rounds}$${whole}$${unpadded64(bytes64(signerKey))}$${unpadded64(bytes64(hash))}`
}

/** Supabase: the table auth.users (supabase.com, "User Management"), as CSV, JSON or JSON lines. */
const readSupabase: ReadUser = (record, now) => {
  if (textOf(record['deleted_at']) !== undefined) return 'it was deleted in Supabase'
  if (isYes(record['is_anonymous'])) return 'it is an anonymous user'
  const [ofSystem, ofUser] = [fieldsOf(record['raw_app_meta_data']), fieldsOf(record['raw_user_meta_data'])]
  return {
    id: textOf(record['id']),
    username: undefined,
    email: textOf(record['email']),
    emailVerified: instantOf(record['email_confirmed_at']) !== undefined,
    password: passwordOf(record['encrypted_password']),
    roles: namesOf(ofSystem['roles'] ?? ofSystem['role']),
    name: textOf(ofUser['full_name'] ?? ofUser['name']),
    locale: textOf(ofUser['locale']),
    createdAt: instantOf(record['created_at']),
    isDisabled: (instantOf(record['banned_until']) ?? 0) > now,
  }
}

/** Keycloak: a realm's export with its users (keycloak.org, "Importing and exporting realms"). */
const readKeycloak: ReadUser = record => {
  if (textOf(record['serviceAccountClientId']) !== undefined) return 'it is the account of a service'
  const attributes = fieldsOf(record['attributes'])
  const locales = attributes['locale']
  const fullName = [record['firstName'], record['lastName']].map(textOf).filter(part => part !== undefined)
  return {
    id: textOf(record['id']),
    username: textOf(record['username']),
    email: textOf(record['email']),
    emailVerified: isYes(record['emailVerified']),
    password: keycloakPassword(record['credentials']),
    roles: namesOf(record['realmRoles']),
    name: textOf(fullName.join(' ')),
    locale: textOf(Array.isArray(locales) ? locales[0] : locales),
    createdAt: instantOf(record['createdTimestamp']),
    isDisabled: record['enabled'] !== undefined && !isYes(record['enabled']),
  }
}

function keycloakPassword(credentials: unknown): SourceUser['password'] {
  const list = Array.isArray(credentials) ? credentials.map(fieldsOf) : []
  const credential = list.find(one => one['type'] === 'password')
  if (credential === undefined) return undefined
  const [how, secret] = [fieldsOf(credential['credentialData']), fieldsOf(credential['secretData'])]
  const hash = textOf(secret['value']) ?? ''
  const salt = textOf(secret['salt'])
  const algorithm = textOf(how['algorithm']) ?? ''
  const iterations = Number(how['hashIterations'])
  if (algorithm === 'argon2') return { hash: keycloakArgon2({ how, hash, salt, iterations }), hints: {} }
  // Keycloak's first algorithm has no number: SHA-1.
  const format = algorithm === 'pbkdf2' ? 'pbkdf2-sha1' : algorithm
  return { hash, hints: { format, salt, saltEncoding: 'base64', iterations } }
}

function keycloakArgon2(parts: {
  how: Fields
  hash: string
  salt: string | undefined
  iterations: number
}): string {
  const parameters = fieldsOf(parts.how['additionalParameters'])
  const first = (name: string): string => {
    const value = parameters[name]
    return textOf(Array.isArray(value) ? value[0] : value) ?? ''
  }
  const version = first('version') === '1.0' ? 16 : 19
  const cost = `m=${first('memory')},t=${parts.iterations},p=${first('parallelism')}`
  return `$argon2${first('type')}$v=${version}$${cost}$${unpadded64(bytes64(parts.salt ?? ''))}$${unpadded64(bytes64(parts.hash))}`
}

const readBetterAuth: ReadUser = (record, now) => {
  const hash = textOf(record['credential_password'])
  const banEnd = instantOf(record['banExpires'] ?? record['ban_expires'])
  return {
    id: textOf(record['id']),
    username: textOf(record['displayUsername']) ?? textOf(record['username']),
    email: textOf(record['email']),
    emailVerified: isYes(record['emailVerified'] ?? record['email_verified']),
    // Its own form has no name in it; an application may have chosen another, which has.
    password:
      hash === undefined ? undefined : { hash, hints: hash.startsWith('$') ? {} : { format: 'better-auth' } },
    roles: namesOf(record['role']),
    name: textOf(record['name']),
    locale: undefined,
    createdAt: instantOf(record['createdAt'] ?? record['created_at']),
    isDisabled: isYes(record['banned']) && (banEnd === undefined || banEnd > now),
  }
}

async function* anyRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  const first = await firstCharacter(file)
  if (first === '[') yield* jsonElements(file, '', tell)
  else if (first === '{') yield* jsonLines(file, tell)
  else yield* csvRecords(file, tell)
}

const alone = (read: ReadUser): Pick<Source, 'companion' | 'prepare'> => ({
  companion: undefined,
  prepare: async () => read,
})

export const sources = {
  csv: { ...alone(readPlain), records: csvRecords },
  jsonl: { ...alone(readPlain), records: jsonLines },
  auth0: {
    companion: 'the profiles that a job exported, as JSON lines',
    records: jsonLines,
    prepare: async companion => readAuth0(await auth0Profiles(companion)),
  },
  firebase: {
    companion: 'the password hash parameters of the project',
    records: (file, tell) => jsonElements(file, 'users', tell),
    prepare: async companion => readFirebase(await firebaseParameters(companion)),
  },
  supabase: { ...alone(readSupabase), records: anyRecords },
  keycloak: { ...alone(readKeycloak), records: (file, tell) => jsonElements(file, 'users', tell) },
  'better-auth': { ...alone(readBetterAuth), records: betterAuthRecords },
} as const satisfies Record<string, Source>

export type SourceName = keyof typeof sources
