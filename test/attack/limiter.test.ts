// The short form of `npm run test:attack -- limiter`: one flood, as large as those of the long form.
import { expect, test } from 'vitest'
import { floodLimiter } from './limiter-flood.ts'

test('five million addresses take no more than 64 MB, and free nobody who is blocked', () => {
  const { heldBytes, freedEarly, falselyBlocked, strangers, nanosecondsEach } = floodLimiter(5_000_000)
  console.log(
    `${falselyBlocked} of ${strangers} strangers refused for others; ${nanosecondsEach.toFixed(0)} ns an attempt`,
  )
  expect(heldBytes).toBeLessThanOrEqual(64e6)
  expect(freedEarly).toBe(0)
  expect(falselyBlocked).toBeLessThan(strangers / 100)
}, 120_000)
