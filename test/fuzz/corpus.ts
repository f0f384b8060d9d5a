// The seeds that cases begin with: test/fuzz/corpus/<name>.jsonl, a JSON text a line, so that every character can be
// written. What was found once is a line there.
import { readFileSync } from 'node:fs'

const read = new Map<string, readonly string[]>()

/** The seeds of a parser. */
export function seedsOf(name: string): readonly string[] {
  const known = read.get(name)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`corpus/${name}.jsonl`, import.meta.url), 'utf8')
  const seeds = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const seed: unknown = JSON.parse(line)
      if (typeof seed !== 'string') throw new Error(`${name}: every line is a JSON text`)
      return seed
    })
  read.set(name, seeds)
  return seeds
}
