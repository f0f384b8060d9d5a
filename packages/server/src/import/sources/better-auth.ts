// better-auth: its own SQLite database with the tables `user` and `account` (better-auth.com, "Database", "Core
// Schema"), or what a query over the same tables of another database exported. The columns of its plugins for
// usernames, administrators and two factors are read where they are there.
import { open } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { anyRecords } from '../any-records.ts'
import { instantOf, isYes, namesOf, textOf } from '../field.ts'
import type { SourceRecord, TellProgress } from '../source-user.ts'
import { alone, nobody, type ReadUser, type Source } from './source.ts'

const readBetterAuth: ReadUser = (record, now) => {
  const hash = textOf(record['credential_password'])
  const banEnd = instantOf(record['banExpires'] ?? record['ban_expires'])
  return {
    ...nobody,
    id: textOf(record['id']),
    username: textOf(record['displayUsername'] ?? record['display_username']) ?? textOf(record['username']),
    email: textOf(record['email']),
    emailVerified: isYes(record['emailVerified'] ?? record['email_verified']),
    // Its own form has no name in it; an application may have chosen another, which has.
    password:
      hash === undefined ? undefined : { hash, hints: hash.startsWith('$') ? {} : { format: 'better-auth' } },
    roles: namesOf(record['role']),
    name: textOf(record['name']),
    createdAt: instantOf(record['createdAt'] ?? record['created_at']),
    isDisabled: isYes(record['banned']) && (banEnd === undefined || banEnd > now),
    leftBehind: isYes(record['twoFactorEnabled'] ?? record['two_factor_enabled']) ? ['a second factor'] : [],
  }
}

async function* records(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  if (await isDatabase(file)) yield* databaseRecords(file, tell)
  else yield* anyRecords(file, tell)
}

/** SQLite's files begin with its name (sqlite.org, "Database File Format", 1.3.1). */
async function isDatabase(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.toString('latin1') === 'SQLite format 3\0'
  } finally {
    await handle.close()
  }
}

/** The password of a user is the one of the account whose provider is `credential`. A line is a row. */
function* databaseRecords(file: string, tell: TellProgress): Generator<SourceRecord> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const columns = database
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all('account')
      .map(row => String(row['name']))
    const user = ['userId', 'user_id'].find(name => columns.includes(name))
    const provider = ['providerId', 'provider_id'].find(name => columns.includes(name))
    if (user === undefined || provider === undefined)
      throw new Error(`${file} has no tables "user" and "account" as better-auth makes them.`)
    const count = Number(database.prepare('SELECT count(*) AS count FROM "user"').get()?.['count'])
    const rows = database.prepare(
      'SELECT u.*, (SELECT password FROM "account" a ' +
        `WHERE a."${user}" = u.id AND a."${provider}" = 'credential' AND a.password IS NOT NULL LIMIT 1) ` +
        'AS credential_password FROM "user" u ORDER BY u.rowid',
    )
    let line = 0
    for (const value of rows.iterate()) {
      yield { line: ++line, kind: 'record', value }
      tell(line / count)
    }
  } finally {
    database.close()
  }
}

export const betterAuth: Source = { ...alone(readBetterAuth), hasUniqueIds: true, records }
