// A revoked token dies at every node and at every guard, and nobody is asked for a guarded request.
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

/** Signs out at one node and asks every guard again and again: the milliseconds until each refused. */
async function lagsOf(token: string, node: number): Promise<number[]> {
  const answer = await fleet.call(node)('/user/logout', { method: 'POST', ...bearer(token) })
  expect(answer.status).toBe(204)
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
        lags.push(...(await lagsOf(next[1].access, next[0])))
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
    const [{ access } = { access: '' }] = await signInMany(fleet, 1)
    // Written as a node writes it, and nobody is woken.
    const written = await cluster.run(
      "INSERT INTO revocations (kind, id, expires_at) SELECT 'session', access_id, expires_at FROM sessions " +
        'WHERE revoked_at IS NULL RETURNING id',
      url,
    )
    const startMs = performance.now()
    expect(written).not.toHaveLength(0)
    for (const guard of guards)
      await expect.poll(() => statusAt(guard, access), { timeout: 10_000, interval: 10 }).toBe(401)
    console.log(`without NOTIFY: ${Math.round(performance.now() - startMs)} ms at every guard`)
  })
})

describe('a guard', () => {
  test('asks nobody for a guarded request: no socket is opened', async () => {
    const [guard] = guards
    if (guard === undefined) throw new Error('there are three')
    const [{ access } = { access: '' }] = await signInMany(fleet, 1)
    expect(await statusAt(guard, access)).toBe(200)
    const before = (await guard.status()).sockets
    for (let i = 0; i < 300; i++) expect(await statusAt(guard, access)).toBe(200)
    expect((await guard.status()).sockets).toBe(before)
  })
})
