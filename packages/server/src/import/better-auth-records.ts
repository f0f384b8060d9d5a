// The users in better-auth's own SQLite database: its tables `user` and `account` (better-auth's documentation,
// "Database", "Core Schema"), with the columns of its plugins for usernames and administrators where they are there.
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { SourceRecord, TellProgress } from './source-user.ts'

/** A password is the one of the account whose provider is `credential`. Throws for a file that is no such database. */
export async function* betterAuthRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  // Opening would make a file that is not there.
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`)
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const columns = columnsOf(database, 'account')
    const [user, provider] = [
      ['userId', 'user_id'],
      ['providerId', 'provider_id'],
    ].map(names => names.find(name => columns.includes(name)))
    if (user === undefined || provider === undefined || columnsOf(database, 'user').length === 0)
      throw new Error(`${file} has no tables "user" and "account" as better-auth makes them.`)
    const count = Number(database.prepare('SELECT count(*) AS count FROM "user"').get()?.['count'] ?? 0)
    const rows = database
      .prepare(
        'SELECT u.*, (SELECT password FROM "account" a ' +
          `WHERE a."${user}" = u.id AND a."${provider}" = 'credential' AND a.password IS NOT NULL LIMIT 1) ` +
          'AS credential_password FROM "user" u ORDER BY u.id',
      )
      .iterate()
    let line = 0
    for (const row of rows) {
      line++
      yield { line, kind: 'record', value: row }
      tell(line / count)
    }
  } finally {
    database.close()
  }
}

function columnsOf(database: DatabaseSync, table: 'user' | 'account'): string[] {
  try {
    return database
      .prepare(`PRAGMA table_info("${table}")`)
      .all()
      .map(row => String(row['name']))
  } catch {
    return []
  }
}
