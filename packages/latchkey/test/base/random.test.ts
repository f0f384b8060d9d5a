import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { randomSeed, randomText } from '../../src/base/random.ts'

describe('randomness', () => {
  it('[S45] gives 128 bits as 22 characters that never come twice', () => {
    const texts = new Set(Array.from({ length: 50_000 }, () => randomText(16)))
    expect(texts.size).toBe(50_000)
    for (const text of texts) if (!/^[\w-]{22}$/.test(text)) expect(text).toMatch(/^[\w-]{22}$/)
  })

  it('[S45] and never twice among workers that make them side by side', async () => {
    const script = new URL('./random-worker.ts', import.meta.url)
    const count = 30_000
    const lists = await Promise.all(
      [1, 2, 3].map(async () => {
        const [texts] = await once(new Worker(script, { workerData: { count } }), 'message')
        // The worker posts a list of texts.
        return texts as string[]
      }),
    )
    expect(new Set(lists.flat()).size).toBe(3 * count)
  })

  it('gives seeds of 32 bits', () => {
    const seeds = Array.from({ length: 100 }, randomSeed)
    expect(new Set(seeds).size).toBeGreaterThan(95)
    expect(seeds.every(seed => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true)
  })
})
