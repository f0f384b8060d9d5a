// One session used by many at once over several nodes, and nodes that start together.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fleet, signInMany, startFleet } from './fleet.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
}, 120_000)
afterAll(() => cluster?.stop())

async function withFleet(count: number, story: (fleet: Fleet, url: string) => Promise<void>): Promise<void> {
  const url = await cluster.createDatabase()
  const fleet = await startFleet(url, count)
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
    await withFleet(3, async fleet => {
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
    await withFleet(3, async (fleet, url) => {
      const states = await cluster.run('SELECT state FROM signing_keys ORDER BY state', url)
      expect(states).toEqual([{ state: 'active' }, { state: 'next' }])
      const sets = await Promise.all(
        [0, 1, 2].map(async node => (await fleet.call(node)('/.well-known/jwks.json')).json()),
      )
      expect(sets[1]).toEqual(sets[0])
      expect(sets[2]).toEqual(sets[0])
    })
  }, 60_000)
})
