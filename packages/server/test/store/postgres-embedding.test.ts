// The server inside an application that has a PostgreSQL already: its own pool, and the settings that go with it.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { bearer, type Caller, refresh, signIn, tokens } from '../../../../test/account.ts'
import { type PostgresCluster, startPostgres } from '../../../../test/nodes/postgres-cluster.ts'
import { loadConfig } from '../../src/config.ts'
import { createLatchkey, type Latchkey } from '../../src/server.ts'
import { parseExposition } from '../figures/parse-exposition.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster.stop())

const callerOf =
  ({ handler }: Latchkey): Caller =>
  (path, init) =>
    handler(new Request(`http://localhost:4000${path}`, init), { address: '127.0.0.1', encrypted: false })

test('two servers on the application’s pool are one: a session of the one is the other’s, and dies at both', async () => {
  const pool = new pg.Pool({ connectionString: await cluster.createDatabase() })
  onTestFinished(() => pool.end())
  const masterKey = randomBytes(32).toString('base64url')
  const open = async () => {
    // The server uses of a pool what its own description names.
    const latchkey = await createLatchkey({ masterKey }, { databasePool: pool as never })
    onTestFinished(() => latchkey.close())
    return latchkey
  }
  const [first, second] = [await open(), await open()]
  const signedIn = await signIn(callerOf(first))
  expect((await callerOf(second)('/user/data', bearer(signedIn.access_token))).status).toBe(200)
  const renewed = await tokens(await refresh(callerOf(second), signedIn.refresh_token))
  const ended = await callerOf(second)('/user/logout', { method: 'POST', ...bearer(renewed.access_token) })
  expect(ended.status).toBe(204)
  expect((await callerOf(second)('/user/data', bearer(signedIn.access_token))).status).toBe(403)
  await expect
    .poll(async () => (await callerOf(first)('/user/data', bearer(signedIn.access_token))).status)
    .toBe(403)
  await first.close()
  await second.close()
  expect((await pool.query('SELECT count(*) FROM users')).rows).toEqual([{ count: '1' }])
})

test('the metrics tell of the application’s pool and of the database', async () => {
  const pool = new pg.Pool({ connectionString: await cluster.createDatabase(), max: 7 })
  onTestFinished(() => pool.end())
  const masterKey = randomBytes(32).toString('base64url')
  const latchkey = await createLatchkey({ masterKey }, { databasePool: pool as never })
  onTestFinished(() => latchkey.close())
  await signIn(callerOf(latchkey))
  const gauge = (name: string, labels: Record<string, string> = {}): number | undefined =>
    parseExposition(latchkey.metrics())
      .get(name)
      ?.samples.find(sample => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
      ?.value
  const connections = (state: string) => gauge('latchkey_store_connections', { state }) ?? Number.NaN
  expect(connections('idle') + connections('busy')).toBe(pool.totalCount)
  expect(pool.totalCount).toBeGreaterThan(0)
  expect(gauge('latchkey_store_connections_max')).toBe(7)
  expect(gauge('latchkey_store_waiting')).toBe(0)
  const size = await pool.query('SELECT pg_database_size(current_database()) AS bytes')
  await expect.poll(() => gauge('latchkey_store_size_bytes')).toBeGreaterThan(Number(size.rows[0].bytes) / 2)
})

test.each([['postgres://latchkey@database/latchkey'], ['postgresql://latchkey@database/latchkey']])(
  '%s needs a master key, and says how to make one',
  databaseUrl => {
    expect(() => loadConfig({ env: {}, input: { databaseUrl } })).toThrow(
      /^LATCHKEY_MASTER_KEY is required by/,
    )
    const masterKey = randomBytes(32).toString('base64url')
    expect(loadConfig({ env: {}, input: { databaseUrl, masterKey } }).config.databaseUrl).toBe(databaseUrl)
  },
)

test('a URL that is wrong is refused without showing the password in it', () => {
  const databaseUrl = 'postgres:/latchkey:tiger@database'
  expect(() => loadConfig({ env: {}, input: { databaseUrl } })).toThrow(
    /^databaseUrl accepts sqlite:<path> or/,
  )
  expect(() => loadConfig({ env: {}, input: { databaseUrl } })).not.toThrow(/tiger/)
})

test('a pool without a master key is refused', async () => {
  const pool = new pg.Pool({ connectionString: await cluster.createDatabase() })
  onTestFinished(() => pool.end())
  await expect(createLatchkey({}, { databasePool: pool as never })).rejects.toThrow(/LATCHKEY_MASTER_KEY/)
})
