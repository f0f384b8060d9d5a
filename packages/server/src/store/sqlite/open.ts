// Opens a SQLite connection the way both threads need it, and brings the schema up to date.
import { randomInt } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from '../migrations.ts'

const busyTimeoutMs = 10_000

/** A connection in WAL mode whose commits are on the disk before they return. */
export function openConnection(file: string, access: 'write' | 'read'): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly: access === 'read' })
  if (access === 'write') {
    enterWal(database)
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  }
  return database
}

/** Changing the journal mode does not wait for a lock as statements do, so processes that start at once retry. */
function enterWal(database: DatabaseSync): void {
  const giveUpAtMs = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (performance.now() > giveUpAtMs) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + randomInt(20))
    }
  }
}

/** Applies what is missing, in one transaction; refuses a database that a newer version has written. */
export function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (version > migrations.length) {
      throw new Error(
        `The database was written by a newer version of Latchkey (schema ${version}, this one knows ${migrations.length}). Start that version, or restore an older backup.`,
      )
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
