// The short form of `npm run test:attack -- slow-sockets`: as many sockets, once. When each is cut is the server's own
// rule and asserted; how fast others are served meanwhile is printed.
import { expect, test } from 'vitest'
import { callerAt, signIn } from '../account.ts'
import { certificate } from '../certificate.ts'
import { newFolder, startServer } from '../server-process.ts'
import { probe, quantile } from './probe.ts'
import { openSlowHandshakes } from './slow-handshakes.ts'
import { openSlowSockets } from './slow-sockets.ts'

// They wait at the same time.
test.concurrent('a thousand slow sockets are all cut, and everybody else is served meanwhile', async () => {
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

test.concurrent('a TLS handshake that does not finish is cut, and so is a finished one that asks nothing', async () => {
  const server = await startServer({
    env: { LATCHKEY_LOG_LEVEL: 'error', ...(await certificate(newFolder())) },
  })
  try {
    expect(server.url).toMatch(/^https:/)
    const figures = await openSlowHandshakes(server.url, 60)
    for (const [kind, seconds] of Object.entries(figures)) {
      console.log(`${kind}: cut after ${seconds?.toFixed(1)} s`)
      expect(seconds, kind).toBeDefined()
    }
  } finally {
    await server.end()
  }
}, 120_000)
