// The short form of `npm run test:fuzz`: the guard and the server's parsers. The engine's own targets have theirs beside
// the engine.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fuzz } from '../../packages/latchkey/test/fuzz/fuzz.ts'
import { guarded } from '../../packages/latchkey/test/fuzz/guard-target.ts'
import { Random } from '../../packages/latchkey/test/fuzz/random.ts'
import { seedsOf } from './corpus.ts'
import { parserTargets } from './parser-targets.ts'

const table = [['guard', 15, guarded] as const, ...parserTargets]

describe('fuzzing the guard and the parsers', () => {
  test.each([
    ['with the seed of every run', 1],
    ['with a seed of this run', new Random(Date.now(), 0).below(2 ** 32)],
  ])(
    '[S55] [S115] finds nothing in 6,000 cases %s (%i)',
    async (_, seed) => {
      const { counts, findings, runs } = await fuzz({ seed, runs: 6_000, table })
      expect(findings).toEqual([])
      expect(runs).toBe(6_000)
      for (const [name] of table) expect(Object.keys(counts[name] ?? {}), name).not.toEqual([])
      expect(counts['guard']?.['admitted']).toBeGreaterThan(10)
      expect(counts['guard']?.['admitted by API key']).toBeGreaterThan(10)
      expect(counts['bodies']?.['JSON']).toBeGreaterThan(5)
      expect(counts['repeated names in bodies']?.['malformed_body']).toBeGreaterThan(5)
      expect(counts['session cookies']?.['read']).toBeGreaterThan(5)
    },
    120_000,
  )

  test('begins with a corpus of small texts, each file of which can be read', () => {
    const files = readdirSync(new URL('corpus', import.meta.url))
    expect(files.length).toBeGreaterThan(7)
    for (const file of files) expect(seedsOf(file.replace('.jsonl', '')).length, file).toBeGreaterThan(5)
  })
})
