// `latchkey user` beside a server that runs: what it does to accounts is what the server goes by from then on.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { ada, bearer, callerAt, post, refresh, refusal, signIn, tokens } from '../account.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'
import { hasTerminals, openTerminal } from '../terminal.ts'

function latchkey(
  { folder, url }: Pick<ServerProcess, 'folder' | 'url'>,
  args: readonly string[],
  input?: string,
) {
  return run(process.execPath, [serverProgram, ...args], {
    cwd: folder,
    env: cleanEnvironment({ LATCHKEY_PORT: new URL(url).port }),
    ...(input !== undefined && { input }),
  })
}

/** What a command prints as JSON; it has to end with 0. */
async function json<T>(server: ServerProcess, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await latchkey(server, [...args, '--json'])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as T
}

interface ShownUser {
  user: { id: string; username: string; roles: string[]; disabled_at: number | null; email: string | null }
}

async function withServer(work: (server: ServerProcess) => Promise<void>, env = {}): Promise<void> {
  const server = await startServer({ env })
  try {
    await work(server)
  } finally {
    expect(await server.end()).toBe(0)
  }
}

const bob = { username: 'bob', password: 'copper kettle by the door' }

describe('latchkey user', () => {
  test('add makes a user who chooses a password by the printed link, where registration is closed', async () => {
    await withServer(
      async server => {
        const made = await latchkey(server, ['user', 'add', 'bob', '--role', 'admin'])
        expect(made.code, made.stderr).toBe(0)
        expect(made.stdout).toMatch(new RegExp(`^${server.url}/reset\\?token=lko_[\\w-]+\\n$`))
        const token = new URL(made.stdout.trim()).searchParams.get('token')
        const call = callerAt(server.url)
        const chosen = await post(call, '/user/password/reset', { token, new_password: bob.password })
        expect(chosen.status).toBe(204)
        const { user } = await tokens(await post(call, '/user/login', bob))
        expect(user.roles).toEqual(['admin'])
        const again = await latchkey(server, ['user', 'add', 'BOB'])
        expect(again).toMatchObject({ code: 1, stdout: '' })
      },
      { LATCHKEY_REGISTRATION: 'closed' },
    )
  }, 60_000)

  test('add with a password takes it from stdin, and refuses what the server would refuse', async () => {
    await withServer(async server => {
      const weak = await latchkey(server, ['user', 'add', 'bob', '--password'], 'short\n')
      expect(weak).toMatchObject({ code: 1, stdout: '' })
      const none = await latchkey(server, ['user', 'add', 'bob', '--password'], '')
      expect(none.code).toBe(2)
      const strange = await latchkey(server, ['user', 'add', 'bob', '--role', 'nobody'])
      expect(strange.stderr).toMatch(/no role "nobody"/)
      expect(await json(server, 'user', 'list')).toEqual([])
      const made = await latchkey(
        server,
        ['user', 'add', 'bob', '--password', '--role', 'admin'],
        `${bob.password}\n`,
      )
      expect(made.code, made.stderr).toBe(0)
      expect(made.stdout + made.stderr).not.toContain(bob.password)
      const { user } = await tokens(await post(callerAt(server.url), '/user/login', bob))
      expect(user.roles).toEqual(['admin'])
    })
  }, 60_000)

  test('disable, roles, end-sessions and delete kill access tokens at a server that runs', async () => {
    await withServer(async server => {
      const call = callerAt(server.url)
      const dies = async (token: string): Promise<void> => {
        const status = async () => (await call('/user/data', bearer(token))).status
        await expect.poll(status, { timeout: 5_000, interval: 20 }).toBe(403)
      }
      const first = await signIn(call)
      expect((await latchkey(server, ['user', 'roles', 'ada', 'admin'])).code).toBe(0)
      await dies(first.access_token)
      const second = await tokens(await refresh(call, first.refresh_token))
      expect(second.user.roles).toEqual(['admin'])

      const [session] = await json<{ id: string }[]>(server, 'user', 'sessions', 'ada')
      const other = await latchkey(server, ['user', 'end-sessions', 'ada', '--session', 'AAAA'])
      expect(other).toMatchObject({ code: 1, stderr: 'ada has no session AAAA.\n' })
      const ended = await latchkey(server, ['user', 'end-sessions', 'ada', '--session', session?.id ?? ''])
      expect(ended.code, ended.stderr).toBe(0)
      await dies(second.access_token)

      const third = await tokens(await post(call, '/user/login', ada))
      expect((await latchkey(server, ['user', 'disable', 'ADA'])).code).toBe(0)
      await dies(third.access_token)
      expect(await refusal(await post(call, '/user/login', ada))).toBe('403 account_disabled')
      expect((await json<ShownUser>(server, 'user', 'show', 'ada')).user.disabled_at).toBeGreaterThan(0)
      expect((await latchkey(server, ['user', 'enable', third.user.id])).code).toBe(0)
      const fourth = await tokens(await post(call, '/user/login', ada))

      const asked = await latchkey(server, ['user', 'delete', 'ada'])
      expect(asked.code).toBe(2)
      expect((await latchkey(server, ['user', 'delete', 'ada', '--yes'])).code).toBe(0)
      await dies(fourth.access_token)
      expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
      expect(await refusal(await post(call, '/user/register', ada))).toBe('409 username_taken')
      expect(await latchkey(server, ['user', 'show', 'ada'])).toMatchObject({
        code: 1,
        stderr: 'There is no user ada.\n',
      })
    })
  }, 60_000)

  test('passwd sets a password from stdin, ends all sessions, and is audited', async () => {
    await withServer(async server => {
      const call = callerAt(server.url)
      const before = await signIn(call)
      const weak = await latchkey(server, ['user', 'passwd', 'ada'], 'password\n')
      expect(weak).toMatchObject({ code: 1, stdout: '' })
      const set = await latchkey(server, ['user', 'passwd', 'ada'], `${bob.password}\n`)
      expect(set.code, set.stderr).toBe(0)
      expect(await refusal(await refresh(call, before.refresh_token))).toBe('403 session_revoked')
      expect(await refusal(await post(call, '/user/login', ada))).toBe('403 invalid_credentials')
      await tokens(await post(call, '/user/login', { ...ada, password: bob.password }))
      const database = new DatabaseSync(join(server.folder, 'data', 'latchkey.db'), { readOnly: true })
      const rows = database
        .prepare("SELECT event, actor FROM audit WHERE event LIKE 'password_%' ORDER BY seq")
        .all()
      database.close()
      expect(rows.map(row => [row['event'], row['actor']])).toEqual([
        ['password_reset_asked', 'command line'],
        ['password_reset', null],
      ])
    })
  }, 60_000)

  test('reset prints a link for who has neither password nor address, and mails it to who has one', async () => {
    await withServer(async server => {
      await latchkey(server, ['user', 'add', 'bob'])
      const printed = await json<{ link: string }>(server, 'user', 'reset', 'bob')
      expect(printed.link).toMatch(/\/reset\?token=lko_/)
      const mailed = await json<{ mailed: boolean; link?: string }>(
        server,
        ...['user', 'add', 'carl', '--email', 'carl@example.com'],
      )
      expect([mailed.mailed, mailed.link]).toEqual([true, undefined])
      const outbox = async () => (await callerAt(server.url)('/outbox')).text()
      await expect.poll(outbox, { timeout: 10_000, interval: 50 }).toContain('carl@example.com')
      await signIn(callerAt(server.url))
      const none = await latchkey(server, ['user', 'reset', 'ada'])
      expect(none.code).toBe(1)
      expect(none.stderr).toMatch(/no verified address/)
    })
  }, 60_000)

  test('list finds by the beginning of a name, and shows no control character of anybody', async () => {
    await withServer(async server => {
      const call = callerAt(server.url)
      await signIn(call)
      await signIn(call, bob)
      await post(call, '/user/login', { ...ada, device: 'my\u001b]0;phone\u0007' })
      expect(
        (await json<{ username: string }[]>(server, 'user', 'list', '--search', 'B')).map(
          one => one.username,
        ),
      ).toEqual(['bob'])
      const { stdout } = await latchkey(server, ['user', 'sessions', 'ada'])
      expect(stdout).toContain('phone')
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    })
  }, 60_000)

  test('asks for a password at a terminal without showing a letter of it', async ({ skip }) => {
    skip(!hasTerminals, 'this machine has no script(1)')
    await withServer(async server => {
      await signIn(callerAt(server.url))
      const terminal = openTerminal([process.execPath, serverProgram, 'user', 'passwd', 'ada'], {
        cwd: server.folder,
        env: cleanEnvironment({ LATCHKEY_PORT: new URL(server.url).port }),
      })
      await terminal.until('The new password of ada')
      terminal.type(`${bob.password}\r`)
      await terminal.until('The same again')
      terminal.type(`${bob.password}\r`)
      expect(await terminal.ended, terminal.shown()).toBe(0)
      expect(terminal.shown()).not.toContain('kettle')
      expect(terminal.shown()).not.toContain('▪')
      await tokens(await post(callerAt(server.url), '/user/login', { ...ada, password: bob.password }))
    })
  }, 60_000)

  test('without a database ends with 2', async () => {
    const list = await latchkey({ folder: newFolder(), url: 'http://localhost:4000' }, ['user', 'list'])
    expect(list).toMatchObject({ code: 2, stdout: '' })
  })
})
