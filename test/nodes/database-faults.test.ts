// What nodes do when their database restarts, hangs, or lies behind a network that swallows: nothing acknowledged is
// lost, no process ends, guarded routes go on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer } from '../account.ts'
import { type Fleet, signInMany, startFleet } from './fleet.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { startProxy, type TcpProxy } from './tcp-proxy.ts'

let cluster: PostgresCluster
let proxy: TcpProxy
let fleet: Fleet
beforeAll(async () => {
  cluster = await startPostgres()
  proxy = await startProxy(cluster.port)
  const url = new URL(await cluster.createDatabase())
  url.port = String(proxy.port)
  // A rotation each second, so that a lost one shows.
  fleet = await startFleet(url.href, 2, { env: { LATCHKEY_REFRESH_GRACE: '1s' } })
}, 120_000)
afterAll(async () => {
  await fleet?.close()
  proxy?.close()
  await cluster?.stop()
})

/** One who renews at every node in turn, and keeps what was acknowledged. */
interface Client {
  access: string
  refresh: string
  renewals: number
  refused: number
}

async function renew(client: Client, node: number): Promise<void> {
  const body = new URLSearchParams({ refresh_token: client.refresh })
  const answer = await fleet.call(node)('/user/refresh', { method: 'POST', body })
  const text = await answer.text()
  if (answer.status === 200) {
    const { access_token: access, refresh_token: refresh } = JSON.parse(text)
    Object.assign(client, { access, refresh, renewals: client.renewals + 1 })
    return
  }
  // Nothing but "not now" is right: a client that is told its session is over has lost something.
  expect(`${answer.status} ${text}`).toMatch(/^503 /)
  client.refused += 1
}

/** Renews and asks guarded routes until told to stop; gives what became of each. */
function load(clients: Client[]): { stop(): Promise<{ guarded: number[] }> } {
  let isOver = false
  const guarded: number[] = []
  const one = async (client: Client, number: number): Promise<void> => {
    for (let node = number; !isOver; node++) {
      await renew(client, node)
      const { status } = await fleet.call(node)('/user/data', bearer(client.access))
      guarded.push(status)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const running = Promise.all(clients.map(one))
  return {
    async stop() {
      isOver = true
      await running
      return { guarded }
    },
  }
}

const clientsOf = async (count: number): Promise<Client[]> =>
  (await signInMany(fleet, count)).map(tokens => ({ ...tokens, renewals: 0, refused: 0 }))

/** Until every node says that it is ready. */
async function untilReady(): Promise<number> {
  const startMs = performance.now()
  for (const node of fleet.nodes.keys())
    await expect
      .poll(async () => (await fleet.call(node)('/health/ready')).status, { timeout: 30_000, interval: 10 })
      .toBe(200)
  return performance.now() - startMs
}

async function expectAllAlive(clients: Client[]): Promise<void> {
  for (const [number, client] of clients.entries()) {
    const before = client.renewals
    await renew(client, number)
    expect(client.renewals).toBe(before + 1)
    expect((await fleet.call(number)('/user/data', bearer(client.access))).status).toBe(200)
  }
}

describe('nodes', () => {
  test('lose nothing when the database restarts without a farewell, and serve as soon as it is back', async () => {
    const clients = await clientsOf(8)
    const running = load(clients)
    const backMs: number[] = []
    const restarts = process.env['LATCHKEY_MEASURE'] === '1' ? 20 : 4
    for (let i = 0; i < restarts; i++) {
      const before = clients.map(client => client.renewals)
      await cluster.restartImmediately()
      backMs.push(await untilReady())
      await expect
        .poll(() => clients.every((client, at) => client.renewals > (before[at] ?? 0)), { timeout: 30_000 })
        .toBe(true)
    }
    const { guarded } = await running.stop()
    console.log(`serving again after ${backMs.map(ms => `${Math.round(ms)} ms`).join(', ')}`)
    console.log(
      `${clients.reduce((sum, one) => sum + one.renewals, 0)} renewals acknowledged, ` +
        `${clients.reduce((sum, one) => sum + one.refused, 0)} refused, ${guarded.length} guarded requests`,
    )
    expect(new Set(guarded)).toEqual(new Set([200]))
    await expectAllAlive(clients)
  }, 180_000)

  test('keep what was signed out signed out through a restart', async () => {
    const clients = await clientsOf(6)
    for (const [number, { access }] of clients.entries()) {
      const answer = await fleet.call(number)('/user/logout', { method: 'POST', ...bearer(access) })
      expect(answer.status).toBe(204)
    }
    await cluster.restartImmediately()
    await untilReady()
    for (const [number, { access, refresh }] of clients.entries()) {
      expect((await fleet.call(number)('/user/data', bearer(access))).status).toBe(403)
      const body = new URLSearchParams({ refresh_token: refresh })
      const answer = await fleet.call(number)('/user/refresh', { method: 'POST', body })
      expect(await answer.json()).toMatchObject({ code: 'session_revoked' })
    }
  }, 60_000)

  // Each row: how the database is taken away, and how it is given back.
  test.each([
    ['hangs', () => cluster.signalAll('SIGSTOP'), () => cluster.signalAll('SIGCONT')],
    ['lies behind a network that swallows', () => proxy.swallow(), () => proxy.heal()],
    ['cuts every connection', () => proxy.cut(), () => proxy.heal()],
  ])(
    'go on with guarded routes while the database %s, say what is missing, and recover',
    async (_, take, give) => {
      const [client] = await clientsOf(1)
      if (client === undefined) throw new Error('there is one')
      take()
      try {
        const [guarded, renewal, ready] = await Promise.all([
          fleet.call(0)('/user/data', bearer(client.access)),
          fleet.call(0)('/user/refresh', {
            method: 'POST',
            body: new URLSearchParams({ refresh_token: client.refresh }),
          }),
          fleet.call(0)('/health/ready'),
        ])
        expect(guarded.status).toBe(200)
        expect(renewal.status).toBe(503)
        expect(renewal.headers.get('retry-after')).not.toBeNull()
        expect(await ready.json()).toEqual({ status: 'unavailable', missing: ['store'] })
        expect((await fleet.call(1)('/health/live')).status).toBe(200)
      } finally {
        give()
      }
      await untilReady()
      await expectAllAlive([client])
    },
    90_000,
  )

  test('that are told to end say that they are not ready, and end with 0', async () => {
    const { nodes } = fleet
    const last = nodes[1]
    expect(await last?.end('SIGTERM')).toBe(0)
  })
})
