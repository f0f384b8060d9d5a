// What only PostgreSQL has: transactions that commit late, connections that are killed, locks, and many nodes at once.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../../test/nodes/postgres-cluster.ts'
import { openPostgres, type PostgresOptions } from '../../src/store/postgres/engine.ts'
import type { SessionRecord } from '../../src/store/records.ts'
import { judgeRotation } from '../../src/store/rotation.ts'
import type { Store } from '../../src/store/store.ts'
import {
  anEnding,
  aRotation,
  aSession,
  aUser,
  beginning,
  graceMs,
  registration,
  rotationAudit,
  start,
} from './store-records.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster.stop())

async function openStore(url: string, options: Partial<PostgresOptions> = {}): Promise<Store> {
  const store = await openPostgres({ url, clock: 'given', ...options })
  onTestFinished(() => store.close())
  return store
}

async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function withSession(): Promise<{ url: string; store: Store; session: SessionRecord }> {
  const url = await cluster.createDatabase()
  const store = await openStore(url)
  const user = aUser()
  await store.createUser(registration(user))
  const session = aSession(user.id)
  await store.startSession(beginning(user, session))
  return { url, store, session }
}

const idsOf = (log: Awaited<ReturnType<Store['readRevocations']>>): string[] =>
  log.entries.map(({ id }) => id)

describe('the revocation log', () => {
  test('shows an entry whose transaction commits long after later ones, where a sequence would not', async () => {
    const { url, store, session } = await withSession()
    const late = await openClient(url)
    await late.query('BEGIN')
    await late.query("INSERT INTO revocations (kind, id, expires_at) VALUES ('session', 'late', $1)", [
      start + 9_999,
    ])
    await store.endSession(session.id, anEnding())
    const log = await store.readRevocations(undefined, start)
    expect(idsOf(log)).toEqual([session.accessId])
    const [newest] = await cluster.run('SELECT max(seq) AS seq FROM revocations', url)

    // The wait is real, in the database: other transactions come and go meanwhile.
    await late.query('SELECT pg_sleep(1)')
    await store.check()
    const between = await store.readRevocations(log.cursor, start)
    expect(idsOf(between)).not.toContain('late')
    await late.query('COMMIT')

    expect(idsOf(await store.readRevocations(between.cursor, start))).toContain('late')
    expect(await cluster.run(`SELECT id FROM revocations WHERE seq > ${newest?.['seq']}`, url)).toEqual([])
  })

  test('a transaction that was rolled back leaves nothing, and holds nobody up', async () => {
    const { url, store, session } = await withSession()
    const undone = await openClient(url)
    await undone.query('BEGIN')
    await undone.query("INSERT INTO revocations (kind, id, expires_at) VALUES ('session', 'undone', $1)", [
      start + 9_999,
    ])
    const { cursor } = await store.readRevocations(undefined, start)
    await undone.query('ROLLBACK')
    await store.endSession(session.id, anEnding())
    expect(idsOf(await store.readRevocations(cursor, start))).toEqual([session.accessId])
  })

  test('wakes another node when a revocation commits', async () => {
    const { url, store, session } = await withSession()
    const other = await openStore(url)
    const calls = wakes(other)
    await calls.next()
    await store.endSession(session.id, anEnding())
    await calls.next()
    expect(idsOf(await other.readRevocations(undefined, start))).toEqual([session.accessId])
  })

  test('a listener that is killed comes back by itself, and wakes for what it missed', async () => {
    const { url, store, session } = await withSession()
    const other = await openStore(url)
    const calls = wakes(other)
    await calls.next()
    const killed = await cluster.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()",
      url,
    )
    expect(killed).toHaveLength(1)
    await store.endSession(session.id, anEnding())
    await calls.next()
    expect(idsOf(await other.readRevocations(undefined, start))).toEqual([session.accessId])
    await store.endSessionsOfUser(session.userId, anEnding('logout_all'))
  })
})

/** The calls of `onRevocation`, one after the other. */
function wakes(store: Store): { next(): Promise<void> } {
  let pending = 0
  let waiting: (() => void) | undefined
  store.onRevocation(() => {
    if (waiting === undefined) pending += 1
    else waiting()
    waiting = undefined
  })
  return {
    next: () =>
      new Promise(resolve => {
        if (pending === 0) waiting = resolve
        else {
          pending = 0
          resolve()
        }
      }),
  }
}

describe('a rotation', () => {
  test('in one statement is done for the very states that the judgement calls rotated', async () => {
    const { store, url, session } = await withSession()
    const second = start + 1_000
    const nowMs = second * 1000 + 500
    const client = await openClient(url)
    let rotated = 0
    for (let i = 0; i < 300; i++) {
      const pick = <T>(...values: T[]): T => values[Math.floor(Math.random() * values.length)] as T
      const state: SessionRecord = {
        ...session,
        counter: pick(4, 5, 5, 5, 6, 7),
        keyVersion: pick(1, 2),
        rotatedAtMs: pick(
          undefined,
          nowMs - graceMs - 1,
          nowMs - graceMs,
          nowMs,
          nowMs + graceMs,
          nowMs + graceMs + 1,
        ),
        idleExpiresAt: pick(second, second + 1, second + 999_999),
        expiresAt: pick(second, second + 1, second + 9_999_999),
        revokedAt: pick(undefined, undefined, undefined, start),
        attemptHash: pick(undefined, 'a'),
      }
      await client.query(
        `UPDATE sessions SET counter = ${state.counter}, key_version = ${state.keyVersion}, ` +
          `rotated_at_ms = ${state.rotatedAtMs ?? 'NULL'}, idle_expires_at = ${state.idleExpiresAt}, ` +
          `expires_at = ${state.expiresAt}, revoked_at = ${state.revokedAt ?? 'NULL'}, ` +
          `attempt_hash = ${state.attemptHash === undefined ? 'NULL' : "'a'"}`,
      )
      const rotation = aRotation(state, {
        counter: 5,
        nowMs,
        keyVersion: pick(1, 2),
        currentKeyVersion: 2,
        attemptHash: pick(undefined, 'a', 'b'),
      })
      const verdict = judgeRotation(state, rotation)
      const outcome = await store.rotateSession(rotation, rotationAudit)
      expect(outcome.kind, JSON.stringify({ state, rotation })).toBe(verdict)
      if (verdict === 'rotated') rotated += 1
    }
    // One state in about thirty: that none of three hundred is comes once in ten thousand runs.
    expect(rotated).toBeGreaterThan(0)
  })

  test('goes by the clock of the database, whatever time a node gives', async () => {
    const { url, session } = await withSession()
    const store = await openStore(url, { clock: 'database' })
    const ends = Math.floor(Date.now() / 1000) + 86_400
    await cluster.run(`UPDATE sessions SET idle_expires_at = ${ends}, expires_at = ${ends}`, url)
    const [{ ms: before } = {}] = await cluster.run(
      'SELECT extract(epoch from clock_timestamp()) * 1000 AS ms',
      url,
    )
    const outcome = await store.rotateSession(aRotation(session, { nowMs: 0 }), rotationAudit)
    const [{ ms: after } = {}] = await cluster.run(
      'SELECT extract(epoch from clock_timestamp()) * 1000 AS ms',
      url,
    )
    if (outcome.kind !== 'rotated') throw new Error(`it was ${outcome.kind}`)
    expect(outcome.session.rotatedAtMs).toBeGreaterThanOrEqual(Math.floor(Number(before)))
    expect(outcome.session.rotatedAtMs).toBeLessThanOrEqual(Number(after))
    const again = await store.rotateSession(aRotation(outcome.session, { nowMs: 9e15 }), rotationAudit)
    expect(again.kind).toBe('kept')
  })
})

describe('connections', () => {
  test('any number of nodes may start at once on an empty database', async () => {
    const url = await cluster.createDatabase()
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(url)))
    await Promise.all(stores.map(store => store.check()))
    const [{ count } = {}] = await cluster.run('SELECT count(*)::integer AS count FROM latchkey_schema', url)
    expect(count).toBe(1)
  })

  test('a schema of a newer version is refused in one line', async () => {
    const url = await cluster.createDatabase()
    await (await openPostgres({ url })).close()
    await cluster.run('UPDATE latchkey_schema SET version = 4711', url)
    await expect(openPostgres({ url })).rejects.toThrow(/newer version of Latchkey has written \(schema 4711/)
  })

  test('a row that somebody keeps locked is given up on in time, and the next call works', async () => {
    const { url, store, session } = await withSession()
    const holder = await openClient(url)
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM sessions FOR UPDATE')
    await expect(store.endSession(session.id, anEnding())).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    await holder.query('ROLLBACK')
    expect(await store.endSession(session.id, anEnding())).toHaveLength(1)
  })

  test('when all are killed the verbs under way are refused, the next ones work, nothing ends', async () => {
    const { url, store, session } = await withSession()
    const verbs = Array.from({ length: 50 }, () => store.check().catch(error => error.code))
    await cluster.run(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      url,
    )
    expect(
      (await Promise.all(verbs)).every(outcome => outcome === undefined || outcome === 'store_unavailable'),
    ).toBe(true)
    // Connections that were idle are told of their end by an event; one of them may still be handed out before.
    await expect
      .poll(() => store.findSession(session.id).catch(() => undefined))
      .toMatchObject({ id: session.id })
  })

  test('a pool of the application stays open when the store closes', async () => {
    const url = await cluster.createDatabase()
    const pool = new pg.Pool({ connectionString: url })
    onTestFinished(() => pool.end())
    // The store uses of a pool what its own description names.
    const store = await openPostgres({ url, pool: pool as never })
    await store.check()
    await store.close()
    await expect(store.check()).rejects.toMatchObject({ code: 'store_unavailable' })
    expect((await pool.query('SELECT beats FROM pulse')).rows).toEqual([{ beats: '1' }])
  })

  test('text with a NUL is kept without it, and finds nobody', async () => {
    const { store, session } = await withSession()
    expect(await store.findUserByName('a\0b')).toBeUndefined()
    await store.rotateSession(aRotation(session, { attemptHash: 'a\0b' }), rotationAudit)
    expect((await store.findSession(session.id))?.attemptHash).toBe('a\ufffdb')
  })
})
