// Signing keys over months on a clock that the test sets: two nodes on one PostgreSQL, and verifiers that keep the
// published keys for as long as they may.
import { createKey, createVerifier, type Jwk, keyring } from 'latchkey'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../../test/nodes/postgres-cluster.ts'
import { openKeyRing } from '../../src/auth/key-ring.ts'
import { deriveMasterKey } from '../../src/auth/master-key.ts'
import { openPostgres } from '../../src/store/postgres/engine.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster.stop())

const hour = 3_600
const day = 24 * hour
const defaults = { rotationSeconds: 90 * day, jwksMaxAgeSeconds: 300, accessLifetimeSeconds: hour }

test('three rotations at the defaults refuse no token that is valid, at a verifier with the oldest set it may keep', async () => {
  const url = await cluster.createDatabase()
  const start = Date.UTC(2026, 0, 1) / 1000
  const time = { now: start }
  const openNode = async () => {
    const store = await openPostgres({ url, clock: 'given' })
    onTestFinished(() => store.close())
    const [master] = (await store.claimMasterKeys([Buffer.alloc(32, 1)])) ?? []
    return openKeyRing({
      store,
      master: { ...deriveMasterKey(Buffer.alloc(32, 1)), version: master?.version ?? 0 },
      alg: 'ES256',
      jwtSecret: undefined,
      clock: () => time.now * 1000,
      ...defaults,
    })
  }
  const nodes = [await openNode(), await openNode()]

  /** What was published when, the newest last. */
  const published: { at: number; keys: readonly object[] }[] = []
  const tokens: { text: string; kid: unknown; exp: number }[] = []
  const kids = new Set<unknown>()
  /** When the key that signs now began to. */
  let since = start
  let checked = 0

  const step = async (seconds: number): Promise<void> => {
    time.now += seconds
    // One node sees what is due a little later than the other, and signs with what it knows.
    const [first, second] = published.length % 2 === 0 ? nodes : nodes.toReversed()
    await first?.tend()
    for (const node of nodes) {
      const exp = time.now + defaults.accessLifetimeSeconds
      const text = node.sign({ iss: 'https://login.example', sub: 'ada', iat: time.now, exp })
      const { kid } = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString())
      if (!kids.has(kid)) since = time.now
      kids.add(kid)
      tokens.push({ text, kid, exp })
    }
    await second?.tend()
    published.push({ at: time.now, keys: nodes[0]?.publish().keys ?? [] })
    while (tokens[0] !== undefined && tokens[0].exp <= time.now) tokens.shift()

    const oldest = published.findLast(set => set.at <= time.now - defaults.jwksMaxAgeSeconds)
    if (oldest === undefined) return
    const known = oldest.keys.map(key => (key as { kid: string }).kid)
    expect(tokens.filter(token => !known.includes(String(token.kid)))).toEqual([])
    const verifier = createVerifier({
      keys: keyring(oldest.keys.map(jwk => createKey({ jwk: jwk as Jwk }))),
      clock: () => time.now * 1000,
      cache: false,
    })
    for (const token of [tokens[0], tokens.at(-1)]) {
      if (token === undefined) continue
      verifier(token.text)
      checked += 1
    }
  }

  await step(0)
  for (let rotation = 1; rotation <= 3; rotation++) {
    // Far from a rotation in steps of days, around it in steps of a minute, until every token of the old key is dead.
    const due = since + defaults.rotationSeconds
    while (time.now < due - hour) await step(Math.min(9 * day, due - hour - time.now))
    while (kids.size === rotation) await step(60)
    for (let i = 0; i < 150; i++) await step(60)
  }
  expect(kids.size).toBe(4)
  expect(checked).toBeGreaterThan(1_000)
}, 120_000)
