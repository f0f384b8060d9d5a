// What an application asks of claims beyond the registered ones: a value, a list of values or a function for each
// name, put into the form of a schema so that the verifier's cache remembers the answer too.
import { isStandardSchema, type StandardSchema } from '../token/standard-schema.ts'

type ClaimValue = string | number | boolean | null

/** A rule for each claim: the value it must have, values of which it has one, or a function that answers. */
export type ClaimRequirements = Readonly<
  Record<string, ClaimValue | readonly ClaimValue[] | ((value: unknown) => boolean)>
>

type Test = (value: unknown) => boolean

/** Throws a TypeError for rules that could never be asked. */
export function schemaOfClaims(given: ClaimRequirements | StandardSchema): StandardSchema {
  if (isStandardSchema(given)) return given
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError('protect: claims must be an object of rules, or a Standard Schema')
  const tests = Object.entries(given).map(([claim, rule]) => [claim, testOf(claim, rule)] as const)
  return {
    '~standard': {
      version: 1,
      vendor: 'latchkey',
      validate(value) {
        // What the verifier hands over are claims: an object.
        const claims = value as Readonly<Record<string, unknown>>
        const broken = tests.filter(
          ([claim, test]) => !(Object.hasOwn(claims, claim) && holds(test, claims[claim])),
        )
        if (broken.length === 0) return { value }
        return { issues: broken.map(([claim]) => ({ message: 'not accepted', path: [claim] })) }
      },
    },
  }
}

function testOf(claim: string, rule: unknown): Test {
  // A function of the application.
  if (typeof rule === 'function') return rule as Test
  const values: readonly unknown[] = Array.isArray(rule) ? [...rule] : [rule]
  const isPlain = values.every(
    value => value === null || ['string', 'number', 'boolean'].includes(typeof value),
  )
  if (!isPlain || values.length === 0)
    throw new TypeError(`protect: claims.${claim} must be a value, a list of values, or a function`)
  return value => values.includes(value)
}

/** A function that fails on a claim does not accept it. */
function holds(test: Test, value: unknown): boolean {
  try {
    return test(value) === true
  } catch {
    return false
  }
}
