// Programs on cores of their own, so that a server and its load do not share one where there are two.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** A core for the server and one for whoever loads it; none where there is only one, or it cannot be known. */
export function separateCores(): { serverCore: number | undefined; loadCore: number | undefined } {
  const [serverCore, loadCore] = usableCores()
  return loadCore === undefined ? { serverCore: undefined, loadCore } : { serverCore, loadCore }
}

/** Runs a program to its end and reads what it wrote. */
export async function runJson<T>([program = '', ...args]: readonly string[]): Promise<T> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ').slice(0, 200)} ended with ${code}`)
  return JSON.parse(text) as T
}

/** What to put in front of a program so that it stays on a core. */
export function pinned(core: number | undefined): string[] {
  return core === undefined ? [] : ['taskset', '-c', String(core)]
}

/** The cores that this process may use; empty where that cannot be known. */
function usableCores(): number[] {
  if (process.platform !== 'linux') return []
  const asked = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' })
  const list = asked.status === 0 ? (/:\s*([\d,-]+)\s*$/.exec(asked.stdout)?.[1] ?? '') : ''
  return list.split(',').flatMap(part => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return part === '' ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}
