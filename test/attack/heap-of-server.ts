// How much the heaps of a server's threads hold, asked through test/attack/heap-reporter.js.
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverProgram, startServer } from '../server-process.ts'

export interface Heap {
  /** Of all threads together, after a forced collection. */
  heapBytes: number
  /** What the process takes of the machine. */
  residentBytes: number
}

const reporter = fileURLToPath(new URL('heap-reporter.js', import.meta.url))

/** Starts a server that tells its heap. `sockets`: a path that the names of its threads' sockets begin with. */
export function startReportingServer(sockets: string, env: Record<string, string>) {
  return startServer({
    env: { ...env, HEAP_SOCKETS: sockets },
    program: ['--expose-gc', '--import', reporter, serverProgram, 'serve'],
  })
}

export async function heapOf(sockets: string): Promise<Heap> {
  const names = readdirSync(dirname(sockets)).filter(name => name.startsWith(`${basename(sockets)}.`))
  const threads = await Promise.all(names.map(name => askThread(join(dirname(sockets), name))))
  return {
    heapBytes: threads.reduce((sum, { heapUsed }) => sum + heapUsed, 0),
    residentBytes: Math.max(...threads.map(({ rss }) => rss)),
  }
}

async function askThread(path: string): Promise<{ heapUsed: number; rss: number }> {
  const socket = connect(path)
  let text = ''
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  await once(socket, 'end')
  // What heap-reporter.js writes.
  return JSON.parse(text) as { heapUsed: number; rss: number }
}
