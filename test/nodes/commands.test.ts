// The command line on a PostgreSQL: what works on a file works there, and doctor finds what is wrong with it.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
