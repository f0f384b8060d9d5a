// The command line on a PostgreSQL: what works on a file works there, and doctor finds what is wrong with it.
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judged, mixed } from '../flow/import-lines.ts'
import { cleanEnvironment, newFolder, run, serverProgram } from '../server-process.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
}, 120_000)
afterAll(() => cluster.stop())

const masterKey = randomBytes(32).toString('base64url')
const folder = newFolder()

function latchkey(databaseUrl: string, args: readonly string[], input?: string) {
  return run(process.execPath, [serverProgram, ...args], {
    cwd: folder,
    env: cleanEnvironment({
      LATCHKEY_DATABASE_URL: databaseUrl,
      LATCHKEY_MASTER_KEY: masterKey,
      LATCHKEY_PORT: '1',
    }),
    ...(input !== undefined && { input }),
  })
}

async function errorsAt(
  databaseUrl: string,
): Promise<{ code: number | null; errors: string[]; all: string[] }> {
  const { code, stdout, stderr } = await latchkey(databaseUrl, ['doctor', '--json'])
  expect(stderr).toBe('')
  const { findings } = JSON.parse(stdout) as { findings: { code: string; level: string }[] }
  const errors = findings.filter(({ level }) => level === 'error').map(finding => finding.code)
  return { code, errors, all: findings.map(finding => finding.code) }
}

describe('on PostgreSQL', () => {
  test('migrate, users and keys work, and say nothing of the password in the URL', async () => {
    const url = await cluster.createDatabase()
    const { password } = new URL(url)
    expect((await errorsAt(url)).all).toContain('database_missing')
    for (const [args, input] of [
      [['migrate']],
      [['user', 'add', 'ada', '--password', '--role', 'admin'], 'a lantern on the sill\n'],
      [['user', 'list']],
      [['keys', 'list']],
      [['client', 'add', 'orders']],
      [['user', 'delete', 'ada', '--yes']],
    ] as const) {
      const { code, stdout, stderr } = await latchkey(url, args, input)
      expect(code, `${args.join(' ')}: ${stderr}`).toBe(0)
      expect(stdout + stderr).not.toContain(password)
    }
    expect(await errorsAt(url)).toMatchObject({ code: 0, errors: [] })
  }, 60_000)

  test('import judges each line as it does on a file, and leaves alone who is there', async () => {
    const url = await cluster.createDatabase()
    await latchkey(url, ['migrate'])
    writeFileSync(join(folder, 'users.csv'), mixed.join('\n'))
    const args = ['import', 'users.csv', '--from', 'csv', '--report', 'report.tsv', '--json']
    for (const more of [['--dry-run'], []]) {
      const { code, stdout, stderr } = await latchkey(url, [...args, ...more])
      expect(code, stderr).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({ imported: 4, known: 1, refused: 8, wrapped: 1 })
      const [, ...lines] = readFileSync(join(folder, 'report.tsv'), 'utf8').trimEnd().split('\n')
      const report = lines.map(line => line.split('\t'))
      expect(report.map(([line, outcome, code, , why]) => `${line} ${outcome} ${code}: ${why}`)).toEqual(
        // No role is known there but the one that is built in.
        judged.map(line => line.replace(/^(2 imported imported: )$/, '$1one of its roles is not known here')),
      )
    }
    const again = await latchkey(url, args)
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, known: 5, refused: 8 })
    const users = await cluster.run('SELECT username FROM users', url)
    expect(users.map(({ username }) => username).toSorted()).toEqual(['ada', 'bob', 'grace', 'slipped'])
  }, 60_000)

  test('doctor finds a server that refuses, a schema that is newer, and changes none that is older', async () => {
    const url = await cluster.createDatabase()
    await latchkey(url, ['migrate'])
    await cluster.run('UPDATE latchkey_schema SET version = 4711', url)
    expect(await errorsAt(url)).toMatchObject({ code: 1, errors: ['database_newer'] })
    await cluster.run('UPDATE latchkey_schema SET version = 1', url)
    expect((await errorsAt(url)).all).toContain('migrations_pending')
    expect(await cluster.run('SELECT version FROM latchkey_schema', url)).toEqual([{ version: 1 }])
    const strange = new URL(url)
    strange.password = 'wrong'
    expect(await errorsAt(strange.href)).toMatchObject({ code: 1, errors: ['database_unreachable'] })
  }, 60_000)
})
