// Starts the real server as a child process in a folder of its own, on a port that is free.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

export const serverProgram = fileURLToPath(new URL('../packages/server/dist/cli/main.js', import.meta.url))

export interface ServerProcess {
  url: string
  folder: string
  pid: number
  /** Everything it wrote so far, both streams. */
  output(): string
  /** Sends a signal and waits for the end: the exit code, or the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

export interface StartOptions {
  env?: Record<string, string>
  folder?: string
  program?: string[]
  /** A command that runs the one that follows it. */
  launcher?: string[]
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A new folder that is removed when the process ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-flow-'))
  folders.push(folder)
  return folder
}

/** This process's environment without settings of its own, and without what makes npm and Vitest speak up in a child. */
export function cleanEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(LATCHKEY_|VITEST|NODE_ENV|NODE_OPTIONS|npm_)/.test(name),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...more }
}

/** Starts the server and waits for its address; throws with its output when it ends instead. */
export async function startServer(options: StartOptions = {}): Promise<ServerProcess> {
  const folder = options.folder ?? newFolder()
  // Servers that share an issuer announce that one: each is reached at its own port.
  const port = options.env?.['LATCHKEY_ISSUER'] === undefined ? 0 : await freePort()
  const command = [
    ...(options.launcher ?? []),
    process.execPath,
    ...(options.program ?? [serverProgram, 'serve']),
  ]
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: folder,
    env: cleanEnvironment({ LATCHKEY_PORT: String(port), ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const announced = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      const [, found] = /running on (\S+)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('close', code => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
  const url = port === 0 ? announced : `http://127.0.0.1:${port}`
  return { url, folder, pid: child.pid ?? 0, output: () => output, end: signal => endChild(child, signal) }
}

async function endChild(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<number | NodeJS.Signals> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close')
    child.kill(signal)
    await closed
  }
  return child.exitCode ?? child.signalCode ?? 0
}

/** Runs a command to its end; `input` is what it reads on stdin. */
export async function run(
  command: string,
  args: readonly string[],
  { input, ...options }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  // Who reads none of it may end before it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
