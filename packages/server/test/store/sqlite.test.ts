// SQLite against the contract of every store, and what only a file has: versions, modes, a writer that dies.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../src/store/sqlite/engine.ts'
import { temporaryFolder } from '../open-test-server.ts'
import { describeStore } from './contract.ts'

async function openFile(file: string) {
  const store = await openSqlite(file)
  onTestFinished(() => store.close())
  return store
}

describeStore('SQLite', async () => {
  const file = join(temporaryFolder(), 'latchkey.db')
  return { store: await openFile(file), another: () => openFile(file) }
})

describe('SQLite: the file', () => {
  test('that a newer version has written is refused in one line, and left as it is', async () => {
    const file = join(temporaryFolder(), 'latchkey.db')
    await (await openFile(file)).close()
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 4711')
    database.close()
    const opening = openSqlite(file)
    await expect(opening).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(opening).rejects.toThrow(/newer version of Latchkey \(schema 4711, this one knows \d+\)/)
  })

  test('is whole by itself once it is closed: no log of writes is left beside it', async () => {
    const file = join(temporaryFolder(), 'latchkey.db')
    const store = await openSqlite(file)
    await store.check()
    expect(existsSync(`${file}-wal`)).toBe(true)
    await store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  test('is closed to the end, whatever is still being written', async () => {
    const file = join(temporaryFolder(), 'latchkey.db')
    const opening = new URL('../../src/store/sqlite/engine.ts', import.meta.url).href
    const program = `
      const { openSqlite } = await import(${JSON.stringify(opening)})
      const store = await openSqlite(${JSON.stringify(file)})
      const goOn = () => store.check().then(goOn, () => undefined)
      goOn()
      goOn()
      await store.close()
      console.log('closed')
    `
    writeFileSync(`${file}.mjs`, program)
    const flags = ['--conditions=latchkey-dev', '--disable-warning=ExperimentalWarning']
    for (let run = 0; run < 5; run++) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, `${file}.mjs`], {
        encoding: 'utf8',
      })
      expect([status, stdout, stderr]).toEqual([0, 'closed\n', ''])
    }
  })

  test('is readable by its owner alone', async () => {
    const file = join(temporaryFolder(), 'latchkey.db')
    const store = await openFile(file)
    await store.check()
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600)
  })

  test('that is no database is refused', async () => {
    const file = join(temporaryFolder(), 'latchkey.db')
    writeFileSync(file, 'this is a letter, not a database, and long enough to be mistaken for one'.repeat(10))
    await expect(openSqlite(file)).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  test('takes nothing more once it was removed, so that nothing acknowledged is lost', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'latchkey.db')
    const store = await openFile(file)
    await store.check()
    const refusal = {
      code: 'store_unavailable',
      detail: expect.stringMatching(/latchkey\.db was removed/),
    }
    rmSync(file)
    await expect(store.check()).rejects.toMatchObject(refusal)
  })

  test('a damaged or foreign backup is refused and nothing is changed', async () => {
    const folder = temporaryFolder()
    const store = await openFile(join(folder, 'latchkey.db'))
    const foreign = new DatabaseSync(join(folder, 'foreign.db'))
    foreign.exec('CREATE TABLE letters (text TEXT)')
    foreign.close()
    writeFileSync(join(folder, 'torn.db'), 'SQLite format 3\0 and then nothing')
    for (const name of ['foreign.db', 'torn.db', 'missing.db']) {
      const restoring = store.restore(join(folder, name), () => undefined, {
        atMs: 0,
        event: 'store_restored',
        userId: undefined,
        actor: undefined,
        sessionHash: undefined,
        address: undefined,
        detail: undefined,
      })
      await expect(restoring, name).rejects.toMatchObject({ code: 'store_unavailable' })
    }
    await store.check()
  })
})
