// The commands beside a server that runs: keys, backup, restore, migrate; what they print and how they end.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { bearer, callerAt, post, refresh, refusal, signIn, tokens } from '../account.ts'
import { cleanEnvironment, newFolder, run, serverProgram, startServer } from '../server-process.ts'

/** Runs a command in a folder, with Node as it is. */
function latchkey(folder: string, ...args: string[]): ReturnType<typeof run> {
  return run(process.execPath, [serverProgram, ...args], { cwd: folder, env: cleanEnvironment() })
}

interface ListedKey {
  kid: string
  state: string
}

async function keysIn(folder: string, ...args: string[]): Promise<ListedKey[]> {
  const { code, stdout, stderr } = await latchkey(folder, 'keys', ...args, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as ListedKey[]
}

const databaseIn = (folder: string): string => join(folder, 'data', 'latchkey.db')

describe('latchkey keys', () => {
  test('lists, and revoking one kills its tokens at a server that runs, which signs with the next at once', async () => {
    const server = await startServer()
    const call = callerAt(server.url)
    const before = await signIn(call)
    const listed = await keysIn(server.folder, 'list')
    expect(listed.map(key => key.state).toSorted()).toEqual(['active', 'next'])
    expect(JSON.stringify(listed)).not.toMatch(/wrapped|"d"/)
    const [active, next] = ['active', 'next'].map(state => listed.find(key => key.state === state)?.kid ?? '')

    const after = await keysIn(server.folder, 'revoke', active ?? '')
    expect(after.find(key => key.kid === active)?.state).toBe('revoked')
    expect(after.find(key => key.kid === next)?.state).toBe('active')
    await expect
      .poll(async () => (await call('/user/data', bearer(before.access_token))).status, {
        timeout: 5_000,
        interval: 20,
      })
      .toBe(403)
    await expect
      .poll(
        async () => {
          const fresh = await tokens(await refresh(call, before.refresh_token))
          return JSON.parse(Buffer.from(fresh.access_token.split('.')[0] ?? '', 'base64url').toString()).kid
        },
        { timeout: 5_000, interval: 50 },
      )
      .toBe(next)
    const again = await latchkey(server.folder, 'keys', 'revoke', active ?? '')
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: `There is no key ${active}.\n` })
    await server.end()
  }, 60_000)

  test('rotating announces; a key that signs or waits cannot be retired', async () => {
    const server = await startServer()
    const rotated = await keysIn(server.folder, 'rotate')
    // The next key has not been published for long enough yet.
    expect(rotated.map(key => key.state).toSorted()).toEqual(['active', 'next'])
    const active = rotated.find(key => key.state === 'active')?.kid ?? ''
    const retired = await latchkey(server.folder, 'keys', 'retire', active)
    expect(retired.code).toBe(1)
    expect(retired.stderr).toMatch(/^Only a retiring key can be retired\./)
    await server.end()
  }, 60_000)

  test('without a database, and with a wrong word, end with 2', async () => {
    const folder = newFolder()
    const list = await latchkey(folder, 'keys', 'list')
    expect(list.code).toBe(2)
    expect(list.stderr).toMatch(/^There is no database at .*\n$/)
    expect(existsSync(databaseIn(folder))).toBe(false)
    expect((await latchkey(folder, 'keys', 'shuffle')).code).toBe(2)
  }, 60_000)
})

describe('latchkey backup and restore', () => {
  test('go on under a server that works: nobody who was there is thrown out, what was ended stays ended', async () => {
    const server = await startServer()
    const call = callerAt(server.url)
    const stays = await signIn(call)
    const leaves = await tokens(
      await post(call, '/user/login', { username: 'ada', password: 'a lantern on the sill' }),
    )
    const file = join(server.folder, 'monday.db')
    expect((await latchkey(server.folder, 'backup', file)).code).toBe(0)
    expect(existsSync(`${file}-wal`)).toBe(false)
    const twice = await latchkey(server.folder, 'backup', file)
    expect(twice.code).toBe(1)
    expect(twice.stderr).toMatch(/is there already/)

    const newer = await tokens(await refresh(call, stays.refresh_token))
    await post(call, '/user/logout', { refresh_token: leaves.refresh_token })

    // Somebody works all the while.
    let isOver = false
    const busy = (async () => {
      const statuses = new Set<number>()
      while (!isOver) statuses.add((await refresh(call, newer.refresh_token)).status)
      return statuses
    })()
    const restored = await latchkey(server.folder, 'restore', file)
    isOver = true
    expect(restored).toMatchObject({ code: 0, stdout: '' })
    expect(await busy).toEqual(new Set([200]))

    const restorationsIn = (): unknown => {
      const database = new DatabaseSync(databaseIn(server.folder), { readOnly: true })
      const rows = database
        .prepare("SELECT event FROM audit WHERE event IN ('store_restored', 'store_rolled_back')")
        .all()
      expect({ ...database.prepare('PRAGMA integrity_check').get() }).toEqual({ integrity_check: 'ok' })
      database.close()
      return rows.map(row => row['event'])
    }
    const on = await tokens(await refresh(call, newer.refresh_token))
    expect((await call('/user/data', bearer(on.access_token))).status).toBe(200)
    expect(restorationsIn()).toEqual(['store_restored', 'store_rolled_back'])
    expect(await refusal(await refresh(call, leaves.refresh_token))).toBe('403 session_revoked')
    expect(await refusal(await call('/user/data', bearer(leaves.access_token)))).toBe('403 token_revoked')
    expect(await server.end('SIGKILL')).toBe('SIGKILL')

    const again = await startServer({ folder: server.folder, env: { LATCHKEY_ISSUER: server.url } })
    await tokens(await refresh(callerAt(again.url), on.refresh_token))
    expect(await refusal(await refresh(callerAt(again.url), leaves.refresh_token))).toBe(
      '403 session_revoked',
    )
    await again.end()
  }, 60_000)

  test('restore refuses a file that is no backup, or another master key’s, in one line, and changes nothing', async () => {
    const [here, elsewhere] = [await startServer(), await startServer()]
    await signIn(callerAt(here.url))
    const strange = join(elsewhere.folder, 'theirs.db')
    expect((await latchkey(elsewhere.folder, 'backup', strange)).code).toBe(0)
    const other = await latchkey(here.folder, 'restore', strange)
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/^[^\n]*another master key[^\n]*\n$/)
    const none = await latchkey(here.folder, 'restore', join(here.folder, 'nothing.db'))
    expect(none).toMatchObject({ code: 1, stderr: `There is no file ${join(here.folder, 'nothing.db')}.\n` })
    await tokens(
      await post(callerAt(here.url), '/user/login', { username: 'ada', password: 'a lantern on the sill' }),
    )
    await Promise.all([here.end(), elsewhere.end()])
  }, 60_000)
})

describe('latchkey migrate', () => {
  test('makes a database, finds it up to date, and refuses a newer one in one line, as serve does', async () => {
    const folder = newFolder()
    for (let i = 0; i < 2; i++)
      expect(await latchkey(folder, 'migrate')).toMatchObject({ code: 0, stdout: '' })
    const database = new DatabaseSync(databaseIn(folder))
    database.exec('PRAGMA user_version = 4711')
    database.close()
    for (const command of ['migrate', 'serve']) {
      const { code, stdout, stderr } = await latchkey(folder, command)
      expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' })
      expect(stderr).toMatch(/^[^\n]*newer version of Latchkey[^\n]*\n$/)
    }
  }, 60_000)
})
