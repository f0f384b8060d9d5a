import { availableParallelism } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { createHasher } from '../../src/hash/hasher.ts'

test('[S109] beyond a bounded queue hashing is refused at once, and what was taken is finished', async () => {
  const heard = { queued: 0, rejected: 0, done: 0 }
  const hasher = createHasher({
    queued: () => heard.queued++,
    rejected: () => heard.rejected++,
    done: (_kind, seconds) => {
      if (seconds > 0) heard.done++
    },
  })
  onTestFinished(() => hasher.close())
  const threads = Math.max(1, availableParallelism() - 1)
  const asked = 80 * threads
  const outcomes = Array.from({ length: asked }, () =>
    hasher.hash('a lantern on the sill').then(
      hash => hash.slice(0, 10),
      (error: { code?: string }) => error.code,
    ),
  )
  // The refusals are there before the first hash is.
  const first = await Promise.race(outcomes)
  expect(first).toBe('overloaded')
  const all = await Promise.all(outcomes)
  const made = all.filter(one => one === '$argon2id$').length
  expect(all.filter(one => one === 'overloaded')).toHaveLength(asked - made)
  expect(made).toBeGreaterThanOrEqual(64 * threads)
  expect(made).toBeLessThanOrEqual(66 * threads)
  expect(heard).toEqual({ queued: made, rejected: asked - made, done: made })
  expect(hasher.queue()).toEqual({ length: 0, capacity: 64 * threads })
  // The queue takes work again.
  expect(await hasher.hash('a lantern on the sill')).toMatch(/^\$argon2id\$/)
})
