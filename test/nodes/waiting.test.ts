// What shows only after a while, on nodes and guards that are processes of their own. These tests wait more than they
// work, so they wait together, the longest first.
import { decode } from 'latchkey'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { bearer, type Caller } from '../account.ts'
import { type Fleet, type FleetOptions, type GuardProcess, signInMany, startFleet } from './fleet.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { startProxy, type TcpProxy } from './tcp-proxy.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
}, 120_000)
afterAll(() => cluster?.stop())

async function withFleet(
  count: number,
  options: FleetOptions,
  story: (fleet: Fleet, url: string) => Promise<void>,
): Promise<void> {
  const url = await cluster.createDatabase()
  const fleet = await startFleet(url, count, options)
  try {
    await story(fleet, url)
  } finally {
    await fleet.close()
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const renew = (fleet: Fleet, node: number, token: string): Promise<Response> =>
  fleet.call(node)('/user/refresh', { method: 'POST', body: new URLSearchParams({ refresh_token: token }) })

const signOut = async (fleet: Fleet, node: number, access: string): Promise<void> => {
  const answer = await fleet.call(node)('/user/logout', { method: 'POST', ...bearer(access) })
  expect(answer.status).toBe(204)
}

async function signInOnce(fleet: Fleet): Promise<{ access: string; refresh: string }> {
  const [tokens] = await signInMany(fleet, 1)
  if (tokens === undefined) throw new Error('nobody was signed in')
  return tokens
}

/** Asks with a token. */
type Place = (token: string) => Promise<Response>

/** Every place where a token is judged: the nodes, and the guards beside them. */
const placesOf = (
  fleet: Fleet,
  guards: readonly GuardProcess[],
): ((token: string) => Promise<Response>)[] => [
  ...fleet.nodes.map((_, node) => (token: string) => fleet.call(node)('/user/data', bearer(token))),
  ...guards.map(
    ({ call }) =>
      (token: string) =>
        call('/', bearer(token)),
  ),
]

async function expectTaken(places: readonly Place[], token: string): Promise<void> {
  for (const place of places) expect((await place(token)).status).toBe(200)
}

// `expect.poll` belongs to one test, and here are several at once.
const patience = { interval: 20, timeout: 30_000 }

async function untilAnswered({ call }: GuardProcess, token: string, status: number): Promise<void> {
  await vi.waitUntil(async () => (await call('/', bearer(token))).status === status, patience)
}

async function untilRefused(places: readonly Place[], token: string): Promise<void> {
  for (const place of places) await vi.waitUntil(async () => (await place(token)).status !== 200, patience)
}

/** A proxy in front of the first node, and a guard that hears the feed through it, at the default `maxStale`. */
async function guardBehindProxy(fleet: Fleet): Promise<{ proxy: TcpProxy; guard: GuardProcess }> {
  const proxy = await startProxy(Number(new URL(fleet.nodes[0]?.url ?? '').port))
  const guard = await fleet.startGuard({ feedUrl: `http://127.0.0.1:${proxy.port}` })
  return { proxy, guard }
}

/** Asks again and again for so long: what was answered, and when it first changed. */
async function askFor(call: Caller, token: string, ms: number): Promise<{ status: number; atMs: number }[]> {
  const answers: { status: number; atMs: number }[] = []
  const startMs = performance.now()
  while (performance.now() - startMs < ms) {
    const { status } = await call('/', bearer(token))
    answers.push({ status, atMs: performance.now() - startMs })
    await pause(50)
  }
  return answers
}

describe.concurrent('a guard at the default maxStale of 60 seconds', () => {
  test('goes on while its feed is cut off for 20 seconds, and knows afterwards what was revoked meanwhile', async () => {
    await withFleet(1, {}, async fleet => {
      const { proxy, guard } = await guardBehindProxy(fleet)
      try {
        const [stays, goes] = await signInMany(fleet, 2)
        if (stays === undefined || goes === undefined) throw new Error('there are two')
        proxy.cut()
        await signOut(fleet, 0, goes.access)
        const answers = await askFor(guard.call, stays.access, 20_000)
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        expect((await guard.status()).state).toBe('reconnecting')
        proxy.heal()
        await untilAnswered(guard, goes.access, 401)
        expect((await guard.call('/', bearer(stays.access))).status).toBe(200)
        console.log(`feed cut off for 20 s: ${answers.length} guarded requests, all let through`)
      } finally {
        proxy.close()
      }
    })
  }, 90_000)

  test.each(['cut', 'swallow'] as const)(
    'refuses with 503 while its feed is lost for 70 seconds (%s), and comes back by itself',
    async how => {
      await withFleet(1, {}, async fleet => {
        const { proxy, guard } = await guardBehindProxy(fleet)
        try {
          const { access } = await signInOnce(fleet)
          proxy[how]()
          const answers = await askFor(guard.call, access, 70_000)
          const firstRefused = answers.findIndex(({ status }) => status !== 200)
          const before = answers.slice(0, firstRefused)
          const after = answers.slice(firstRefused)
          expect(after.length).toBeGreaterThan(0)
          expect(new Set(after.map(({ status }) => status))).toEqual(new Set([503]))
          const last = await guard.call('/', bearer(access))
          expect(last.headers.get('retry-after')).not.toBeNull()
          expect(await last.json()).toMatchObject({ code: 'revocations_stale' })
          // What it knew last was true up to five seconds, a heartbeat, before.
          expect(before.at(-1)?.atMs).toBeGreaterThan(50_000)
          expect((await guard.status()).state).toBe('stale')
          proxy.heal()
          await untilAnswered(guard, access, 200)
          console.log(
            `feed lost for 70 s (${how}): ${before.length} let through until ${Math.round(before.at(-1)?.atMs ?? 0)} ms, ` +
              `then ${after.length} refused with 503`,
          )
        } finally {
          proxy.close()
        }
      })
    },
    150_000,
  )
})

describe.concurrent('nodes', () => {
  test('that rotate their key every two seconds refuse no token until its last second, at any node or guard', async () => {
    const seconds = process.env['LATCHKEY_MEASURE'] === '1' ? 600 : 15
    const env = {
      LATCHKEY_KEY_ROTATION: '2s',
      LATCHKEY_JWKS_MAX_AGE: '1s',
      LATCHKEY_ACCESS_TTL: '5s',
      LATCHKEY_REFRESH_GRACE: '1s',
    }
    await withFleet(3, { env }, async fleet => {
      const guards = await Promise.all([0, 1].map(node => fleet.startGuard({ node })))
      const places = placesOf(fleet, guards)
      let { refresh } = await signInOnce(fleet)
      const kids = new Set<unknown>()
      const refusals: string[] = []
      const held: { token: string; expMs: number }[] = []
      const asked = { fresh: 0, old: 0 }
      const judge = async (token: string, expMs: number, age: keyof typeof asked): Promise<void> => {
        for (const answer of await Promise.all(places.map(place => place(token)))) {
          // A token that ran out while it was on its way is no valid one.
          if (answer.status !== 200 && Date.now() < expMs)
            refusals.push(`${age}: ${answer.status} ${await answer.text()}`)
          else asked[age] += 1
        }
      }
      const endMs = performance.now() + seconds * 1000
      for (let node = 0; performance.now() < endMs; node++) {
        const answer = await renew(fleet, node, refresh)
        expect(answer.status).toBe(200)
        const body = (await answer.json()) as { access_token: string; refresh_token: string }
        refresh = body.refresh_token
        const { header, payload } = decode(body.access_token, { complete: true }) ?? {}
        kids.add(header?.kid)
        const expMs = Number((payload as { exp: number }).exp) * 1000
        await judge(body.access_token, expMs, 'fresh')
        held.push({ token: body.access_token, expMs })
        while (held[0] !== undefined && held[0].expMs - Date.now() < 700) {
          await judge(held[0].token, held[0].expMs, 'old')
          held.shift()
        }
        await pause(50)
      }
      console.log(
        `rotation for ${seconds} s: ${kids.size} keys signed; asked ${asked.fresh} times with a fresh token ` +
          `and ${asked.old} times with one in its last second; ${refusals.length} refused`,
      )
      expect(refusals).toEqual([])
      expect(kids.size).toBeGreaterThan(seconds / 5)
      expect(asked.old).toBeGreaterThan(0)
    })
  }, 700_000)

  test('hear of a revocation whose transaction commits 20 seconds late, after others that began later', async () => {
    await withFleet(2, {}, async (fleet, url) => {
      const guard = await fleet.startGuard({ node: 1 })
      const places = placesOf(fleet, [guard])
      const [late, ...others] = await signInMany(fleet, 41)
      if (late === undefined) throw new Error('there are 41')
      const { sid } = decode(late.access) as { sid: string }
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        await client.query('BEGIN')
        // As a node writes it, but that nobody is woken.
        await client.query(
          "INSERT INTO revocations (kind, id, expires_at) VALUES ('session', $1, extract(epoch FROM clock_timestamp())::bigint + 9999)",
          [sid],
        )
        const slept = client.query('SELECT pg_sleep(20)')
        // Others begin later and commit at once, and every node reads on past them.
        for (const [at, { access }] of others.entries()) {
          await signOut(fleet, at, access)
          await untilRefused(places, access)
          await expectTaken(places, late.access)
          await pause(400)
        }
        await slept
        const [newest] = await cluster.run('SELECT max(seq) AS seq FROM revocations', url)
        await expectTaken(places, late.access)
        await client.query('COMMIT')
        const committedMs = performance.now()
        await untilRefused(places, late.access)
        console.log(
          `a commit 20 s late, after ${others.length} others: refused everywhere ` +
            `${Math.round(performance.now() - committedMs)} ms after it`,
        )
        // Whoever asked for what came after the newest number would never have seen it.
        expect(await cluster.run(`SELECT id FROM revocations WHERE seq > ${newest?.['seq']}`, url)).toEqual(
          [],
        )
      } finally {
        await client.end()
      }
    })
  }, 120_000)

  // Each node takes tokens of the other, and both guards those of both.
  test('and guards whose clocks are 60 seconds apart refuse no good token, and no revoked one passes', async () => {
    const env = {
      LATCHKEY_CLOCK_TOLERANCE: '60s',
      LATCHKEY_ACCESS_TTL: '8s',
      LATCHKEY_REFRESH_GRACE: '1s',
    }
    await withFleet(2, { env, clockShiftsMs: [0, 60_000] }, async fleet => {
      const guards = await Promise.all(
        [0, 60_000].flatMap(clockShiftMs =>
          [0, 1].map(node => fleet.startGuard({ node, clockShiftMs, clockTolerance: '60s' })),
        ),
      )
      const places = placesOf(fleet, guards)
      let { access, refresh } = await signInOnce(fleet)
      const issued = new Set<boolean>()
      let asked = 0
      for (let round = 0; round < 6; round++) {
        const answer = await renew(fleet, round, refresh)
        expect(answer.status).toBe(200)
        const body = (await answer.json()) as { access_token: string; refresh_token: string }
        access = body.access_token
        refresh = body.refresh_token
        const { exp } = decode(access) as { exp: number }
        issued.add(exp * 1000 - Date.now() > 30_000)
        const endMs = performance.now() + 6_000
        while (performance.now() < endMs) {
          await expectTaken(places, access)
          asked += places.length
          await pause(200)
        }
      }
      // Both nodes have signed, the right one and the one that is ahead.
      expect(issued).toEqual(new Set([false, true]))
      console.log(`clocks 60 s apart: ${asked} requests with good tokens, none refused`)
      await signOut(fleet, 0, access)
      await untilRefused(places, access)
    })
  }, 120_000)
})
