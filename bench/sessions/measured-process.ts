// A server in a process of its own: its address, its processor time by thread from /proc, its event loop's delay.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const meter = fileURLToPath(new URL('./meter.ts', import.meta.url))
/** What Linux counts processor time in. */
const ticksPerSecond = 100

export interface CpuMs {
  all: number
  /** Of threads that lowered their priority: those that hash. */
  hashing: number
}

export interface MeasuredProcess {
  url: string
  pid: number
  cpu(): CpuMs
  resetDelay(): Promise<void>
  delayP99Ms(): Promise<number>
  /** Sends the program a message and gives its answer. */
  ask(question: unknown): Promise<unknown>
  end(): Promise<void>
}

export interface MeasuredProgram {
  program: readonly string[]
  cwd: string
  env?: Record<string, string>
}

/** Starts a program that prints `running on <url>`. */
export async function startMeasured({ program, cwd, env = {} }: MeasuredProgram): Promise<MeasuredProcess> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LATCHKEY_|npm_)/.test(name)),
  )
  const child = spawn(process.execPath, ['--import', meter, ...program], {
    cwd,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      const [, found] = /running on (\S+)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('close', code => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    cpu: () => cpuOf(pid),
    ask: question => ask(child, question),
    resetDelay: async () => void (await ask(child, 'reset')),
    delayP99Ms: async () => {
      // What meter.ts answers.
      const { p99Ms } = (await ask(child, 'read')) as { p99Ms: number }
      return p99Ms
    },
    async end() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
    },
  }
}

async function ask(child: ChildProcess, question: unknown): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(question as string)
  const [message] = await answer
  return message
}

/** Fields 14, 15 and 19 of proc_pid_stat(5): time in user and kernel mode, and the nice value. */
function cpuOf(pid: number): CpuMs {
  const sum = { all: 0, hashing: 0 }
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const text = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')
    // The name in brackets may hold spaces: fields are counted from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const milliseconds = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
    sum.all += milliseconds
    if (Number(fields[16]) > 0) sum.hashing += milliseconds
  }
  return sum
}
