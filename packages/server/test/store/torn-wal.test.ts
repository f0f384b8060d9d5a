// A write-ahead log that was cut anywhere, as by a power failure, opens as a prefix of the history.
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../src/store/sqlite/engine.ts'
import { temporaryFolder } from '../open-test-server.ts'
import { aRotation, aSession, aUser, beginning, registration, rotationAudit } from './store-records.ts'

const commits = 14
const sectorBytes = 512

/** How many rotations a file knows of, by the session's counter and by the audit rows, which one commit changes together. */
function historyIn(file: string): { counter: number; auditRows: number } {
  const database = new DatabaseSync(file)
  try {
    expect({ ...database.prepare('PRAGMA integrity_check').get() }).toEqual({ integrity_check: 'ok' })
    const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'sessions'").get()
    if (tables?.['n'] === 0) return { counter: 0, auditRows: 0 }
    const session = database.prepare('SELECT counter FROM sessions').get()
    const audit = database.prepare("SELECT count(*) AS n FROM audit WHERE event = 'store_rolled_back'").get()
    return { counter: Number(session?.['counter'] ?? 0), auditRows: Number(audit?.['n']) }
  } finally {
    database.close()
  }
}

test('a log cut at every 512 bytes opens, whole up to a commit, and never forgets what a shorter one knew', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'latchkey.db')
  const store = await openSqlite(file)
  onTestFinished(() => store.close())
  const user = aUser()
  await store.createUser(registration(user))
  const session = aSession(user.id)
  await store.startSession(beginning(user, session))
  // Each one raises the counter by one and writes an audit row: a token just ahead of the row.
  for (let counter = 1; counter <= commits; counter++)
    await store.rotateSession(
      aRotation(session, { counter: counter === 1 ? 1 : 2 * counter - 1 }),
      rotationAudit,
    )

  const main = join(folder, 'main.copy')
  copyFileSync(file, main)
  const log = readFileSync(`${file}-wal`)
  const cutFile = join(folder, 'cut.db')
  let known = 0
  for (let sector = 0; sector <= Math.ceil(log.length / sectorBytes); sector++) {
    const cut = Math.min(sector * sectorBytes, log.length)
    for (const suffix of ['-wal', '-shm']) if (existsSync(cutFile + suffix)) rmSync(cutFile + suffix)
    copyFileSync(main, cutFile)
    // Every eighth time the rest is not missing but junk, as when sectors were written out of order.
    const isJunk = sector % 8 === 7
    const rest = isJunk ? randomBytes(log.length - cut) : Buffer.alloc(0)
    writeFileSync(`${cutFile}-wal`, Buffer.concat([log.subarray(0, cut), rest]))
    const { counter, auditRows } = historyIn(cutFile)
    expect(counter, `one commit, whole or not at all, at ${cut}`).toBe(auditRows === 0 ? 0 : 2 * auditRows)
    expect(auditRows, `what a shorter log knew, at ${cut}`).toBeGreaterThanOrEqual(known)
    known = auditRows
  }
  expect(known).toBe(commits)

  // And the server's own way of opening takes such a file.
  writeFileSync(`${cutFile}-wal`, log.subarray(0, log.length - 3 * sectorBytes))
  const torn = await openSqlite(cutFile)
  await torn.check()
  expect((await torn.findSession(session.id))?.counter).toBe(2 * (commits - 1))
  await torn.close()
}, 120_000)
