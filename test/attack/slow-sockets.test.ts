// The short form of `npm run test:attack -- slow-sockets`: as many sockets, once. When each is cut is the server's own
// rule and asserted; how fast others are served meanwhile is printed.
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { type Caller, callerAt, signIn } from '../account.ts'
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

test.concurrent('an answer that nobody reads is given up, and its place is free again', async () => {
  const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'error', LATCHKEY_MAX_CONNECTIONS: '1' } })
  const { hostname, port } = new URL(server.url)
  let unread: Socket | undefined
  try {
    const call: Caller = (path, init) =>
      fetch(server.url + path, { ...init, headers: { ...init?.headers, connection: 'close' } })
    const { access_token: token, user } = await signIn(call)
    growHistory(join(server.folder, 'data', 'latchkey.db'), user.id)
    // More than the system's own buffers hold, asked for and never read.
    unread = connect(Number(port), hostname)
      .on('error', () => undefined)
      .pause()
    unread.write(
      `GET /user/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`.repeat(8),
    )
    const isTaken = (): Promise<boolean> =>
      call('/health/live').then(
        () => false,
        () => true,
      )
    await expect.poll(isTaken).toBe(true)
    const sinceMs = performance.now()
    await expect.poll(isTaken, { timeout: 60_000, interval: 500 }).toBe(false)
    console.log(`an answer unread: given up after ${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`)
  } finally {
    unread?.destroy()
    await server.end()
  }
}, 120_000)

/** So much that happened to a user that telling it takes megabytes. */
function growHistory(file: string, userId: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database
    .prepare(
      `WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 9000)
       INSERT INTO audit (at_ms, event, user_id, device) SELECT n, 'login', ?, printf('%0200d', n) FROM many`,
    )
    .run(userId)
  database.close()
}
