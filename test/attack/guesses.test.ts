// Guesses at passwords over real sockets: headers that lie about where they come from, and many at once over two
// processes on one database.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, type Caller, callerAt, post, refusal, tokens } from '../account.ts'
import { type PostgresCluster, startPostgres } from '../nodes/postgres-cluster.ts'
import { newFolder, type ServerProcess, startServer } from '../server-process.ts'

const hashed = '403 invalid_credentials'
const refused = '429 rate_limited'
const free = 10
const ofAddress = 100

/** Makes guesses, so many at a time, and counts the answers. */
async function guessAll(
  count: number,
  atOnce: number,
  guess: (i: number) => Promise<Response>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  let next = 0
  const guesser = async (): Promise<void> => {
    while (next < count) {
      const answer = await refusal(await guess(next++))
      counts[answer] = (counts[answer] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, guesser))
  return counts
}

/** Every header that some proxy says where a caller comes from by, and one that says who it is; each time another. */
function lies(i: number): Record<string, string> {
  const address = `198.51.${i >> 8}.${i & 255}`
  return {
    'x-forwarded-for': `${address}, 127.0.0.1`,
    forwarded: `for=${address};proto=https`,
    'x-real-ip': address,
    'true-client-ip': address,
    'cf-connecting-ip': address,
    'x-client-ip': address,
    'x-forwarded-host': `host-${i}.example`,
    'x-user': 'ada',
    'x-forwarded-user': 'ada',
  }
}

describe('a thousand guesses with a thousand forged headers', () => {
  let server: ServerProcess
  let call: Caller
  beforeAll(async () => {
    server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'error' } })
    call = callerAt(server.url)
    await post(call, '/user/register', ada)
  })
  afterAll(() => server.end())

  test('[S113] [S91] at as many names: none beyond the limit of the one address that they come from', async () => {
    const startMs = performance.now()
    const counts = await guessAll(1_000, 8, i =>
      post(call, '/user/login', { username: `nobody-${i}`, password: 'a guess' }, lies(i)),
    )
    // One more each nine seconds, by the limiter's own clock.
    const most = ofAddress + Math.ceil((performance.now() - startMs) / 9_000)
    expect(counts[hashed]).toBeGreaterThanOrEqual(ofAddress)
    expect(counts[hashed]).toBeLessThanOrEqual(most)
    expect(counts[refused]).toBe(1_000 - (counts[hashed] ?? 0))
  })

  test('[S113] through a proxy that is trusted: what stands left of its own hop is the caller’s word', async () => {
    const proxied = await startServer({
      env: { LATCHKEY_LOG_LEVEL: 'error', LATCHKEY_TRUST_PROXY: '1', LATCHKEY_PORT: '0' },
    })
    try {
      const counts = await guessAll(300, 8, i =>
        post(
          callerAt(proxied.url),
          '/user/login',
          { username: `nobody-${i}`, password: 'a guess' },
          { 'x-forwarded-for': `198.51.100.${i & 255}, 203.0.113.7`, 'x-forwarded-proto': 'https' },
        ),
      )
      expect(counts[hashed]).toBeGreaterThanOrEqual(ofAddress)
      expect(counts[hashed]).toBeLessThan(2 * ofAddress)
      const other = await post(
        callerAt(proxied.url),
        '/user/login',
        { username: 'nobody', password: 'a guess' },
        { 'x-forwarded-for': '203.0.113.7, 203.0.113.8', 'x-forwarded-proto': 'https' },
      )
      expect(await refusal(other)).toBe(hashed)
    } finally {
      await proxied.end()
    }
  })
})

const sharedKey = { LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64url'), LATCHKEY_LOG_LEVEL: 'error' }
const engines = {
  'one SQLite file': async () => ({
    url: `sqlite:${newFolder()}/latchkey.db`,
    end: async () => undefined,
  }),
  'one PostgreSQL': async () => {
    const cluster: PostgresCluster = await startPostgres()
    return { url: await cluster.createDatabase(), end: () => cluster.stop() }
  },
}

describe.each(Object.entries(engines))('500 guesses at once over two processes on %s', (_name, open) => {
  let database: Awaited<ReturnType<typeof open>>
  let servers: ServerProcess[]
  const call = (i: number): Caller => callerAt(servers[i % servers.length]?.url ?? '')
  beforeAll(async () => {
    database = await open()
    const env = {
      ...sharedKey,
      LATCHKEY_DATABASE_URL: database.url,
      LATCHKEY_ISSUER: 'http://localhost:4000',
    }
    servers = [await startServer({ env }), await startServer({ env })]
    await post(call(0), '/user/register', ada)
  }, 60_000)
  afterAll(async () => {
    await Promise.all(servers.map(server => server.end('SIGKILL')))
    await database.end()
  })

  test('[S112] [S114] never cost more hashes than are free, and the owner’s device gets in', async () => {
    const first = await tokens(await post(call(0), '/user/login', ada))
    // The field that a known device is told by.
    const { device_token } = first as typeof first & { device_token: string }
    const spellings = ['ada', 'ADA', 'Ada', 'ａｄａ', ' ada']
    const startMs = performance.now()
    const counts = await guessAll(500, 500, i =>
      post(call(i), '/user/login', { username: spellings[i % spellings.length], password: `guess ${i}` }),
    )
    // Waits double from one second on: where the guesses took long, so many more were allowed.
    const seconds = (performance.now() - startMs) / 1000
    expect(counts[hashed]).toBeGreaterThanOrEqual(free)
    expect(counts[hashed]).toBeLessThanOrEqual(free + Math.floor(Math.log2(seconds + 1)))
    // Two limits refuse with the same answer: the account's, shared, and that of the address at each node.
    expect(counts[refused]).toBe(500 - (counts[hashed] ?? 0))
    await tokens(await post(call(1), '/user/login', { ...ada, device_token }))
  })
})
