// Runs cases of the fuzz targets and counts how they ended. Cases are numbered: a seed and a number are a case.
import { makePairs } from './material.ts'
import { Random } from './random.ts'
import { Finding, type Target, type TargetTable, targets } from './targets.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly runs: number
  /** The first case; with `runs` 1 it is the only one. */
  readonly from?: number
  /** Only this target. */
  readonly target?: string | undefined
  /** What is fuzzed; the engine's own targets unless given. */
  readonly table?: TargetTable
  /** Called now and then. False ends the run early. */
  readonly goesOn?: (runs: number) => boolean
}

export interface Found {
  readonly target: string
  readonly caseNumber: number
  readonly message: string
  readonly input: unknown
  readonly cause: unknown
}

export interface FuzzReport {
  readonly seed: number
  readonly runs: number
  /** Target → outcome → how often. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly findings: readonly Found[]
}

/** Runs the cases. Stops at the hundredth finding. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, runs, from = 0, target, table = targets, goesOn } = options
  const pairs = await makePairs()
  const chosen = table.filter(([name]) => target === undefined || name === target)
  if (chosen.length === 0)
    throw new TypeError(`there is no target ${target}; there are ${table.map(([name]) => name).join(', ')}`)
  const places = chosen.flatMap(([name, share, run]) =>
    new Array<readonly [string, Target]>(share).fill([name, run]),
  )
  const counts: Record<string, Record<string, number>> = Object.fromEntries(
    chosen.map(([name]) => [name, {}]),
  )
  const findings: Found[] = []
  let done = 0
  while (done < runs && findings.length < 100) {
    const caseNumber = from + done
    const random = new Random(seed, caseNumber)
    const [name, run] = random.of(places)
    const ended = await runCase(() => run(random, pairs))
    if (typeof ended !== 'string') findings.push({ target: name, caseNumber, ...ended })
    const outcome = typeof ended === 'string' ? ended : 'FOUND'
    const ofTarget = counts[name] ?? {}
    ofTarget[outcome] = (ofTarget[outcome] ?? 0) + 1
    done++
    if (done % 4096 === 0 && goesOn?.(done) === false) break
  }
  return { seed, runs: done, counts, findings }
}

async function runCase(
  run: () => string | Promise<string>,
): Promise<string | Omit<Found, 'target' | 'caseNumber'>> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Finding) return { message: error.message, input: error.input, cause: error.cause }
    return { message: 'an error that nobody expected', input: undefined, cause: error }
  }
}
