// Copying the database out and back in while it is in use, by SQLite's own online backup.
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { LatchkeyError } from 'latchkey'
import type { AuditRecord, MasterKeyRecord } from '../records.ts'
import { preparing, writeAudit } from './connection.ts'
import { masterKeys } from './keys.ts'
import { migrate } from './open.ts'

/** All of it in one step: a writer waits for milliseconds, where many steps would start again after each write. */
const wholeFile = { rate: 2 ** 31 - 1 }

/** Writes a new file, which appears under its name once it is whole. Throws `store_unavailable`. */
export async function backUp(database: DatabaseSync, to: string): Promise<void> {
  if (existsSync(to)) throw refusal(`${to} is there already. A backup is written to a new file.`)
  const draft = `${to}.${process.pid}.part`
  try {
    await backup(database, draft, wholeFile)
    leaveWal(draft)
    chmodSync(draft, 0o600)
    renameSync(draft, to)
  } catch (cause) {
    throw new LatchkeyError('store_unavailable', { detail: `${to} could not be written`, cause })
  } finally {
    removeDatabase(draft)
  }
}

/** A backup is one file that can be copied and read alone, without a log beside it. */
function leaveWal(file: string): void {
  const copy = new DatabaseSync(file)
  try {
    copy.exec('PRAGMA journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

export interface Restoration {
  /** The database in use. */
  file: string
  from: string
  judge: (keys: readonly MasterKeyRecord[]) => void
  audit: AuditRecord
}

/** Replaces the database by a backup in one transaction of SQLite's own. Throws `store_unavailable`. */
export async function restoreFrom({ file, from, judge, audit }: Restoration): Promise<void> {
  const draft = `${file}.${process.pid}.restoring`
  try {
    await copyInto(draft, from)
    const database = new DatabaseSync(draft)
    try {
      requireWhole(database, from)
      migrate(database)
      judge(masterKeys(preparing(database)))
      carryOver(database, file)
      writeAudit(preparing(database), audit)
      await backup(database, file, wholeFile)
    } finally {
      database.close()
    }
  } finally {
    removeDatabase(draft)
  }
}

async function copyInto(draft: string, from: string): Promise<void> {
  if (!existsSync(from)) throw refusal(`There is no file ${from}.`)
  let source: DatabaseSync | undefined
  try {
    source = new DatabaseSync(from, { readOnly: true })
    await backup(source, draft, wholeFile)
    chmodSync(draft, 0o600)
  } catch (cause) {
    throw new LatchkeyError('store_unavailable', { detail: `${from} cannot be read as a backup`, cause })
  } finally {
    source?.close()
  }
}

function requireWhole(database: DatabaseSync, from: string): void {
  const { integrity_check: verdict } = database.prepare('PRAGMA integrity_check').get() ?? {}
  if (verdict !== 'ok') throw refusal(`${from} is damaged: ${String(verdict)}`)
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'master_key'").get()
  if (known === undefined) throw refusal(`${from} is no backup of Latchkey.`)
}

/**
 * What happened since the backup and must not be undone by it: whatever was ended, used or revoked stays so. The
 * numbering goes on where it is, so that a process that has read the log up to there reads what comes after.
 */
const carriedOver = [
  'UPDATE sqlite_sequence SET seq = max(seq, coalesce((SELECT seq FROM live.sqlite_sequence l WHERE l.name = sqlite_sequence.name), 0))',
  'INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM live.sqlite_sequence WHERE name NOT IN (SELECT name FROM main.sqlite_sequence)',
  'INSERT INTO revocations (kind, id, expires_at) SELECT kind, id, expires_at FROM live.revocations l ' +
    'WHERE NOT EXISTS (SELECT 1 FROM main.revocations r WHERE r.kind = l.kind AND r.id = l.id AND r.expires_at >= l.expires_at)',
  "UPDATE signing_keys SET state = l.state, wrapped = x'', revoked_at = l.revoked_at FROM live.signing_keys l " +
    "WHERE l.kid = signing_keys.kid AND l.state IN ('revoked', 'gone')",
  'UPDATE sessions SET revoked_at = l.revoked_at, revoked_why = l.revoked_why FROM live.sessions l ' +
    'WHERE l.id = sessions.id AND sessions.revoked_at IS NULL AND l.revoked_at IS NOT NULL',
  'UPDATE api_keys SET revoked_at = l.revoked_at FROM live.api_keys l WHERE l.id = api_keys.id AND l.revoked_at IS NOT NULL',
  'UPDATE one_time SET consumed_at = l.consumed_at FROM live.one_time l WHERE l.id = one_time.id AND l.consumed_at IS NOT NULL',
  'UPDATE users SET disabled_at = l.disabled_at FROM live.users l WHERE l.id = users.id AND l.disabled_at IS NOT NULL',
  'DELETE FROM mails WHERE id NOT IN (SELECT id FROM live.mails)',
  'INSERT OR IGNORE INTO master_key (version, check_value, compromised_at) SELECT version, check_value, compromised_at FROM live.master_key',
  'UPDATE master_key SET compromised_at = l.compromised_at FROM live.master_key l ' +
    'WHERE l.check_value = master_key.check_value AND l.compromised_at IS NOT NULL',
]

function carryOver(database: DatabaseSync, file: string): void {
  database.prepare('ATTACH DATABASE ? AS live').run(file)
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const statement of carriedOver) database.exec(statement)
    database.exec('COMMIT')
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
  database.exec('DETACH DATABASE live')
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}

function refusal(detail: string): LatchkeyError {
  return new LatchkeyError('store_unavailable', { detail })
}
