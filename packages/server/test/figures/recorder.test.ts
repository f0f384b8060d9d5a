// What a process counts: minutes that come and go, and quantiles against the values themselves.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecorder, quantile } from '../../src/figures/recorder.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 1, 12)

function openRecorder() {
  const time = { nowMs: start }
  return { time, recorder: createRecorder(() => time.nowMs) }
}

describe('a counter', () => {
  test('is told by steps of the last day, the step that runs last', () => {
    const { time, recorder } = openRecorder()
    recorder.count('refreshes')
    time.nowMs += 29 * minuteMs
    recorder.count('refreshes')
    time.nowMs += minuteMs
    recorder.count('refreshes')
    const steps = recorder.counts('refreshes', 30)
    expect(steps).toHaveLength(48)
    expect(steps.slice(-2)).toEqual([
      { fromMs: start, count: 2 },
      { fromMs: start + 30 * minuteMs, count: 1 },
    ])
    expect(steps[0]?.fromMs).toBe(start + 30 * minuteMs - 47 * 30 * minuteMs)
    expect(recorder.counts('refreshes_reused', 30).every(step => step.count === 0)).toBe(true)
  })

  test('forgets a minute after a day, and never its total', () => {
    const { time, recorder } = openRecorder()
    for (let i = 0; i < 3; i++) recorder.count('refreshes')
    const sum = () => recorder.counts('refreshes', 60).reduce((all, step) => all + step.count, 0)
    expect(sum()).toBe(3)
    time.nowMs += dayMs
    expect(sum()).toBe(0)
    // The same place of the ring, a day later.
    recorder.count('refreshes')
    expect(sum()).toBe(1)
    expect(recorder.total('refreshes')).toBe(4)
    expect(recorder.startedMs).toBe(start)
  })
})

describe('a histogram', () => {
  test('keeps count, sum and maximum of each step and since the start', () => {
    const { time, recorder } = openRecorder()
    for (const value of [0, 3, 250]) recorder.observe('request_ms', value)
    time.nowMs += 60 * minuteMs
    recorder.observe('request_ms', 1_000_000)
    const steps = recorder.distributions('request_ms', 60)
    expect(steps.at(-2)).toMatchObject({ fromMs: start, count: 3, sum: 253, max: 250 })
    expect(steps.at(-1)).toMatchObject({ count: 1, max: 1_000_000 })
    expect(recorder.distribution('request_ms')).toMatchObject({ count: 4, sum: 1_000_253, max: 1_000_000 })
    expect(recorder.distribution('hash_queue').count).toBe(0)
    time.nowMs += 2 * dayMs
    recorder.observe('request_ms', 1)
    const last = recorder.distributions('request_ms', 60).at(-1)
    expect(last).toMatchObject({ count: 1, sum: 1, max: 1 })
  })

  test('tells quantiles within a factor of two and a half, in their order', () => {
    expect(quantile(openRecorder().recorder.distribution('request_ms'), 0.5)).toBeUndefined()
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 59_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.99),
        (values, share) => {
          const { recorder } = openRecorder()
          for (const value of values) recorder.observe('request_ms', value)
          const told = quantile(recorder.distribution('request_ms'), share) ?? Number.NaN
          const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN
          // The lowest bound is 0.1: below it nothing is told apart.
          expect(told).toBeLessThanOrEqual(Math.max(0.1, exact * 2.5 + 1e-9))
          expect(told).toBeGreaterThanOrEqual(exact < 0.1 ? 0 : exact / 2.5 - 1e-9)
          expect(quantile(recorder.distribution('request_ms'), 1)).toBeLessThanOrEqual(Math.max(...values))
        },
      ),
    )
  })
})
