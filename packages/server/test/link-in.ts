// The link that a mail would carry, derived from the database and the master key beside it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deriveMasterKey } from '../src/auth/master-key.ts'
import { oneTimeToken } from '../src/auth/one-time.ts'
import type { OneTimeRecord } from '../src/store/records.ts'
import { oneTimeColumns, oneTimeFromRow, type Row } from '../src/store/sqlite/rows.ts'

/** The newest link of a purpose, derived as a mail's is. */
export function linkIn(folder: string, purpose: OneTimeRecord['purpose']): string {
  const database = new DatabaseSync(join(folder, 'latchkey.db'))
  const row = database
    .prepare(
      `SELECT ${oneTimeColumns} FROM one_time WHERE purpose = ? AND consumed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1`,
    )
    .get(purpose)
  database.close()
  const master = deriveMasterKey(
    Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8').trim(), 'base64url'),
  )
  return oneTimeToken(master, oneTimeFromRow(row as Row))
}
