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
/** The database, past the proxy. */
let database: string
let clients: Client[]
beforeAll(async () => {
  cluster = await startPostgres()
  proxy = await startProxy(cluster.port)
  database = await cluster.createDatabase()
  const url = new URL(database)
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

/** Whether the database takes reads only from now on, as a standby does that nobody has promoted. */
async function readOnly(value: 'on' | 'off'): Promise<void> {
  await cluster.run(`ALTER SYSTEM SET default_transaction_read_only = ${value}`)
  await cluster.run('SELECT pg_reload_conf()')
}

/** Holds every commit that changes a session for a while, so that one which is acknowledged before it is done shows. */
async function holdCommits(seconds: number): Promise<void> {
  await cluster.run(
    `CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NULL; END $$;
     CREATE CONSTRAINT TRIGGER hold AFTER UPDATE ON sessions
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()`,
    database,
  )
}

const letCommitsGo = () => cluster.run('DROP FUNCTION hold CASCADE', database)

/** Signs sessions out, all at once: the answers as they come. */
function signOut(leaving: readonly Client[]): Promise<void>[] {
  return leaving.map(async (client, number) => {
    const answer = await fleet.call(number)('/user/logout', { method: 'POST', ...bearer(client.access) })
    client.isSignedOut = answer.status === 204
  })
}

/** Sessions that the load does not use. */
async function apartFromTheLoad(count: number): Promise<Client[]> {
  const apart = (await signInMany(fleet, count)).map(newClient)
  for (const client of apart) client.isLeaving = true
  clients.push(...apart)
  return apart
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
  // Such a session goes on, and was renewed by an acknowledgement that the database did not keep.
  expect(await cluster.run("SELECT 1 FROM audit WHERE event = 'store_rolled_back'", database)).toEqual([])
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
    await holdCommits(0.02)
    await underLoad(`${restarts} restarts`, async load => {
      const servingMs: number[] = []
      const leaving = await apartFromTheLoad(restarts * 8)
      for (let i = 0; i < restarts; i++) {
        const signOuts = signOut(leaving.slice(8 * i, 8 * i + 8))
        await Promise.race(signOuts)
        await cluster.restartImmediately()
        servingMs.push(await untilServing(load, performance.now()))
        await Promise.all(signOuts)
        await untilSettled(load)
      }
      return servingMs
    })
    await letCommitsGo()
  }, 300_000)

  // Each row: how the database is taken away, and how it is given back.
  test.each([
    ['hangs', () => cluster.signalAll('SIGSTOP'), () => cluster.signalAll('SIGCONT')],
    ['lies behind a network that swallows', () => proxy.swallow(), () => proxy.heal()],
    ['cuts every connection', () => proxy.cut(), () => proxy.heal()],
    ['can only be read', () => readOnly('on'), () => readOnly('off')],
  ])(
    'go on with guarded routes while the database %s, say what is missing, and recover',
    async (what, take, give) => {
      await underLoad(`the database ${what}`, async load => {
        const [client] = await signInMany(fleet, 1)
        const leaving = await apartFromTheLoad(4)
        await take()
        try {
          const [guarded, renewal, ready] = await Promise.all([
            fleet.call(0)('/user/data', bearer(client?.access ?? '')),
            fleet.call(0)('/user/refresh', {
              method: 'POST',
              body: new URLSearchParams({ refresh_token: client?.refresh ?? '' }),
            }),
            fleet.call(0)('/health/ready'),
            ...signOut(leaving),
          ])
          expect(leaving.filter(one => one.isSignedOut)).toEqual([])
          expect(guarded.status).toBe(200)
          expect(renewal.status).toBe(503)
          expect(renewal.headers.get('retry-after')).not.toBeNull()
          expect(await ready.json()).toEqual({ status: 'unavailable', missing: ['store'] })
          expect((await fleet.call(1)('/health/live')).status).toBe(200)
          await untilAnswered(load, 'renew 503', 30)
        } finally {
          await give()
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
