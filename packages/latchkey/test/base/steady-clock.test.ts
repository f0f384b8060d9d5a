import { expect, test } from 'vitest'
import { steadyClock } from '../../src/base/steady-clock.ts'

test('a steady clock follows one that goes on, and stands still where it is set back', () => {
  let now = 0
  const clock = steadyClock(() => now)
  const steps = [1_000, 1_500, 1_500, 900, 1_000, 1_600, 600, 700]
  const told = steps.map(step => {
    now = step
    return clock()
  })
  expect(told).toEqual([1_000, 1_500, 1_500, 1_500, 1_600, 2_200, 2_200, 2_300])
})
