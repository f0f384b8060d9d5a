// The built server as a child process with faults in it: it can be told where to die, and what time it is.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Caller, callerAt } from '../account.ts'
import { cleanEnvironment, serverProgram } from '../server-process.ts'
import { type FaultOrder, type FaultPoint, hitMark } from './fault-points.ts'

const injection = fileURLToPath(new URL('./fault-injection.ts', import.meta.url))

export interface FaultyServer {
  call: Caller
  order(order: FaultOrder): Promise<void>
  kill(): void
  /** Settles when the process has ended, with the point it died at; undefined when it was killed from outside. */
  ended: Promise<FaultPoint | undefined>
}

export interface FaultyServerOptions {
  folder: string
  port: number
  env: Record<string, string>
  clockAheadMs: number
}

export async function startFaultyServer(options: FaultyServerOptions): Promise<FaultyServer> {
  const child = spawn(process.execPath, ['--import', injection, serverProgram, 'serve'], {
    cwd: options.folder,
    env: cleanEnvironment({
      ...options.env,
      LATCHKEY_PORT: String(options.port),
      FAULT_CLOCK_AHEAD_MS: String(options.clockAheadMs),
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const ended = once(child, 'close').then(() => {
    const [, point] = new RegExp(`${hitMark}(.+)`).exec(output) ?? []
    // The injection writes names of points only.
    return point as FaultPoint | undefined
  })
  const url = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      const [, found] = /running on (\S+)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    ended.then(() => reject(new Error(`the server ended: ${output}`)))
  })
  return {
    call: callerAt(url),
    order: order => send(child, order, ended),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}

async function send(child: ChildProcess, order: FaultOrder, ended: Promise<unknown>): Promise<void> {
  // A server that died meanwhile obeys nothing any more.
  if (!child.connected) return
  const obeyed = once(child, 'message')
  child.send(order, () => undefined)
  await Promise.race([obeyed, ended])
}
