// The checklist in docs/ is the reviewer's: every line is answered by a test that names it, or waits for a feature.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const lastLine = 123

/** The lines that may wait, for features that are not there. */
const mayWait = new Set(
  [60, 61, 62, 65, 66, 69, 70, 71, 72, 73, 74, 76, 82, 86, 87, 88, 89, 103, 118, 119, 120, 123].map(
    number => `S${number}`,
  ),
)

interface Line {
  name: string
  words: string
  tests: readonly string[]
  waitsFor: string | undefined
}

const page = new URL('../docs/security-checklist.md', import.meta.url)

const lines: readonly Line[] = [
  ...readFileSync(page, 'utf8').matchAll(/^\| (S\d+) \| (.+) \| (.+) \|$/gm),
].map(([, name = '', words = '', shown = '']) => ({
  name,
  words,
  tests: [...shown.matchAll(/\]\((\S+?)\)/g)].map(([, path = '']) => path),
  waitsFor: /^later: (.+)$/.exec(shown)?.[1],
}))

test('every line stands there once, in order, in words', () => {
  expect(lines.map(({ name }) => name)).toEqual(
    Array.from({ length: lastLine }, (_, index) => `S${index + 1}`),
  )
  expect(lines.filter(({ words }) => words.length < 5)).toEqual([])
})

test('only lines of features that are not there wait', () => {
  expect(lines.filter(({ waitsFor }) => waitsFor !== undefined).map(({ name }) => name)).toEqual(
    lines.filter(({ name, tests }) => mayWait.has(name) && tests.length === 0).map(({ name }) => name),
  )
})

test.each(lines.filter(({ waitsFor }) => waitsFor === undefined))(
  '$name is shown by tests that name it',
  line => {
    expect(line.tests).not.toEqual([])
    const title = new RegExp(`\\[(S\\d+, ?)*${line.name}(, ?S\\d+)*\\]`)
    for (const path of line.tests) {
      const at = new URL(path, page)
      expect(existsSync(at), path).toBe(true)
      expect(title.test(readFileSync(at, 'utf8')), `${path} names ${line.name}`).toBe(true)
    }
  },
)
