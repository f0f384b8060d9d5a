// The short form of `npm run test:attack -- storm`: the same storm for a moment. What is answered is asserted, how fast
// is printed.
import { expect, test } from 'vitest'
import { stormServer } from './login-storm.ts'

test('a storm of sign-ins is hashed as far as that goes, refused beyond, and harms no guarded route', async () => {
  const figures = await stormServer({ seconds: 3 })
  const { answers, hashesPerSecond, stormPerSecond, idleP99Ms, stormP99Ms, refusalP99Ms } = figures
  console.log(
    `${stormPerSecond} sign-ins a second at ${hashesPerSecond.toFixed(0)} hashes a second: guarded p99 ` +
      `${stormP99Ms.toFixed(1)} ms (${idleP99Ms.toFixed(1)} idle), refusals p99 ${refusalP99Ms.toFixed(1)} ms`,
  )
  expect(Object.keys(answers.statuses).toSorted()).toEqual(['403', '503'])
  expect(answers.withoutRetryAfter).toBe(0)
  expect(answers.statuses['503']).toBeGreaterThan(answers.statuses['403'] ?? 0)
  expect(figures.probeFailures).toBe(0)
}, 120_000)
