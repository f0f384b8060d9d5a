// Takes the samples of one row: the server on one core, the sampler, a program of its own, on another.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { newFolder, type ServerProcess, serverProgram, startServer } from '../../server-process.ts'
import { type Cast, makeCast, type Row } from './comparisons.ts'
import type { Comparison, Times } from './sampler.ts'
import { welchT } from './welch.ts'

const sampler = fileURLToPath(new URL('sampler.ts', import.meta.url))
const flaw = fileURLToPath(new URL('early-return.js', import.meta.url))
/** Linux can keep the two apart; elsewhere they share what there is. */
const canPin = process.platform === 'linux' && availableParallelism() > 1
const onCore = (core: number): string[] => (canPin ? ['taskset', '-c', String(core)] : [])

export interface Subject extends ServerProcess {
  cast: Cast
}

/** A server with its accounts; with `flawed`, whoever is unknown is answered before any work. */
export async function startSubject(kind: 'real' | 'flawed'): Promise<Subject> {
  const server = await startServer({
    env: { LATCHKEY_LIMITS: 'off', LATCHKEY_LOG_LEVEL: 'warn' },
    launcher: onCore(1),
    program: [...(kind === 'flawed' ? ['--import', flaw] : []), serverProgram, 'serve'],
  })
  return { ...server, cast: await makeCast(server) }
}

const run = promisify(execFile)

export interface Measured {
  t: number
  /** Median milliseconds. */
  known: number
  unknown: number
}

let nextNumber = 1_000_000

export async function measure(
  { url, cast }: Subject,
  row: Row,
  { samples, warmUp }: Pick<Comparison, 'samples' | 'warmUp'>,
): Promise<Measured> {
  const comparison: Comparison = {
    url,
    samples,
    warmUp,
    from: nextNumber,
    status: row.status,
    known: row.known(cast),
    unknown: row.unknown(cast),
  }
  nextNumber += 2 * (samples + warmUp)
  const file = join(newFolder(), 'comparison.json')
  writeFileSync(file, JSON.stringify(comparison))
  const [program = '', ...args] = [...onCore(0), process.execPath, sampler, file]
  const { stdout } = await run(program, args, { maxBuffer: 64 * 1024 * 1024 })
  // What sampler.ts prints.
  const times = JSON.parse(stdout) as Times
  return { t: welchT(times), known: medianOf(times.known), unknown: medianOf(times.unknown) }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
