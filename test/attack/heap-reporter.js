// Loaded into a server, and into each of its threads, before anything of its own: tells whoever connects to the socket
// named in HEAP_SOCKETS how much the thread's heap holds when nothing more can be collected. Needs --expose-gc.
import { createServer } from 'node:net'
import { threadId } from 'node:worker_threads'

const mostCollections = 12

const server = createServer(connection => {
  connection.on('error', () => undefined)
  let before = Number.POSITIVE_INFINITY
  let left = mostCollections
  // What weak references and finalisers held goes with a later collection only.
  const collect = () => {
    globalThis.gc()
    const { heapUsed, rss } = process.memoryUsage()
    left--
    if (left === 0 || before - heapUsed < 4_096)
      return connection.end(JSON.stringify({ heapUsed: Math.min(heapUsed, before), rss }))
    before = heapUsed
    setImmediate(collect)
  }
  collect()
})
server.listen(`${process.env.HEAP_SOCKETS}.${threadId}`)
server.unref()
