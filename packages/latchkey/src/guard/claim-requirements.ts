// What an application asks of claims beyond the registered ones: a value, a list of values or a function for each
// name, put into the form of a schema so that the verifier's cache remembers the answer too.
import {
  isStandardSchema,
  type SchemaOutput,
  type SchemaResult,
  type StandardSchema,
} from '../token/standard-schema.ts'
import type { Claims } from '../token/verdict.ts'

type ClaimValue = string | number | boolean | null

/** A rule for each claim: the value it must have, values of which it has one, or a function that answers. */
export type ClaimRequirements = Readonly<
  Record<string, ClaimValue | readonly ClaimValue[] | ((value: unknown) => boolean)>
>

/** What `claims` takes. */
export type ClaimsOption = ClaimRequirements | StandardSchema

/** The claims behind a guard: what its schema gives, where there is one. */
export type PayloadOf<Rules> = [Rules] extends [StandardSchema] ? SchemaOutput<Rules> : Claims

type Test = (value: unknown) => boolean

/** Throws a TypeError for rules that could never be asked. */
export function schemaOfClaims(given: ClaimsOption): StandardSchema {
  if (isStandardSchema(given)) return steady(given)
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

const failed: SchemaResult<never> = Object.freeze({
  issues: Object.freeze([Object.freeze({ message: 'The schema failed on these claims.' })]),
})

/** A schema that throws does not accept: what it stumbled over came with the token. */
function steady(schema: StandardSchema): StandardSchema {
  const { vendor } = schema['~standard']
  return {
    '~standard': {
      version: 1,
      vendor,
      validate(value) {
        try {
          const result = schema['~standard'].validate(value)
          return result instanceof Promise ? result.then(shaped).catch(() => failed) : shaped(result)
        } catch {
          return failed
        }
      },
    },
  }
}

function shaped(result: unknown): SchemaResult<unknown> {
  // Everything that the interface promises of a result is that it is an object.
  return typeof result === 'object' && result !== null ? (result as SchemaResult<unknown>) : failed
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
