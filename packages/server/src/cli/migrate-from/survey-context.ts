// What every rule works with.
import type { Application } from './application.ts'
import type { LibraryCall } from './calls.ts'
import type { Changes } from './changes.ts'
import type { Findings } from './findings.ts'
import type { Place } from './value.ts'
import type { Values } from './values.ts'

export interface SurveyContext {
  readonly application: Application
  readonly values: Values
  readonly findings: Findings
  /** Those of the first step. */
  readonly changes: Changes
  /** Those of the second, on top of the first. */
  readonly later: Changes
  readonly calls: readonly LibraryCall[]
  /** The algorithms that the application signs with, by the name of the key (`keyName`), as far as they are seen. */
  readonly signsWith: ReadonlyMap<string, ReadonlySet<string>>
  /** Variables of the environment that say how long tokens live. */
  readonly lifetimeVariables: Set<string>
  /** Variables of the environment that are used as secrets, and how many bytes each must have. */
  readonly secretVariables: Map<string, SecretVariable>
  /** Names for variables that take the place of secrets in the code, by the secret's text. */
  readonly newVariables: Map<string, string>
}

interface SecretVariable {
  readonly bytes: number
  /** The call that uses it. */
  readonly usedBy: Place
}

/** A call as a place in its file. */
export function placeOf({ module, node }: LibraryCall): Place {
  return { module, node }
}
