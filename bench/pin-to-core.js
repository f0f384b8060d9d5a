// Holds a process to one core where the system can, so that threads and caches do not move while they are measured,
// and a server and its load do not share one.
import { spawnSync } from 'node:child_process'

/** The cores that this process may use, lowest first; empty where that cannot be known. */
export function usableCores() {
  if (process.platform !== 'linux') return []
  const asked = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' })
  const list = asked.status === 0 ? (/:\s*([\d,-]+)\s*$/.exec(asked.stdout)?.[1] ?? '') : ''
  return list.split(',').flatMap(part => {
    const [first, last = first] = part.split('-').map(Number)
    return part === '' ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}

/** Pins every thread of this process, and those that it will start. False where it cannot. */
export function pinTo(core) {
  return spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]).status === 0
}

/** Pins this process to the last core it may use. */
export function pinToCore() {
  const core = usableCores().at(-1)
  return core !== undefined && pinTo(core)
}
