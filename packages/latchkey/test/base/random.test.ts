import { describe, expect, it } from 'vitest'
import { randomSeed, randomText } from '../../src/base/random.ts'

describe('randomness', () => {
  it('[S45] gives 128 bits as 22 characters that never come twice', () => {
    const texts = new Set(Array.from({ length: 100_000 }, () => randomText(16)))
    expect(texts.size).toBe(100_000)
    for (const text of texts) if (!/^[\w-]{22}$/.test(text)) expect(text).toMatch(/^[\w-]{22}$/)
  })

  it('gives seeds of 32 bits', () => {
    const seeds = Array.from({ length: 100 }, randomSeed)
    expect(new Set(seeds).size).toBeGreaterThan(95)
    expect(seeds.every(seed => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true)
  })
})
