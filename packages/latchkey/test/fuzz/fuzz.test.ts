// The short form. The long one is `npm run test:fuzz`, which takes a seed, a number of runs and a target.
import { describe, expect, it } from 'vitest'
import { randomSeed } from '../../src/base/random.ts'
import { fuzz } from './fuzz.ts'
import { Random } from './random.ts'
import { targets } from './targets.ts'

describe('fuzzing', () => {
  it.each([
    ['with the seed of every run', 1],
    ['with a seed of this run', randomSeed()],
  ])(
    'finds nothing in 5,000 cases %s (%i)',
    async (_, seed) => {
      const { counts, findings, runs } = await fuzz({ seed, runs: 5_000 })
      expect(findings).toEqual([])
      expect(runs).toBe(5_000)
      // Each target ran, and the ones that may accept did.
      for (const [name] of targets) expect(Object.keys(counts[name] ?? {}), name).not.toEqual([])
      expect(counts['signed token']?.['accepted']).toBeGreaterThan(20)
      expect(counts['decode']?.['decoded']).toBeGreaterThan(5)
    },
    60_000,
  )

  it('gives the same case for the same seed and number', () => {
    const draw = (seed: number, number: number): number[] => {
      const random = new Random(seed, number)
      return Array.from({ length: 20 }, () => random.below(1000))
    }
    expect(draw(5, 7)).toEqual(draw(5, 7))
    expect(draw(5, 7)).not.toEqual(draw(5, 8))
    expect(draw(5, 7)).not.toEqual(draw(6, 7))
  })

  it('knows its targets by name', async () => {
    await expect(fuzz({ seed: 1, runs: 1, target: 'x' })).rejects.toThrow(
      /there are changed token, signed token/,
    )
    expect(Object.keys((await fuzz({ seed: 1, runs: 10, target: 'decode' })).counts)).toEqual(['decode'])
  })
})
