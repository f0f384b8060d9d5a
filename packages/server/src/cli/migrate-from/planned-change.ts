// Something to change that is no finding: an import, a guard, what is installed.
import type { Spot } from './findings.ts'

export interface PlannedChange extends Spot {
  /** 1: the drop-in. 2: the guard. */
  readonly step: 1 | 2
  readonly what: string
  readonly becomes: readonly string[]
}
