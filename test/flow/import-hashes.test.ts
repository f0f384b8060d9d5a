// Every hash that other programs made, brought in by the real command: its user signs in over HTTP with the right
// password alone, and is kept under our own hash from then on.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formats } from '../../packages/server/src/hash/formats.ts'
import { vectors } from '../../packages/server/test/hash/hash-vectors.ts'
import { callerAt, post, refusal, tokens } from '../account.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

const folder = newFolder()
const users = vectors.map((vector, i) => ({
  ...vector,
  username: `user-${i}`,
  title: `${i} ${vector.format}`,
}))

function latchkey(...args: string[]) {
  return run(process.execPath, [serverProgram, ...args], { cwd: folder, env: cleanEnvironment() })
}

/** The hash that the database has of a user now. */
function keptHash(username: string): string {
  const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true })
  try {
    return String(
      database.prepare('SELECT password_hash FROM users WHERE username = ?').get(username)?.['password_hash'],
    )
  } finally {
    database.close()
  }
}

let server: ServerProcess
/** What the import put there, by username. */
let brought: Map<string, string>
beforeAll(async () => {
  const lines = users.map(({ username, hash, hints }) =>
    JSON.stringify({
      username,
      password_hash: hash,
      hash_format: hints?.format,
      salt: hints?.salt,
      salt_encoding: hints?.saltEncoding,
      iterations: hints?.iterations,
    }),
  )
  writeFileSync(join(folder, 'users.jsonl'), lines.join('\n'))
  await latchkey('migrate')
  const { code, stdout, stderr } = await latchkey('import', 'users.jsonl', '--from', 'jsonl', '--json')
  expect(code, stdout + stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ imported: users.length, refused: 0 })
  brought = new Map(users.map(({ username }) => [username, keptHash(username)]))
  server = await startServer({ folder, env: { LATCHKEY_LIMITS: 'off' } })
}, 60_000)
afterAll(() => server.end())

test('there is a user for each of the formats', () => {
  const rows = Object.keys(formats).filter(name => name !== 'wrapped')
  expect(rows.length).toBeGreaterThanOrEqual(21)
  expect(rows.filter(row => !users.some(({ format }) => format === row))).toEqual([])
})

const ours = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/

describe('signs in over HTTP, and is rehashed by the first sign-in', () => {
  test.each(users)('$title of $from', async ({ username, password, hash, isEnough }) => {
    const call = callerAt(server.url)
    expect(brought.get(username)).not.toMatch(ours)
    expect(await refusal(await post(call, '/user/login', { username, password: `${password}x` }))).toBe(
      '403 invalid_credentials',
    )
    expect(keptHash(username)).toBe(brought.get(username))

    const first = await tokens(await post(call, '/user/login', { username, password }))
    expect(first.user.username).toBe(username)
    const rehashed = keptHash(username)
    if (isEnough) expect(hash).toContain(rehashed)
    else expect(rehashed).toMatch(ours)

    await tokens(await post(call, '/user/login', { username, password }))
    expect(keptHash(username)).toBe(rehashed)
  })
})

test('no fast hash was ever in the database as the other system had it', () => {
  const fast = users.filter(({ format }) => format.startsWith('salted-'))
  expect(fast.length).toBeGreaterThan(8)
  for (const { username } of fast) expect(brought.get(username)).toMatch(/^\$wrapped\$m=19456,t=2,p=1\$/)
})
