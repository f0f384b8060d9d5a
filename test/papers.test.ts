// The papers say what is true: links lead somewhere, the tutorial's rows have their tests, the papers name no place
// of one machine.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './imports.ts'
import { run } from './server-process.ts'

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(
  file => `docs/${file}`,
)
const papers = [...readdirSync(root), ...docs].filter(file => file.endsWith('.md')).sort()

test.each(papers)('%s links to files that are there', paper => {
  const text = readFileSync(join(root, paper), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(match => match[1] ?? '')
  expect(targets.filter(target => !existsSync(join(root, dirname(paper), target)))).toEqual([])
})

describe('docs/tutorial.md', () => {
  const text = readFileSync(join(root, 'docs/tutorial.md'), 'utf8')
  const rows = text.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| ---'))
  const named = rows
    .slice(1)
    .map(row => /\[[^\]]+\]\(\.\.\/([^)]+)\) "([^"]+)" \|$/.exec(row) ?? [row, '', ''])

  test('names a test in every row', () => {
    expect(named.length).toBeGreaterThan(12)
    expect(named.filter(([, file]) => file === '').map(([row]) => row)).toEqual([])
  })

  test.each(named.map(([, file = '', title = '']) => [title, file] as const))(
    '“%s” is a test of %s',
    (title, file) => {
      expect(readFileSync(join(root, file), 'utf8')).toContain(title)
    },
  )
})

test('the reference pages are in step with the code', async () => {
  const { code, stderr } = await run(process.execPath, [join(root, 'scripts/docs.js'), '--check'], {
    cwd: root,
  })
  expect(stderr).toBe('')
  expect(code).toBe(0)
})
