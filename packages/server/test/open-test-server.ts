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

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-server-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const loopback: Connection = { address: '127.0.0.1', encrypted: false }

export interface TestPlaces {
  folder?: string
  connection?: Connection
  /** When it is, to begin with. */
  nowMs?: number
  log?: RequestLog
}

/** Opens a server that closes when the test ends. */
export async function openTestServer(
  input: ConfigInput = {},
  { folder = temporaryFolder(), connection = loopback, nowMs = Date.UTC(2026, 0, 1), log }: TestPlaces = {},
): Promise<TestServer> {
  const time = { nowMs }
  const { config } = loadConfig({
    env: {},
    input: { databaseUrl: `sqlite:${join(folder, 'latchkey.db')}`, ...input },
  })
  const latchkey = await openLatchkey(config, { clock: () => time.nowMs, ...(log && { log }) })
  onTestFinished(() => latchkey.close())
  const call: Caller = (path, init) =>
    latchkey.handler(new Request(`http://localhost:4000${path}`, init), connection)
  return { latchkey, call, folder, time }
}
