// A revoked token dies at every node and at every guard, and nobody is asked for a guarded request.
import { decode } from 'latchkey'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer, refusal } from '../account.ts'
import { type Fleet, type GuardProcess, signInMany, startFleet } from './fleet.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'

let cluster: PostgresCluster
let url: string
let fleet: Fleet
let guards: GuardProcess[]
beforeAll(async () => {
  cluster = await startPostgres()
  url = await cluster.createDatabase()
  fleet = await startFleet(url, 3)
  guards = await Promise.all([0, 1, 2].map(node => fleet.startGuard({ node })))
}, 120_000)
afterAll(async () => {
  await fleet?.close()
  await cluster?.stop()
})

const statusAt = async ({ call }: GuardProcess, token: string): Promise<number> =>
  (await call('/', bearer(token))).status

/** Ends a token and asks every guard again and again: the milliseconds until each refused. */
async function lagsOf(token: string, end: () => Promise<void>): Promise<number[]> {
  await end()
  const startMs = performance.now()
  return Promise.all(
    guards.map(async guard => {
      let lastAcceptedMs = startMs
      for (;;) {
        const askedMs = performance.now()
        const status = await statusAt(guard, token)
        if (status === 401) return lastAcceptedMs - startMs
        expect(status).toBe(200)
        lastAcceptedMs = askedMs
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    }),
  )
}

const signingOut = (node: number, token: string) => async (): Promise<void> => {
  const answer = await fleet.call(node)('/user/logout', { method: 'POST', ...bearer(token) })
  expect(answer.status).toBe(204)
}

/** Written as a node writes it, and nobody is woken. */
const writingOnly = (token: string) => async (): Promise<void> => {
  const { sid } = decode(token) as { sid: string }
  const written = await cluster.run(
    "INSERT INTO revocations (kind, id, expires_at) SELECT 'session', access_id, expires_at FROM sessions " +
      `WHERE access_id = '${sid}' RETURNING id`,
    url,
  )
  expect(written).toHaveLength(1)
}

function shown(lags: number[]): string {
  const sorted = lags.toSorted((a, b) => a - b)
  const at = (share: number): string => `${Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)} ms`
  return `${sorted.length} measured, p50 ${at(0.5)}, p99 ${at(0.99)}, maximum ${at(1)}`
}

/** Figures count on a machine that does nothing else: LATCHKEY_MEASURE=1 makes them decide. */
const isMeasuring = process.env['LATCHKEY_MEASURE'] === '1'
const rounds = isMeasuring ? 2_000 : 24

describe('a session that ends', () => {
  test('at one node ends at every guard', async () => {
    const signedIn = await signInMany(fleet, rounds)
    for (const { access } of signedIn.slice(0, 3))
      for (const guard of guards) expect(await statusAt(guard, access)).toBe(200)
    const lags: number[] = []
    const work = [...signedIn.entries()]
    const worker = async (): Promise<void> => {
      for (let next = work.shift(); next !== undefined; next = work.shift())
        lags.push(...(await lagsOf(next[1].access, signingOut(next[0], next[1].access))))
    }
    await Promise.all([worker(), worker()])
    console.log(`from the 204 to the last accepted request: ${shown(lags)}`)
    expect(lags).toHaveLength(rounds * guards.length)
    if (isMeasuring)
      expect(lags.toSorted((a, b) => a - b)[Math.ceil(lags.length * 0.99) - 1]).toBeLessThan(250)
  }, 600_000)

  test('by reuse of a refresh token at one node ends at the others', async () => {
    const [{ access, refresh } = { access: '', refresh: '' }] = await signInMany(fleet, 1)
    const renew = (node: number, token: string) =>
      fleet.call(node)('/user/refresh', {
        method: 'POST',
        body: new URLSearchParams({ refresh_token: token }),
      })
    const { refresh_token: second } = (await (await renew(0, refresh)).json()) as { refresh_token: string }
    expect(second).not.toBe(refresh)
    // As if the grace were over: the row was rotated an hour ago.
    await cluster.run('UPDATE sessions SET rotated_at_ms = rotated_at_ms - 3600000', url)
    expect(await refusal(await renew(0, refresh))).toBe('403 refresh_reused')
    for (const node of [1, 2]) {
      expect(await refusal(await renew(node, second))).toBe('403 session_revoked')
      await expect
        .poll(async () => (await fleet.call(node)('/user/data', bearer(access))).status, { timeout: 10_000 })
        .toBe(403)
    }
    for (const guard of guards)
      await expect.poll(() => statusAt(guard, access), { timeout: 10_000 }).toBe(401)
  })

  test('is heard of by the poll when NOTIFY is lost', async () => {
    const lags: number[] = []
    for (const { access } of await signInMany(fleet, isMeasuring ? 50 : 3))
      lags.push(...(await lagsOf(access, writingOnly(access))))
    console.log(`without NOTIFY, from the commit to the last accepted request: ${shown(lags)}`)
    if (isMeasuring) expect(Math.max(...lags)).toBeLessThan(2_000)
  }, 300_000)
})

describe('a guarded request', () => {
  test('asks nobody: no statement at the database, no socket at the guard', async () => {
    const signedIn = await signInMany(fleet, 12)
    const places = [
      ...fleet.nodes.map((_, node) => (token: string) => fleet.call(node)('/user/data', bearer(token))),
      ...guards.map(guard => (token: string) => guard.call('/', bearer(token))),
    ]
    const each = 500
    const askEverywhere = async (): Promise<void> => {
      await Promise.all(
        places.map(async place => {
          for (let i = 0; i < each; i++)
            expect((await place(signedIn[i % signedIn.length]?.access ?? '')).status).toBe(200)
        }),
      )
    }
    const socketsNow = (): Promise<number[]> =>
      Promise.all(guards.map(async guard => (await guard.status()).sockets))
    const socketsBefore = await socketsNow()
    const statements = await cluster.statementsDuring(askEverywhere)
    const asked = each * places.length
    console.log(
      `${asked} guarded requests at 6 places: ${statements.length} statements, which nodes send anyway`,
    )
    // What nodes ask by the second goes on meanwhile; nothing is asked by the request.
    const times = new Map<string, number>()
    for (const text of statements) times.set(text, (times.get(text) ?? 0) + 1)
    expect([...times].filter(([, count]) => count > each / 10)).toEqual([])
    expect(statements.length).toBeLessThan(asked / 10)
    expect(await socketsNow()).toEqual(socketsBefore)
  }, 60_000)

  test('that has to ask is seen to ask', async () => {
    const [{ access } = { access: '' }] = await signInMany(fleet, 1)
    const statements = await cluster.statementsDuring(async () => {
      for (let i = 0; i < 50; i++) expect((await fleet.call(i)('/user', bearer(access))).status).toBe(200)
    })
    expect(statements.filter(text => /FROM users/.test(text)).length).toBeGreaterThanOrEqual(50)
  })
})
