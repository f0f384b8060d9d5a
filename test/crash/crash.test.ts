// The short form of `npm run test:crash`: what a server has answered is true after any crash.
import { expect, test } from 'vitest'
import { runCrashRounds } from './crash-rounds.ts'
import { faultPoints } from './fault-points.ts'

test('[S95] 50 crashes at seven points and at random break none of the invariants I1 to I7', async () => {
  const { hits } = await runCrashRounds(50)
  expect(faultPoints.filter(point => hits[point] === 0)).toEqual([])
}, 180_000)
