// `latchkey init`: in an empty folder it writes what the server starts with; secrets go into .env and nowhere else.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { callerAt, signIn } from '../account.ts'
import { cleanEnvironment, newFolder, run, serverProgram, startServer } from '../server-process.ts'
import { hasTerminals, openTerminal, type Terminal } from '../terminal.ts'

const latchkey = (folder: string, ...args: string[]) =>
  run(process.execPath, [serverProgram, ...args], { cwd: folder, env: cleanEnvironment() })

const textOf = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')
const secretsIn = (folder: string) => parseEnv(textOf(folder, '.env')) as Record<string, string>

describe('latchkey init', () => {
  test('--yes writes a configuration that starts, that doctor finds no fault with, and shows no secret', async () => {
    const folder = newFolder()
    const made = await latchkey(folder, 'init', '--yes')
    expect(made).toMatchObject({ code: 0, stdout: '' })
    const { LATCHKEY_MASTER_KEY: key = '' } = secretsIn(folder)
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
    expect(made.stderr + textOf(folder, 'latchkey.config.ts')).not.toContain(key)
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).toSorted()).toEqual(['.env', 'latchkey.config.ts'])

    const server = await startServer({ folder })
    await signIn(callerAt(server.url), { username: 'ada', password: 'a lantern on the sill' })
    await server.end()
    expect(existsSync(join(folder, 'data', 'master.key'))).toBe(false)
    const { code, stdout } = await latchkey(folder, 'doctor', '--json')
    expect(code, stdout).toBe(0)
    expect(stdout).not.toMatch(/"level": "error"/)
  }, 60_000)

  test('writes over nothing unless it is told to, and then keeps the master key and what else stood in .env', async () => {
    const folder = newFolder()
    await latchkey(folder, 'init', '--yes')
    const before = secretsIn(folder)
    writeFileSync(join(folder, '.env'), `${textOf(folder, '.env')}OTHER='a # b'\n`)
    const refused = await latchkey(folder, 'init', '--yes')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/^latchkey\.config\.ts and \.env are here already\. --force /)
    expect((await latchkey(folder, 'init', '--yes', '--force')).code).toBe(0)
    expect(secretsIn(folder)).toEqual({ ...before, OTHER: 'a # b' })
  })

  test('makes no new master key beside a database that has one', async () => {
    const folder = newFolder()
    await (await startServer({ folder })).end()
    const made = await latchkey(folder, 'init', '--yes')
    expect(made.code, made.stderr).toBe(0)
    expect(made.stderr).toContain('The master key stays in ')
    expect(secretsIn(folder)['LATCHKEY_MASTER_KEY']).toBeUndefined()
    expect(await (await startServer({ folder })).end()).toBe(0)
  })

  test('asks at a terminal only', async () => {
    const folder = newFolder()
    const refused = await latchkey(folder, 'init')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/--yes/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('asks, refuses an answer that no setting takes, and writes what was answered', async ({ skip }) => {
    skip(!hasTerminals, 'this machine has no script(1)')
    const folder = newFolder()
    const terminal = openTerminal([process.execPath, serverProgram, 'init'], {
      cwd: folder,
      env: cleanEnvironment(),
    })
    const answer = async (question: string, keys: string): Promise<void> => {
      await terminal.until(question)
      terminal.type(`${keys}\r`)
    }
    await answer('On which port', '')
    await answer('At which address', 'http://login.example.com')
    await terminal.until('It accepts an https URL')
    eraseAll(terminal, 'http://login.example.com')
    terminal.type('https://login.example.com\r')
    await answer('Who speaks it?', '')
    await answer('Where is everything kept?', '')
    await answer('In which file?', '')
    await answer('How are tokens signed?', '\u001b[A')
    await answer('Who may make an account?', '\u001b[B')
    await answer('How long is', '20')
    await answer('Is there a mail server', 'y')
    await answer('Its URL', 'smtps://user:kettle@mail.example.com')
    await answer('From whom', '')
    expect(await terminal.ended, terminal.shown()).toBe(0)
    const secrets = secretsIn(folder)
    for (const secret of ['kettle', secrets['LATCHKEY_MASTER_KEY'], secrets['LATCHKEY_JWT_SECRET']])
      expect(terminal.shown()).not.toContain(secret ?? 'missing')
    const { stdout } = await latchkey(folder, 'config', '--json')
    const shown = JSON.parse(stdout) as { name: string; value: string; source: string }[]
    const of = (name: string) => shown.find(row => row.name === `LATCHKEY_${name}`)?.value
    expect(
      ['ISSUER', 'SIGNING_ALG', 'REGISTRATION', 'PASSWORD_MIN', 'MAIL_FROM', 'TRUST_PROXY'].map(of),
    ).toEqual([
      ...['https://login.example.com', 'HS256', 'invite', '20', 'no-reply@login.example.com'],
      'Subnet: IPv4 127.0.0.1/32',
    ])
    expect(of('JWT_SECRET')).toBe('(hidden)')
  }, 60_000)

  test('broken off writes nothing and ends with 1', async ({ skip }) => {
    skip(!hasTerminals, 'this machine has no script(1)')
    const folder = newFolder()
    const terminal = openTerminal([process.execPath, serverProgram, 'init'], {
      cwd: folder,
      env: cleanEnvironment(),
    })
    await terminal.until('On which port')
    terminal.type('\u0003')
    expect(await terminal.ended).toBe(1)
    expect(readdirSync(folder)).toEqual([])
  })
})

function eraseAll(terminal: Terminal, text: string): void {
  terminal.type('\u007f'.repeat(text.length))
}
