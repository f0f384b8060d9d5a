// The short form of `npm run test:attack -- slow-sockets`: as many sockets, once. When each is cut is the server's own
// rule and asserted; how fast others are served meanwhile is printed.
import { expect, test } from 'vitest'
import { callerAt, signIn } from '../account.ts'
import { startServer } from '../server-process.ts'
import { probe, quantile } from './probe.ts'
import { openSlowSockets } from './slow-sockets.ts'

test('a thousand slow sockets are all cut, and everybody else is served meanwhile', async () => {
  const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'error' } })
  try {
    const { access_token: token } = await signIn(callerAt(server.url))
    const slow = openSlowSockets(server.url, 1_000, 60)
    const healthy = await probe(server.url, { path: '/user/data', token, eachMs: 20 }, slow)
    const { closedAfter } = await slow
    console.log(
      `cut after ${closedAfter[0]?.toFixed(1)} to ${closedAfter.at(-1)?.toFixed(1)} s; ` +
        `meanwhile p99 ${quantile(healthy.times, 0.99).toFixed(1)} ms of ${healthy.times.length} answers`,
    )
    expect(closedAfter).toHaveLength(1_000)
    expect(healthy.failures).toBe(0)
  } finally {
    await server.end()
  }
}, 120_000)
