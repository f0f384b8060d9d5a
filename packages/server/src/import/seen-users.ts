// Which line of a file had an id, a name or an address first. Kept in a database of SQLite's own that is on disk, has no
// name and is gone when it is closed: a large file costs no memory.
import { DatabaseSync } from 'node:sqlite'
import type { UserRecord } from '../store/records.ts'

/** Undefined where no line before had the same. */
export interface EarlierLines {
  id: number | undefined
  name: number | undefined
  address: number | undefined
}

export interface SeenUsers {
  find(user: UserRecord): EarlierLines
  add(user: UserRecord, line: number): void
  close(): void
}

export function openSeenUsers(): SeenUsers {
  const database = new DatabaseSync('')
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;' +
      'CREATE TABLE seen (mark TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID',
  )
  const select = database.prepare('SELECT line FROM seen WHERE mark = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)')
  const lineOf = (mark: string): number | undefined => {
    const line = select.get(mark)?.['line']
    return line === undefined ? undefined : Number(line)
  }
  return {
    find: ({ id, canonicalName, email }) => ({
      id: lineOf(`i${id}`),
      name: lineOf(`n${canonicalName}`),
      address: email === undefined ? undefined : lineOf(`a${email}`),
    }),
    add({ id, canonicalName, email }, line) {
      insert.run(`i${id}`, line)
      insert.run(`n${canonicalName}`, line)
      if (email !== undefined) insert.run(`a${email}`, line)
    },
    close: () => database.close(),
  }
}
