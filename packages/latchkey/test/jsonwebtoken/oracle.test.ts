import { inspect } from 'node:util'
import oracle from 'jsonwebtoken'
import jwt from 'latchkey/jsonwebtoken'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callOf, type GeneratedCall, now, publicHalf } from './generated-calls.ts'

// The npm package itself is the judge: each generated call is made to both, and value or error compared.
const calls = 20_000
const batch = 2_000

interface Outcome {
  readonly kind: 'value' | 'error' | 'thrown'
  readonly value: unknown
}
type Library = Record<GeneratedCall['verb'], (...list: unknown[]) => unknown>

// The casts: both libraries are called with whatever the generator made, which their types forbid.
const theirs = oracle as unknown as Library
const ours = jwt as unknown as Library
const makeToken = (...list: unknown[]): string => theirs.sign(...list) as string

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})

afterAll(() => {
  vi.useRealTimers()
})

function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const isShapeOfSignature = /"[rs]" specified length|"seq"|expected "int"/.test(error.message)
  return {
    name: error.name,
    message: isShapeOfSignature ? 'a signature of another curve' : error.message,
    maker: error.constructor.name,
    fields: JSON.stringify(error),
    isTokenError: error instanceof jwt.JsonWebTokenError || error instanceof oracle.JsonWebTokenError,
  }
}

// A failure is told once; the old library can tell it twice, which no caller can want.
async function outcomeOf(library: Library, call: GeneratedCall): Promise<Outcome> {
  try {
    if (!call.withCallback) return { kind: 'value', value: library[call.verb](...call.arguments) }
    return await new Promise<Outcome>((resolve, reject) => {
      const callback = (error: unknown, value: unknown): void =>
        resolve(error ? { kind: 'error', value: told(error) } : { kind: 'value', value })
      try {
        library[call.verb](...call.arguments, callback)
      } catch (error) {
        reject(error)
      }
    })
  } catch (error) {
    return { kind: 'thrown', value: told(error) }
  }
}

// Where the old library never calls back: an empty text, a falsy value, no key. Asking it would wait forever. So
// would a key source that never answers, and a call whose options are a function, which is then the callback.
function isNeverAnswered(call: GeneratedCall): boolean {
  const [payload, key, options] = call.arguments
  if (call.verb === 'verify')
    return call.withCallback && typeof key === 'function' && key.name !== 'keySource'
  if (call.verb === 'decode' || (!call.withCallback && typeof options !== 'function')) return false
  return !payload || key === null || key === undefined || (call.withCallback && typeof options === 'function')
}

function comparable(outcome: Outcome, call: GeneratedCall): unknown {
  const isToken = call.verb === 'sign' && call.isRandomised && typeof outcome.value === 'string'
  return isToken ? { kind: outcome.kind, value: String(outcome.value).replace(/[^.]*$/, '') } : outcome
}

// Two signatures over the same bytes differ, so both tokens are shown to the oracle, which must judge them alike.
async function judgementOfOracle(token: unknown, call: GeneratedCall): Promise<unknown> {
  const options = { ignoreExpiration: true, ignoreNotBefore: true, allowInvalidAsymmetricKeyTypes: true }
  const list = [token, publicHalf(call.arguments[1]), options]
  return outcomeOf(theirs, { verb: 'verify', arguments: list, isRandomised: false, withCallback: false })
}

describe('the drop-in beside jsonwebtoken 9', () => {
  const tally = { value: 0, error: 0, thrown: 0 }

  for (let first = 0; first < calls; first += batch) {
    it(`answers calls ${first} to ${first + batch - 1} with the same value, error name and message`, async () => {
      for (let seed = first; seed < first + batch; seed++) {
        const call = callOf(seed, makeToken)
        if (isNeverAnswered(call)) continue
        const again = callOf(seed, makeToken)
        const expected = await outcomeOf(theirs, call)
        const given = await outcomeOf(ours, again)
        tally[expected.kind]++
        const told = `call ${seed}: ${call.verb}${call.withCallback ? ' with a callback' : ''}`
        expect(comparable(given, again), told).toEqual(comparable(expected, call))
        expect(inspect(again.arguments[0]), `${told}, the payload afterwards`).toBe(
          inspect(call.arguments[0]),
        )
        if (call.verb !== 'sign' || !call.isRandomised || typeof given.value !== 'string') continue
        const judgement = await judgementOfOracle(given.value, again)
        expect(judgement, `${told}, the token`).toEqual(await judgementOfOracle(expected.value, call))
      }
    })
  }

  it('was asked good and bad calls in plenty', () => {
    expect(tally.value).toBeGreaterThan(calls / 4)
    expect(tally.error + tally.thrown).toBeGreaterThan(calls / 4)
  })
})
