// What a thousand guards cost a server: memory and CPU for each, and how late they hear. One server's feed in this
// process, its listeners in another one. Run: node --expose-gc test/nodes/measure-feed.js [listeners]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const listeners = Number(process.argv[2] ?? 1_000)
const events = 50

if (process.send === undefined) await serve()
else process.once('message', listen)

async function serve() {
  const { openRevocationStream } = await import('../../packages/server/dist/http/revocation-stream.js')
  const { openRevocations } = await import('../../packages/server/dist/auth/revocations.js')
  const { openStore } = await import('../../packages/server/dist/store/open.js')
  const { nodeListener } = await import('../../packages/server/dist/mount/listener.js')
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-feed-'))
  const store = await openStore(`sqlite:${join(folder, 'latchkey.db')}`)
  const revocations = await openRevocations(store, Date.now)
  const stream = openRevocationStream(revocations, Date.now)
  const open = async () =>
    new Response(
      stream.open({ lastEventId: undefined, compressed: false, tokenIds: [], expiresAtMs: Infinity }),
      { headers: { 'content-type': 'text/event-stream' } },
    )
  const server = createServer(nodeListener(open))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const rss = () => {
    globalThis.gc?.()
    return process.memoryUsage().rss
  }
  const before = rss()
  const child = fork(fileURLToPath(import.meta.url), [String(listeners)])
  const told = () => once(child, 'message').then(([message]) => message)
  child.send({ port: server.address().port })
  await told()
  const held = (rss() - before) / listeners

  const lags = []
  const start = process.cpuUsage()
  for (let i = 0; i < events; i++) {
    const heard = told()
    const atMs = Date.now()
    revocations.apply([{ kind: 'token', id: `event-${i}`, expiresAt: 4_000_000_000 }])
    const { atMs: last } = await heard
    lags.push(last - atMs)
  }
  const { user, system } = process.cpuUsage(start)
  lags.sort((a, b) => a - b)
  console.log(`${listeners} listeners: ${(held / 1024).toFixed(1)} KiB each`)
  console.log(`an event: ${((user + system) / 1000 / events).toFixed(1)} ms of CPU for all of them`)
  console.log(
    `the last one hears after p50 ${lags[events >> 1]} ms, most ${lags.at(-1)} ms (50 of them collecting)`,
  )
  child.kill()
  stream.close()
  server.closeAllConnections()
  server.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}

function listen({ port }) {
  let ready = 0
  const heard = new Map()
  const hear = text => {
    if (text.includes('event: complete') && ++ready === listeners) process.send({ ready })
    for (const [id] of text.matchAll(/event-\d+/g)) {
      const count = (heard.get(id) ?? 0) + 1
      heard.set(id, count)
      if (count === listeners) process.send({ atMs: Date.now() })
    }
  }
  for (let i = 0; i < listeners; i++)
    request({ port, host: '127.0.0.1', agent: false }, response =>
      response.setEncoding('utf8').on('data', hear),
    ).end()
}
