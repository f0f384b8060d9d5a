// Runs cases of the fuzz targets and counts how they ended. Cases are numbered: a seed and a number are a case.
import { makePairs } from './material.ts'
import { Random } from './random.ts'
import { Finding, type Target, targets } from './targets.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly runs: number
  /** The first case; with `runs` 1 it is the only one. */
  readonly from?: number
  /** Only this target. */
  readonly target?: string | undefined
  /** Called now and then. */
  readonly onProgress?: (runs: number) => void
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
export async function fuzz({ seed, runs, from = 0, target, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const pairs = await makePairs()
  const chosen = targets.filter(([name]) => target === undefined || name === target)
  if (chosen.length === 0)
    throw new TypeError(`there is no target ${target}; there are ${targets.map(([name]) => name).join(', ')}`)
  const table = chosen.flatMap(([name, share, run]) =>
    new Array<readonly [string, Target]>(share).fill([name, run]),
  )
  const counts: Record<string, Record<string, number>> = Object.fromEntries(
    chosen.map(([name]) => [name, {}]),
  )
  const findings: Found[] = []
  let done = 0
  for (; done < runs && findings.length < 100; done++) {
    const random = new Random(seed, from + done)
    const [name, run] = random.of(table)
    let outcome: string
    try {
      const ended = run(random, pairs)
      outcome = typeof ended === 'string' ? ended : await ended
    } catch (error) {
      outcome = 'FOUND'
      const { message, cause } = error instanceof Error ? error : new Error(String(error))
      findings.push({
        target: name,
        caseNumber: from + done,
        message,
        input: error instanceof Finding ? error.input : undefined,
        cause: error instanceof Finding ? cause : error,
      })
    }
    const ofTarget = counts[name] ?? {}
    ofTarget[outcome] = (ofTarget[outcome] ?? 0) + 1
    if (done % 16_384 === 0) onProgress?.(done)
  }
  return { seed, runs: done, counts, findings }
}
