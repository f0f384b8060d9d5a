// A server in this process, on a real database file of its own, with a clock that tests set.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Caller } from '../../../test/account.ts'
import { type ConfigInput, loadConfig } from '../src/config.ts'
import type { RequestLog } from '../src/http/call.ts'
import type { Connection } from '../src/http/connection.ts'
import { type Latchkey, openLatchkey } from '../src/server.ts'

export interface TestServer {
  latchkey: Latchkey
  call: Caller
  folder: string
  /** Milliseconds since 1970, as the server sees them. */
  time: { nowMs: number }
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-server-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** When what a test opened is closed: when it ends, unless said otherwise. */
export type AtEnd = (close: () => void | Promise<void>) => void

const loopback: Connection = { address: '127.0.0.1', encrypted: false }

export interface TestPlaces {
  folder?: string
  connection?: Connection
  /** When it is, to begin with. */
  nowMs?: number
  log?: RequestLog
  atEnd?: AtEnd
}

/** Opens a server that closes when the test ends, or when `atEnd` says. */
export async function openTestServer(input: ConfigInput = {}, places: TestPlaces = {}): Promise<TestServer> {
  const { connection = loopback, nowMs = Date.UTC(2026, 0, 1), log, atEnd = onTestFinished } = places
  const folder = places.folder ?? temporaryFolder(atEnd)
  const time = { nowMs }
  const { config } = loadConfig({
    env: {},
    input: { databaseUrl: `sqlite:${join(folder, 'latchkey.db')}`, ...input },
  })
  const latchkey = await openLatchkey(config, { clock: () => time.nowMs, ...(log && { log }) })
  atEnd(() => latchkey.close())
  const call: Caller = (path, init) =>
    latchkey.handler(new Request(`http://localhost:4000${path}`, init), connection)
  return { latchkey, call, folder, time }
}
