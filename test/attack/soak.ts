// Does a server hold more the longer it serves? Mixed requests, and the heap after forced collections before and after.
import { join } from 'node:path'
import { newFolder } from '../server-process.ts'
import { type Heap, heapOf, startReportingServer } from './heap-of-server.ts'
import { MixedLoad, type Visitor } from './mixed-load.ts'

export interface SoakOptions {
  /** Requests before the first look at the heap, and after it. */
  first: number
  second: number
  /** At the most, in the second part. */
  perSecond?: number
  /** Called once a minute of the second part. */
  eachMinute?: (heap: Heap, requests: number) => void
}

export interface SoakReport {
  before: Heap
  after: Heap
  requests: number
  surprises: readonly string[]
  /** What the server wrote: warnings and worse. */
  output: string
  /** How it ended when asked to: an unhandled rejection would have ended it before, with another code. */
  exitCode: number | NodeJS.Signals
}

const visitors = 32
const sockets = 8
/** Twice what the guard's cache of verified tokens holds: its sets are full then, whatever falls into which. */
const cacheFilling = 2 * 16_384

export async function soak({ first, second, perSecond, eachMinute }: SoakOptions): Promise<SoakReport> {
  const socketNames = join(newFolder(), 'heap')
  const server = await startReportingServer(socketNames, {
    LATCHKEY_LIMITS: 'off',
    LATCHKEY_LOG_LEVEL: 'warn',
    LATCHKEY_REFRESH_GRACE: '1s',
  })
  const load = new MixedLoad(server.url, sockets)
  try {
    const people: Visitor[] = []
    for (let number = 0; number < visitors; number++) people.push(await load.visitor(`visitor${number}`))
    // What is kept within a bound is filled to it first: it would look like growth.
    await spread(people, cacheFilling, visitor => load.renewAndShow(visitor))
    await spread(people, first, visitor => load.next(visitor))
    const before = await heapOf(socketNames)

    const startMs = performance.now()
    let toldMinutes = 0
    let sent = 0
    await spread(people, second, async visitor => {
      sent++
      await load.next(visitor)
      const elapsedMs = performance.now() - startMs
      const minutes = Math.floor(elapsedMs / 60_000)
      if (minutes > toldMinutes) {
        toldMinutes = minutes
        eachMinute?.(await heapOf(socketNames), first + sent)
      }
      const aheadMs = perSecond === undefined ? 0 : (sent / perSecond) * 1000 - elapsedMs
      if (aheadMs > 0) await new Promise(resolve => setTimeout(resolve, aheadMs))
    })
    const after = await heapOf(socketNames)
    const exitCode = await server.end()
    const { surprises } = load
    return { before, after, requests: first + second, surprises, output: server.output(), exitCode }
  } finally {
    load.close()
    await server.end()
  }
}

/** Does a thing so many times, each visitor one after the other, some visitors side by side. */
async function spread(
  people: readonly Visitor[],
  times: number,
  run: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  let left = times
  await Promise.all(
    Array.from({ length: sockets }, async (_, lane) => {
      const own = people.filter((_person, at) => at % sockets === lane)
      for (let turn = 0; left > 0; turn++) {
        left--
        const visitor = own[turn % own.length]
        if (visitor !== undefined) await run(visitor)
      }
    }),
  )
}
