// `latchkey import` with what each system exports. The files in exports/ have the shape that the vendors document:
// Auth0: support.auth0.com, "How to Use the Password Hashes Export from Auth0"; auth0.com, "Bulk User Exports".
// Firebase: firebase.google.com, "auth:import and auth:export", and the hash parameters as the console shows them; hash
//   and parameters from github.com/firebase/scrypt.
// Supabase: supabase.com, "User Management", the table auth.users; the second hash from github.com/supabase/auth.
// Keycloak: keycloak.org, "Importing and exporting realms", as one file and as a file of users.
// better-auth: its own tables, written by better-auth itself.
// The other hashes are by argon2-cffi, bcrypt and hashlib of Python.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync, statSync, type WriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { importOutcomes } from '../../packages/server/src/import/import-outcomes.ts'
import { callerAt, post, refusal, tokens } from '../account.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'
import { hasTerminals, openTerminal } from '../terminal.ts'
import { bcrypt, judged, mixed, ssha } from './import-lines.ts'

const exported = (name: string): string => fileURLToPath(new URL(`./exports/${name}`, import.meta.url))
const env = cleanEnvironment()

function latchkeyIn(folder: string, ...args: string[]) {
  return run(process.execPath, [serverProgram, ...args], { cwd: folder, env })
}

/** A folder with an empty database, and the roles `writer` and `admin`. */
async function newInstallation(): Promise<string> {
  const folder = newFolder()
  writeFileSync(
    join(folder, 'latchkey.config.js'),
    "export default { roles: { admin: ['*'], writer: ['posts:write'] } }\n",
  )
  const { code, stderr } = await latchkeyIn(folder, 'migrate')
  expect(code, stderr).toBe(0)
  return folder
}

interface KeptUser {
  username: string
  name: string | null
  email: string | null
  roles: string
  disabled: number
}

/** The users in the order in which they were brought in. */
function usersIn(folder: string): KeptUser[] {
  const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true })
  try {
    const rows = database.prepare(
      'SELECT username, name, email, roles, disabled_at IS NOT NULL AS disabled FROM users ' +
        "ORDER BY (SELECT max(seq) FROM audit WHERE user_id = users.id AND event = 'user_imported')",
    )
    return rows.all().map(row => ({ ...row }) as unknown as KeptUser)
  } finally {
    database.close()
  }
}

/** What a report has of each line: its number, outcome and code, and the reason. */
function reportOf(folder: string, name = 'report.tsv'): string[] {
  const [head, ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  expect(head).toBe('line\toutcome\tcode\tid\treason')
  return lines.map(line => {
    const [number, outcome, code, , reason] = line.split('\t')
    return `${number} ${outcome} ${code}: ${reason}`
  })
}

const password = 'a lantern on the sill'

describe('the users of', () => {
  let folder: string
  let server: ServerProcess
  beforeAll(async () => {
    folder = await newInstallation()
    server = await startServer({ folder, env: { LATCHKEY_LIMITS: 'off' } })
  })
  afterAll(() => server.end())

  const signIn = (username: string, secret = password): Promise<Response> =>
    post(callerAt(server.url), '/user/login', { username, password: secret })

  /** Each file into the same installation, while its server runs; users before it are taken out again. */
  async function imported(args: readonly string[]): Promise<{ users: KeptUser[]; report: string[] }> {
    const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'))
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; DELETE FROM users')
    database.close()
    const { code, stderr } = await latchkeyIn(folder, 'import', ...args, '--report', 'report.tsv')
    expect([0, 1], stderr).toContain(code)
    return { users: usersIn(folder), report: reportOf(folder) }
  }

  test('Auth0 come with its support’s hashes alone', async () => {
    const { users, report } = await imported([exported('auth0-hashes.json'), '--from', 'auth0'])
    expect(users).toMatchObject([{ email: 'ada@example.com' }, { email: 'grace@example.com' }])
    expect(report).toMatchObject([
      expect.stringMatching(/^1 imported imported: its username is user-[0-9a-f]{12}$/),
      expect.stringMatching(/^2 imported imported: its username is user-/),
      '3 refused no_sign_in: it has no username, and its address is not verified',
    ])
    expect((await tokens(await signIn('ada@example.com'))).user.username).toBe(users[0]?.username)
    await tokens(await signIn('grace@example.com'))
    expect(await refusal(await signIn('grace@example.com', 'another'))).toBe('403 invalid_credentials')
  })

  test('Auth0 come with their profiles as well', async () => {
    const { users, report } = await imported([
      ...[exported('auth0-hashes.json'), '--from', 'auth0'],
      ...['--with', exported('auth0-profiles.json')],
    ])
    expect(users).toEqual([
      { username: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', roles: '["writer"]', disabled: 0 },
      expect.objectContaining({ name: 'Grace Hopper', email: 'grace@example.com', disabled: 1 }),
      { username: 'linus', name: null, email: null, roles: '[]', disabled: 0 },
    ])
    expect(report[0]).toBe('1 imported imported: one of its roles is not known here')
    expect((await tokens(await signIn('ada'))).user.roles).toEqual(['writer'])
    await tokens(await signIn('linus'))
    expect(await refusal(await signIn('grace@example.com'))).toBe('403 account_disabled')
  })

  test('Firebase come with the hash parameters of the project', async () => {
    const { users, report } = await imported([
      ...[exported('firebase-users.json'), '--from', 'firebase'],
      ...['--with', exported('firebase-parameters.txt')],
    ])
    expect(users).toMatchObject([
      { name: 'Ada Lovelace', email: 'ada@example.com', roles: '["writer"]', disabled: 0 },
      { name: 'Grace "Amazing" Hopper\\', email: 'grace@example.com', disabled: 0 },
      { email: 'linus@example.com', disabled: 1 },
    ])
    expect(report).toEqual([
      expect.stringMatching(/^3 imported/),
      expect.stringMatching(
        /^15 imported imported: it has no password.*; it had a social login, which stays/,
      ),
      '32 refused no_sign_in: it has no username, and no address',
      expect.stringMatching(/^44 imported imported: it had a second factor, which stays behind/),
    ])
    await tokens(await signIn('ada@example.com', 'user1password'))
    expect(await refusal(await signIn('grace@example.com', ''))).toMatch(/^(403|422)/)
    expect(await refusal(await signIn('linus@example.com', 'user1password'))).toBe('403 account_disabled')
  })

  test('Firebase are refused without the parameters, who have a password', async () => {
    const { users, report } = await imported([exported('firebase-users.json'), '--from', 'firebase'])
    expect(users).toMatchObject([{ email: 'grace@example.com' }])
    expect(report[0]).toBe(
      '3 refused no_user: its password needs the hash parameters of the project: give their file with --with',
    )
  })

  test.each(['csv', 'json'])('Supabase come as %s', async form => {
    const { users, report } = await imported([exported(`supabase-users.${form}`), '--from', 'supabase'])
    expect(users).toMatchObject([
      { name: 'Ada, "Countess" Lovelace', email: 'ada@example.com', roles: '["writer"]', disabled: 0 },
      { email: 'grace@example.com', roles: '[]', disabled: 0 },
      { email: 'ken@example.com', disabled: 1 },
    ])
    expect(report.map(line => line.replace(/^\d+ /, ''))).toEqual([
      expect.stringMatching(/^imported imported: its username is/),
      expect.stringMatching(/^imported imported: it had a social login/),
      'refused no_sign_in: it has no username, and its address is not verified',
      expect.stringMatching(/^imported/),
      'refused no_user: it is an anonymous user',
      'refused no_user: it was deleted in Supabase',
    ])
    await tokens(await signIn('ada@example.com'))
    await tokens(await signIn('grace@example.com', 'mytestpassword'))
    expect(await refusal(await signIn('ken@example.com'))).toBe('403 account_disabled')
  })

  test.each(['users', 'realm'])('Keycloak come as its file of the %s', async form => {
    const { users, report } = await imported([exported(`keycloak-${form}.json`), '--from', 'keycloak'])
    expect(users).toMatchObject([
      { username: 'ada', name: 'Ada Example', email: 'ada@example.com', roles: '["writer"]', disabled: 0 },
      { username: 'grace' },
      { username: 'linus' },
      { username: 'ken', disabled: 1 },
      { username: 'dennis' },
    ])
    expect(report.map(line => line.replace(/^\d+ /, ''))).toEqual([
      'imported imported: it had a second factor, which stays behind',
      'imported imported: ',
      'imported imported: ',
      'imported imported: ',
      'refused no_user: it is the account of a service',
      expect.stringMatching(/^imported imported: it has no password.*; it had a social login/),
    ])
    for (const username of ['ada', 'grace', 'linus']) {
      await tokens(await signIn(username))
      expect(await refusal(await signIn(username, 'another'))).toBe('403 invalid_credentials')
    }
    expect(await refusal(await signIn('ken'))).toBe('403 account_disabled')
  })

  test('better-auth come from its SQLite database', async () => {
    const source = join(folder, 'better-auth.db')
    const database = new DatabaseSync(source)
    database.exec(readFileSync(exported('better-auth.sql'), 'utf8'))
    database.close()
    const { users, report } = await imported([source, '--from', 'better-auth'])
    expect(users).toMatchObject([
      { username: 'Ada', email: null, disabled: 0 },
      { email: 'grace@example.com', disabled: 0 },
      { username: 'linus', email: null, disabled: 1 },
    ])
    expect(report[1]).toMatch(/^2 imported imported: it had a second factor/)
    await tokens(await signIn('ada'))
    await tokens(await signIn('grace@example.com'))
    expect(await refusal(await signIn('linus'))).toBe('403 account_disabled')
  })

  test('better-auth come from what a query over another database of its exported', async () => {
    const source = join(folder, 'better-auth.jsonl')
    const database = new DatabaseSync(':memory:')
    database.exec(readFileSync(exported('better-auth.sql'), 'utf8'))
    const rows = database.prepare(
      'SELECT u.*, a.password AS credential_password FROM "user" u ' +
        `LEFT JOIN account a ON a."userId" = u.id AND a."providerId" = 'credential'`,
    )
    writeFileSync(
      source,
      rows
        .all()
        .map(row => JSON.stringify(row))
        .join('\n'),
    )
    database.close()
    const { users } = await imported([source, '--from', 'better-auth'])
    expect(users).toHaveLength(3)
    await tokens(await signIn('ada'))
  })
})

describe('latchkey import', () => {
  test('judges every line, in a dry run as in earnest, and says nothing of a hash or a password', async () => {
    const folder = await newInstallation()
    writeFileSync(join(folder, 'users.csv'), mixed.join('\r\n'))
    const args = ['users.csv', '--from', 'csv', '--report', 'report.tsv', '--json']
    const dry = await latchkeyIn(folder, 'import', ...args, '--dry-run')
    expect(dry.code, dry.stderr).toBe(1)
    expect(reportOf(folder)).toEqual(judged)
    expect(usersIn(folder)).toEqual([])
    const done = await latchkeyIn(folder, 'import', ...args)
    expect(done.code, done.stderr).toBe(1)
    expect(reportOf(folder)).toEqual(judged)
    expect(usersIn(folder).map(({ username, roles }) => [username, roles])).toEqual([
      ['ada', '["writer"]'],
      ['bob', '[]'],
      ['grace', '[]'],
      ['slipped', '[]'],
    ])
    const summary = JSON.parse(done.stdout)
    expect(summary).toEqual({
      ...{ lines: 13, imported: 4, known: 1, refused: 8, wrapped: 1, disabled: 0, without_password: 1 },
      ...{ interrupted: false, dry_run: false, seconds: expect.any(Number) },
    })
    expect(JSON.parse(dry.stdout)).toEqual({ ...summary, dry_run: true, seconds: expect.any(Number) })

    const path = join(folder, 'report.tsv')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const said = readFileSync(path, 'utf8') + dry.stdout + dry.stderr + done.stdout + done.stderr
    for (const secret of [bcrypt, ssha, 'hunter2']) expect(said).not.toContain(secret)

    const again = await latchkeyIn(folder, 'import', ...args)
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, known: 5, refused: 8 })
    expect(reportOf(folder)[0]).toBe('2 known already_there: it is there already')
    expect(usersIn(folder)).toHaveLength(4)
  })

  test('gives an administrator’s role where it is asked to, and takes addresses for verified', async () => {
    const folder = await newInstallation()
    writeFileSync(join(folder, 'users.csv'), `${mixed[0]}\n${mixed[2]}`)
    const { code, stdout, stderr } = await latchkeyIn(
      folder,
      ...['import', 'users.csv', '--from', 'csv', '--trust-emails', '--roles', 'admin=admin'],
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(
      /^1 imported; 1 had a fast hash.*\n0 there already\n0 refused\n1 lines in [\d.]+ s\n$/,
    )
    expect(usersIn(folder)).toMatchObject([{ username: 'bob', roles: '["admin"]', email: 'bob@example.com' }])
  })

  test.each([
    ['a file that is not there', ['nobody.csv', '--from', 'csv'], 2, 'There is no file nobody.csv'],
    ['a system that it does not know', ['users.csv', '--from', 'okta'], 2, 'Allowed choices are csv, jsonl'],
    ['no system', ['users.csv'], 2, "Required option '--from <system>' not specified"],
    [
      'a second file where none belongs',
      ['users.csv', '--from', 'csv', '--with', 'users.csv'],
      2,
      'leave --with out',
    ],
    [
      'a role that there is none of',
      ['users.csv', '--from', 'csv', '--roles', 'a=boss'],
      2,
      'no role "boss"',
    ],
    ['a report over the file', ['users.csv', '--from', 'csv', '--report', './users.csv'], 2, 'name another'],
    ['a list that is not there', ['users.json', '--from', 'keycloak'], 1, 'Add --report FILE'],
    [
      'hash parameters that are none',
      ['users.json', '--from', 'firebase', '--with', 'users.csv'],
      1,
      'base64_signer_key',
    ],
    [
      'a database that is another’s',
      ['data/latchkey.db', '--from', 'better-auth'],
      1,
      'has no tables "user" and',
    ],
  ])('refuses %s', async (_what, args, exitCode, sentence) => {
    const { code, stderr } = await latchkeyIn(await emptyHanded(), 'import', ...args)
    expect(code, stderr).toBe(exitCode)
    expect(stderr).toContain(sentence)
  })

  test('refuses to make a database by the way', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'users.csv'), mixed.join('\n'))
    const { code, stderr } = await latchkeyIn(folder, 'import', 'users.csv', '--from', 'csv')
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('There is no database')
  })

  test.runIf(hasTerminals)('draws a bar on a terminal, and prints none into a pipe', async () => {
    const folder = await newInstallation()
    writeFileSync(join(folder, 'users.csv'), linesOf(0, 2000))
    const args = ['import', 'users.csv', '--from', 'csv']
    const terminal = openTerminal([process.execPath, serverProgram, ...args], { cwd: folder, env })
    expect(await terminal.ended).toBe(0)
    expect(terminal.shown()).toMatch(/[█░]{24} \d+ % \d+ lines/)
    const piped = await latchkeyIn(folder, ...args)
    expect(piped.stdout + piped.stderr).not.toMatch(/[█░]/)
  })
})

let sharedFolder: Promise<string> | undefined
/** One installation for all that is refused. */
function emptyHanded(): Promise<string> {
  sharedFolder ??= newInstallation().then(folder => {
    writeFileSync(join(folder, 'users.csv'), mixed.join('\n'))
    writeFileSync(join(folder, 'users.json'), '{"realm":"demo"}')
    return folder
  })
  return sharedFolder
}

const head = 'id,username,password_hash\n'
const lineOf = (number: number): string => `${number},user${number},${bcrypt}\n`
const linesOf = (from: number, to: number): string =>
  head + Array.from({ length: to - from }, (_, i) => lineOf(from + i)).join('')

describe('an import that is interrupted', () => {
  /** It reads from a pipe, so that the test says how far it comes: two batches are kept, a third is half read. */
  async function halfway(
    folder: string,
  ): Promise<{ child: ChildProcess; pipe: WriteStream; said: () => string }> {
    execFileSync('mkfifo', [join(folder, 'half.csv')])
    const child = spawn(process.execPath, [serverProgram, 'import', 'half.csv', '--from', 'csv'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        output += chunk
      })
    const pipe = createWriteStream(join(folder, 'half.csv'))
    // Who is killed reads no more.
    pipe.on('error', () => undefined)
    pipe.write(linesOf(0, 1200))
    await vi.waitUntil(() => usersIn(folder).length >= 1000, { timeout: 20_000 })
    return { child, pipe, said: () => output }
  }

  async function goOn(folder: string): Promise<void> {
    writeFileSync(join(folder, 'whole.csv'), linesOf(0, 2000))
    const { code, stdout, stderr } = await latchkeyIn(
      folder,
      'import',
      'whole.csv',
      '--from',
      'csv',
      '--json',
    )
    expect(code, stderr).toBe(0)
    const { imported, known } = JSON.parse(stdout)
    expect(imported + known).toBe(2000)
    const names = usersIn(folder).map(({ username }) => username)
    expect(new Set(names).size).toBe(2000)
    expect(names).toHaveLength(2000)
    expect(known).toBeGreaterThanOrEqual(1000)
  }

  test('by kill -9 goes on where it was: nobody twice, nobody missing', async () => {
    const folder = await newInstallation()
    const { child, pipe } = await halfway(folder)
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    expect(await closed).toEqual([null, 'SIGKILL'])
    pipe.destroy()
    expect(usersIn(folder)).toHaveLength(1000)
    await goOn(folder)
  })

  test('by Ctrl+C keeps what it has read, says so, and goes on where it was', async () => {
    const folder = await newInstallation()
    const { child, pipe, said } = await halfway(folder)
    const closed = once(child, 'close')
    child.kill('SIGINT')
    pipe.end(linesOf(1200, 2000).slice(head.length))
    expect(await closed).toEqual([1, null])
    expect(said()).toContain('Interrupted: run the same command again to go on.')
    const kept = usersIn(folder).length
    expect(kept).toBeGreaterThan(1000)
    expect(kept).toBeLessThan(2000)
    await goOn(folder)
  })
})

test('the file in docs/migrate/csv.md is read as it stands', async () => {
  const folder = await emptyHanded()
  const page = readFileSync(new URL('../../docs/migrate/csv.md', import.meta.url), 'utf8')
  const [, csv = ''] = /```text\n(id,[\s\S]*?)```/.exec(page) ?? []
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
  for (const [form, text] of Object.entries({ csv, jsonl: json })) {
    writeFileSync(join(folder, 'page'), text)
    const { code, stdout } = await latchkeyIn(folder, 'import', 'page', '--from', form, '--dry-run', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ imported: form === 'csv' ? 2 : 1, refused: 0 })
  }
})

test('every code has its row in docs/migrate/csv.md', () => {
  const page = readFileSync(new URL('../../docs/migrate/csv.md', import.meta.url), 'utf8')
  expect(Object.keys(importOutcomes).filter(code => !page.includes(`\`${code}\``))).toEqual([])
})
