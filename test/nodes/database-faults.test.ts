// What nodes do when their database restarts, hangs, or lies behind a network that swallows, while clients come at a
// fixed rate: nothing acknowledged is lost, no process ends, guarded routes go on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bearer } from '../account.ts'
import { type Fleet, type GuardProcess, signInMany, startFleet } from './fleet.ts'
import { type Client, type LoadReport, newClient, type OpenLoop, renew, startOpenLoop } from './open-loop.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { startProxy, type TcpProxy } from './tcp-proxy.ts'

/** Figures count on a machine that does nothing else: LATCHKEY_MEASURE=1 makes them decide. */
const isMeasuring = process.env['LATCHKEY_MEASURE'] === '1'
const perSecond = 200

let cluster: PostgresCluster
let proxy: TcpProxy
let fleet: Fleet
let guard: GuardProcess
let url: URL
let clients: Client[]
beforeAll(async () => {
  cluster = await startPostgres()
  proxy = await startProxy(cluster.port)
  url = new URL(await cluster.createDatabase())
  url.port = String(proxy.port)
  // A rotation each second, so that a lost one shows.
  fleet = await startFleet(url.href, 2, { env: { LATCHKEY_REFRESH_GRACE: '1s' } })
  guard = await fleet.startGuard()
}, 120_000)
beforeEach(async () => {
  const signedIn = await signInMany(fleet, isMeasuring ? 600 : 120)
  clients = signedIn.map(newClient)
}, 60_000)
afterAll(async () => {
  await fleet?.close()
  proxy?.close()
  await cluster?.stop()
})

/** Milliseconds from `sinceMs` until every node has acknowledged a renewal that was asked for after it. */
async function untilServing(load: OpenLoop, sinceMs: number): Promise<number> {
  const firsts = await Promise.all(
    fleet.nodes.map(async (_, node) => {
      await expect
        .poll(() => load.firstRenewalMs(node, sinceMs), { timeout: 30_000, interval: 5 })
        .toBeDefined()
      return load.firstRenewalMs(node, sinceMs) ?? Number.POSITIVE_INFINITY
    }),
  )
  return Math.max(...firsts) - sinceMs
}

/** Until clients were told the same again and again. */
async function untilAnswered(load: OpenLoop, what: string, times: number): Promise<void> {
  const enough = load.answered(what) + times
  await expect.poll(() => load.answered(what), { timeout: 30_000 }).toBeGreaterThanOrEqual(enough)
}

/** Until everything runs as before, for a while. */
const untilSettled = (load: OpenLoop): Promise<void> =>
  untilAnswered(load, 'renew 200', isMeasuring ? perSecond / 2 : perSecond / 10)

async function expectAllReady(): Promise<void> {
  for (const node of fleet.nodes.keys())
    await expect
      .poll(async () => (await fleet.call(node)('/health/ready')).status, { timeout: 30_000, interval: 10 })
      .toBe(200)
}

/** Whatever was acknowledged is true: sessions go on from their last token, and who signed out is out everywhere. */
async function expectNothingLost({ wrong }: LoadReport): Promise<void> {
  expect(wrong).toEqual([])
  await expectAllReady()
  const alive = clients.filter(client => !client.isLeaving)
  for (const [number, client] of alive.entries()) {
    expect((await renew(fleet, client, number)).status).toBe(200)
    expect((await fleet.call(number)('/user/data', bearer(client.access))).status).toBe(200)
  }
  const gone = clients.filter(client => client.isSignedOut)
  for (const [number, client] of gone.entries()) {
    expect(await (await renew(fleet, client, number)).json()).toMatchObject({ code: 'session_revoked' })
    expect((await fleet.call(number)('/user/data', bearer(client.access))).status).toBe(403)
    expect((await guard.call('/', bearer(client.access))).status).toBe(401)
  }
  expect(alive.length).toBeGreaterThan(0)
  console.log(`${alive.length} sessions go on, ${gone.length} acknowledged sign-outs hold`)
}

function shown(what: string, servingMs: number[], { answers, seconds }: LoadReport): string {
  const total = Object.values(answers).reduce((sum, count) => sum + count, 0)
  const times = servingMs.map(ms => Math.round(ms)).join(', ')
  return (
    `${what}: serving again after ${times} ms; ${(total / seconds).toFixed(0)} requests a second for ` +
    `${seconds.toFixed(1)} s: ${JSON.stringify(answers)}`
  )
}

/** Loads the nodes while `fault` runs, and checks everything afterwards. */
async function underLoad(what: string, fault: (load: OpenLoop) => Promise<number[]>): Promise<void> {
  const load = startOpenLoop({ fleet, guard, clients, perSecond })
  let servingMs: number[]
  try {
    await untilServing(load, performance.now())
    servingMs = await fault(load)
  } finally {
    await load.stop()
  }
  const report = await load.stop()
  console.log(shown(what, servingMs, report))
  await expectNothingLost(report)
  if (isMeasuring) expect(Math.max(...servingMs)).toBeLessThan(1_000)
}

describe('nodes that serve 200 requests a second', () => {
  test('lose nothing when the database restarts without a farewell, again and again', async () => {
    const restarts = isMeasuring ? 20 : 4
    await underLoad(`${restarts} restarts`, async load => {
      const servingMs: number[] = []
      for (let i = 0; i < restarts; i++) {
        await cluster.restartImmediately()
        servingMs.push(await untilServing(load, performance.now()))
        await untilSettled(load)
      }
      return servingMs
    })
  }, 300_000)

  // Each row: how the database is taken away, and how it is given back.
  test.each([
    ['hangs', () => cluster.signalAll('SIGSTOP'), () => cluster.signalAll('SIGCONT')],
    ['lies behind a network that swallows', () => proxy.swallow(), () => proxy.heal()],
    ['cuts every connection', () => proxy.cut(), () => proxy.heal()],
  ])(
    'go on with guarded routes while the database %s, say what is missing, and recover',
    async (what, take, give) => {
      await underLoad(`the database ${what}`, async load => {
        const [client] = await signInMany(fleet, 1)
        take()
        try {
          const [guarded, renewal, ready] = await Promise.all([
            fleet.call(0)('/user/data', bearer(client?.access ?? '')),
            fleet.call(0)('/user/refresh', {
              method: 'POST',
              body: new URLSearchParams({ refresh_token: client?.refresh ?? '' }),
            }),
            fleet.call(0)('/health/ready'),
          ])
          expect(guarded.status).toBe(200)
          expect(renewal.status).toBe(503)
          expect(renewal.headers.get('retry-after')).not.toBeNull()
          expect(await ready.json()).toEqual({ status: 'unavailable', missing: ['store'] })
          expect((await fleet.call(1)('/health/live')).status).toBe(200)
          await untilAnswered(load, 'renew 503', 30)
        } finally {
          give()
        }
        return [await untilServing(load, performance.now())]
      })
    },
    120_000,
  )

  test('hear of every sign-out though their listeners are killed again and again', async () => {
    const kills = isMeasuring ? 20 : 4
    await underLoad(`${kills} times all listeners killed`, async load => {
      const servingMs: number[] = []
      for (const { access } of await signInMany(fleet, kills)) {
        const killed = await cluster.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'",
        )
        const sinceMs = performance.now()
        expect((await fleet.call(0)('/user/logout', { method: 'POST', ...bearer(access) })).status).toBe(204)
        await expect
          .poll(async () => (await fleet.call(1)('/user/data', bearer(access))).status, { timeout: 10_000 })
          .toBe(403)
        expect(killed.length).toBeLessThanOrEqual(fleet.nodes.length)
        servingMs.push(await untilServing(load, sinceMs))
        await untilSettled(load)
      }
      return servingMs
    })
  }, 120_000)
})

describe('a node', () => {
  test('that is told to end says that it is not ready, and ends with 0', async () => {
    expect(await fleet.nodes[1]?.end('SIGTERM')).toBe(0)
  })
})
