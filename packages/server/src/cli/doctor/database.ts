// The database before anything works on it: there, whole, of this version, with room on its disk. Nothing is changed:
// what is pending is reported, not applied.
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Config, isLoopbackHost, isPostgres } from '../../config.ts'
import { migrations } from '../../store/migrations.ts'
import { sqliteFile } from '../../store/open.ts'
import { migrations as postgresMigrations } from '../../store/postgres/migrations.ts'
import { openDatabase, openPool, type Query } from '../../store/postgres/pool.ts'
import { offBy } from './clock.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

export async function checkDatabase(ground: Ground): Promise<readonly Finding[]> {
  return isPostgres(ground.config.databaseUrl) ? checkPostgres(ground) : checkSqlite(ground.config)
}

/** Codes after which the store is not opened: opening would change the database, or fail the same way. */
const fatal = new Set([
  'database_missing',
  'database_damaged',
  'database_unreachable',
  'database_newer',
  'migrations_pending',
])

/** Whether the store can be opened without changing anything. */
export function isOpenable(findings: readonly Finding[]): boolean {
  return !findings.some(({ code }) => fatal.has(code))
}

const pending = (version: number, known: number): Finding =>
  warning(
    'migrations_pending',
    `The database has the schema ${version}, and this version brings ${known}.`,
    'latchkey migrate, after a backup; the next start of the server does it as well.',
  )

const newer = (version: number, known: number): Finding =>
  error(
    'database_newer',
    `A newer version of Latchkey has written the database (schema ${version}, this one knows ${known}).`,
    'Start that version, or restore an older backup.',
  )

function checkSqlite({ databaseUrl }: Config): readonly Finding[] {
  const file = sqliteFile(databaseUrl)
  if (!existsSync(file)) {
    const fix = 'latchkey serve makes it, or latchkey migrate. Is this the folder that the server runs in?'
    return [warning('database_missing', `There is no database at ${file}.`, fix)]
  }
  return [...readSqlite(file), ...checkDisk(file)]
}

function readSqlite(file: string): readonly Finding[] {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
    return judgeSqlite(database, file)
  } catch (failure) {
    return [damaged(file, failure instanceof Error ? failure.message : 'it cannot be opened')]
  } finally {
    database?.close()
  }
}

function judgeSqlite(database: DatabaseSync, file: string): readonly Finding[] {
  const verdict = String(pragma(database, 'integrity_check'))
  if (verdict !== 'ok') return [damaged(file, verdict.split('\n')[0] ?? verdict)]
  const version = Number(pragma(database, 'user_version'))
  const mode = String(pragma(database, 'journal_mode'))
  const findings: Finding[] = []
  if (version > migrations.length) findings.push(newer(version, migrations.length))
  if (version < migrations.length) findings.push(pending(version, migrations.length))
  if (mode !== 'wal') {
    const what = `The database is in the journal mode ${mode}: readers wait for writers.`
    findings.push(
      warning('database_not_wal', what, 'Restart the server, which sets WAL. Network disks cannot have it.'),
    )
  }
  return findings
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

function damaged(file: string, reason: string): Finding {
  const fix = 'Stop the server, move latchkey.db, -wal and -shm away, and latchkey restore the newest backup.'
  return error('database_damaged', `The database ${file} is damaged: ${reason}`, fix)
}

const leastBytes = 100 * 2 ** 20
const easyBytes = 2 ** 30

function checkDisk(file: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(dirname(file))
  const free = bavail * bsize
  const what = `${mebibytes(free)} are free on the disk of ${file}, which is ${mebibytes(statSync(file).size)} large.`
  const fix = 'Make room: without it every write is refused. A backup needs as much again.'
  if (free < leastBytes) return [error('disk_full', what, fix)]
  if (free < Math.max(easyBytes, 2 * statSync(file).size)) return [warning('disk_low', what, fix)]
  return []
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}

async function checkPostgres(ground: Ground): Promise<readonly Finding[]> {
  const { databaseUrl } = ground.config
  const database = openDatabase(await openPool(databaseUrl), 'ours')
  try {
    return [...(await judgePostgres(ground, database.query)), ...checkPostgresUrl(databaseUrl)]
  } catch (failure) {
    const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure
    const reason = cause instanceof Error ? cause.message || cause.name : 'no reason was given'
    const fix =
      'Look at LATCHKEY_DATABASE_URL: host, port, user, password, database; and whether the server runs.'
    return [error('database_unreachable', `PostgreSQL cannot be used: ${reason}`, fix)]
  } finally {
    await database.end()
  }
}

async function judgePostgres(ground: Ground, query: Query): Promise<readonly Finding[]> {
  const askedAtMs = Date.now()
  const { rows } = await query(
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, pg_is_in_recovery()::integer AS standby,
      current_setting('server_version') AS release, current_setting('server_version_num')::integer AS number,
      (to_regclass('latchkey_schema') IS NOT NULL)::integer AS made`,
  )
  const answeredAtMs = Date.now()
  const [row = {}] = rows
  const skewSeconds = (Number(row['now']) - (askedAtMs + answeredAtMs) / 2) / 1000
  const findings = [
    note(
      'database_release',
      `PostgreSQL ${String(row['release'])} answers in ${answeredAtMs - askedAtMs} ms.`,
      'Nothing to do.',
    ),
    ...offBy(ground, { skewSeconds, code: 'clock_off_database', whose: 'the clock of the database' }),
  ]
  if (Number(row['number']) < 130_000)
    findings.push(error('database_old', 'This PostgreSQL is older than 13.', 'Use 13 or newer.'))
  if (row['standby'] === 1)
    findings.push(
      error(
        'database_standby',
        'This PostgreSQL is a standby.',
        'Name the primary in LATCHKEY_DATABASE_URL.',
      ),
    )
  if (row['made'] !== 1) {
    findings.push(
      warning(
        'database_missing',
        'This database holds no Latchkey yet.',
        'latchkey migrate makes its tables.',
      ),
    )
    return findings
  }
  const version = Number((await query('SELECT version FROM latchkey_schema')).rows[0]?.['version'] ?? 0)
  if (version > postgresMigrations.length) findings.push(newer(version, postgresMigrations.length))
  if (version < postgresMigrations.length) findings.push(pending(version, postgresMigrations.length))
  return findings
}

function checkPostgresUrl(databaseUrl: string): readonly Finding[] {
  const { hostname, searchParams } = new URL(databaseUrl)
  const isNear = hostname === '' || isLoopbackHost(hostname)
  if (isNear || !['disable', null].includes(searchParams.get('sslmode'))) return []
  const what = `The connection to PostgreSQL on ${hostname} is not encrypted.`
  return [
    warning('database_in_clear', what, 'Add ?sslmode=verify-full to LATCHKEY_DATABASE_URL, with its CA.'),
  ]
}
