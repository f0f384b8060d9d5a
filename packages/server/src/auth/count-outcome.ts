// Counts what becomes of an act: `success`, or the code that it was refused with.
import { LatchkeyError } from 'latchkey'
import type { Counter, Family } from '../figures/metrics.ts'

export async function countOutcome<T>(outcomes: Family<Counter>, act: Promise<T>): Promise<T> {
  try {
    const result = await act
    outcomes.at('success').add()
    return result
  } catch (error) {
    outcomes.at(error instanceof LatchkeyError ? error.problem : 'internal_error').add()
    throw error
  }
}
