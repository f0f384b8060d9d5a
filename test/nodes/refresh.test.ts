// One session used by many at once over several nodes; keys that move on under load; clocks that differ.
import { decode } from 'latchkey'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer } from '../account.ts'
import { type Fleet, signInMany, startFleet } from './fleet.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
}, 120_000)
afterAll(() => cluster?.stop())

async function withFleet(
  count: number,
  env: Record<string, string>,
  story: (fleet: Fleet, url: string) => Promise<void>,
): Promise<void> {
  const url = await cluster.createDatabase()
  const fleet = await startFleet(url, count, env)
  try {
    await story(fleet, url)
  } finally {
    await fleet.close()
  }
}

const renew = (fleet: Fleet, node: number, token: string): Promise<Response> =>
  fleet.call(node)('/user/refresh', { method: 'POST', body: new URLSearchParams({ refresh_token: token }) })

describe('three nodes', () => {
  test('[S94] a thousand uses of one refresh token at once give one successor, which lives', async () => {
    await withFleet(3, {}, async fleet => {
      const [{ refresh } = { refresh: '' }] = await signInMany(fleet, 1)
      const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => renew(fleet, i, refresh)))
      const bodies = await Promise.all(answers.map(answer => answer.json()))
      expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200]))
      const successors = new Set((bodies as { refresh_token: string }[]).map(body => body.refresh_token))
      expect(successors.size).toBe(1)
      const [successor = ''] = successors
      expect(successor).not.toBe(refresh)
      expect((await renew(fleet, 1, successor)).status).toBe(200)
    })
  }, 120_000)

  test('that start together make one key that signs and one that waits', async () => {
    await withFleet(3, {}, async (fleet, url) => {
      const states = await cluster.run('SELECT state FROM signing_keys ORDER BY state', url)
      expect(states).toEqual([{ state: 'active' }, { state: 'next' }])
      const sets = await Promise.all(
        [0, 1, 2].map(async node => (await fleet.call(node)('/.well-known/jwks.json')).json()),
      )
      expect(sets[1]).toEqual(sets[0])
      expect(sets[2]).toEqual(sets[0])
    })
  }, 60_000)

  test('rotate their key every two seconds, and no valid token is refused anywhere', async () => {
    const seconds = process.env['LATCHKEY_MEASURE'] === '1' ? 600 : 15
    const env = { LATCHKEY_KEY_ROTATION: '2s', LATCHKEY_JWKS_MAX_AGE: '1s', LATCHKEY_ACCESS_TTL: '5s' }
    await withFleet(3, { ...env, LATCHKEY_REFRESH_GRACE: '1s' }, async fleet => {
      const guards = await Promise.all([0, 1].map(node => fleet.startGuard({ node })))
      let [{ access, refresh } = { access: '', refresh: '' }] = await signInMany(fleet, 1)
      const kids = new Set<unknown>()
      const refusals: string[] = []
      let asked = 0
      const endMs = performance.now() + seconds * 1000
      for (let node = 0; performance.now() < endMs; node++) {
        const answer = await renew(fleet, node, refresh)
        expect(answer.status).toBe(200)
        const body = (await answer.json()) as { access_token: string; refresh_token: string }
        access = body.access_token
        refresh = body.refresh_token
        const { header, payload } = decode(access, { complete: true }) ?? {}
        kids.add(header?.kid)
        const places = [0, 1, 2].map(at => fleet.call(at)('/user/data', bearer(access)))
        places.push(...guards.map(guard => guard.call('/', bearer(access))))
        for (const place of await Promise.all(places)) {
          asked += 1
          // A token that ran out while it was on its way is no valid one.
          const isOver = Date.now() / 1000 >= Number((payload as { exp: number }).exp)
          if (place.status !== 200 && !isOver) refusals.push(`${place.status} ${await place.text()}`)
        }
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      console.log(`${kids.size} keys signed, ${asked} guarded requests`)
      expect(refusals).toEqual([])
      expect(kids.size).toBeGreaterThan(2)
    })
  }, 700_000)
})

describe('a guard whose clock differs by a minute', () => {
  test.each([
    ['behind', -59_000],
    ['ahead', 59_000],
  ])(
    'and is %s refuses no good token when it tolerates that',
    async (_, clockSkewMs) => {
      await withFleet(1, {}, async fleet => {
        const guard = await fleet.startGuard({ clockSkewMs, clockTolerance: '60s' })
        const [{ access } = { access: '' }] = await signInMany(fleet, 1)
        expect((await guard.call('/', bearer(access))).status).toBe(200)
        await fleet.call(0)('/user/logout', { method: 'POST', ...bearer(access) })
        await expect
          .poll(async () => (await guard.call('/', bearer(access))).status, { timeout: 10_000 })
          .toBe(401)
      })
    },
    60_000,
  )
})
