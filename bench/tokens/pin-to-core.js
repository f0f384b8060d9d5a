// Holds this process to one core where the system can, so that threads and caches do not move while they are measured.
import { spawnSync } from 'node:child_process'

/** Pins every thread of this process, and those that it will start, to the last core it may use. False where it cannot. */
export function pinToCore() {
  if (process.platform !== 'linux') return false
  const pid = String(process.pid)
  const asked = spawnSync('taskset', ['-c', '-p', pid], { encoding: 'utf8' })
  const core = asked.status === 0 ? /(\d+)\s*$/.exec(asked.stdout)?.[1] : undefined
  return core !== undefined && spawnSync('taskset', ['-a', '-c', '-p', core, pid]).status === 0
}
