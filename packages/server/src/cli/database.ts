// `latchkey migrate`, `backup` and `restore`: the database as a whole, while servers use it.
import { LatchkeyError } from 'latchkey'
import { deriveMasterKey } from '../auth/master-key.ts'
import { type Config, ConfigError, isPostgres } from '../config.ts'
import { masterKeySource } from '../store/master-key-file.ts'
import { sqliteFile } from '../store/open.ts'
import type { MasterKeyRecord } from '../store/records.ts'
import { commandAudit, withNewStore, withStore } from './open-database.ts'
import { type Printed, said } from './table.ts'

/** Brings the schema up to date, as a start of the server does. Throws for one that is newer. */
export function migrate(config: Config): Promise<Printed> {
  return withNewStore(config, async store => {
    await store.check()
    return said(`The database ${placeOf(config)} is up to date.`)
  }).catch(plainly)
}

/** Writes a copy into a new file. Throws when it is there, or cannot be written. */
export function backup(config: Config, file: string): Promise<Printed> {
  return withStore(config, async store => {
    await store.backup(file)
    await store.writeAudit(commandAudit('store_backed_up'))
    const { file: keyFile, configured } = masterKeySource(config)
    const place = configured === undefined ? keyFile : 'in LATCHKEY_MASTER_KEY'
    return said(
      `Written to ${file}. It opens with its master key only, which is not in it (${place}): keep that apart.`,
    )
  }).catch(plainly)
}

/**
 * Puts a backup into the place of the database. Throws ConfigError when the master key is not there or not the
 * backup's; an Error for a file that is damaged, newer or no backup.
 */
export function restore(config: Config, file: string): Promise<Printed> {
  const source = masterKeySource(config)
  const bytes = source.configured ?? source.read()
  if (bytes === undefined) {
    throw new ConfigError(
      `Restoring needs the master key that the backup was made with: put it at ${source.file}, or into LATCHKEY_MASTER_KEY.`,
    )
  }
  const checks = [bytes, source.previous].flatMap(key =>
    key === undefined ? [] : [deriveMasterKey(key).check],
  )
  const judge = (keys: readonly MasterKeyRecord[]): void => {
    if (keys.some(key => checks.some(check => Buffer.from(check).equals(key.check)))) return
    throw new ConfigError(`${file} was made with another master key than the one that is configured.`)
  }
  return withNewStore(config, async store => {
    await store.restore(file, judge, commandAudit('store_restored'))
    return said(
      `Restored from ${file}. Servers that run go on with it; what was ended, used or revoked since the backup stays so.`,
    )
  }).catch(plainly)
}

/** A refusal of the store in its own words: on a command line there is no store that could not be reached. */
function plainly(error: unknown): never {
  if (!(error instanceof LatchkeyError) || error.detail === undefined) throw error
  const reason = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  throw new Error(error.detail + reason, { cause: error })
}

/** The URL of a PostgreSQL may hold a password. */
function placeOf({ databaseUrl }: Config): string {
  return isPostgres(databaseUrl) ? `on ${new URL(databaseUrl).host}` : `at ${sqliteFile(databaseUrl)}`
}
