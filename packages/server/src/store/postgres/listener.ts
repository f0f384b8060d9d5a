// A connection that waits for NOTIFY. When its backend is killed it stays dead: another one takes its place, and the
// reader is woken once, for what was missed meanwhile.
import { randomInt } from 'node:crypto'
import type { Database, PgClient } from './pool.ts'
import { revocationChannel } from './statements.ts'

export interface Listener {
  close(): Promise<void>
}

const againAfterMs = { least: 50, most: 2_000 }
const pulseEachMs = 5_000
const types = { getTypeParser: () => (text: string) => text }

/** Calls `wake` whenever another process may have written a revocation. */
export function startListener(database: Database, wake: () => void): Listener {
  const ending = new AbortController()
  const done = listenUntil(ending.signal, database, wake)
  return {
    close() {
      ending.abort()
      return done
    },
  }
}

async function listenUntil(ending: AbortSignal, database: Database, wake: () => void): Promise<void> {
  let waitMs = againAfterMs.least
  while (!ending.aborted) {
    const heardMs = performance.now()
    await listenOnce(ending, database, wake).catch(() => undefined)
    if (ending.aborted) return
    // A connection that held for a while was good; one that fails at once is tried less and less often.
    waitMs = performance.now() - heardMs > againAfterMs.most ? againAfterMs.least : waitMs * 2
    await pause(Math.min(waitMs, againAfterMs.most) * (0.5 + randomInt(1_000) / 1_000), ending)
  }
}

/** Listens on one connection until it is lost or the listener ends. */
async function listenOnce(ending: AbortSignal, database: Database, wake: () => void): Promise<void> {
  const client = await database.connect()
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('notification', wake)
  try {
    await client.query({ text: `LISTEN ${revocationChannel}`, types })
    wake()
    await pulse(client, AbortSignal.any([ending, lost.signal]))
  } finally {
    client.removeAllListeners('notification')
    // A connection that listens is nobody else's: it ends here.
    client.release(true)
  }
}

/** A question now and then: a network that swallows everything tells nobody that the connection is dead. */
async function pulse(client: PgClient, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    await pause(pulseEachMs, end)
    if (!end.aborted) await client.query({ text: 'SELECT 1', types })
  }
}

function pause(ms: number, end: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (end.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      end.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms).unref()
    end.addEventListener('abort', over)
  })
}
