// The documentation site is not installed here: what is held is what it is made of. The sidebar has every page of
// docs/ and no other, links lead to headings that are there, and no page has what the site's compiler would refuse.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anchorOf } from '../../scripts/docs/anchor-of.js'
import { contents } from '../../scripts/docs/contents.js'
import { sidebar } from '../../site/.vitepress/sidebar.js'
import { root } from '../imports.ts'

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.md'))
  .sort()
const listed = contents().flatMap(section => section.pages)
const textOf = (paper: string): string => readFileSync(join(root, paper), 'utf8')

test('the sidebar has every page of docs/ once, and each of its links is a page', () => {
  const links = sidebar().flatMap(({ items }) => items.map(({ link }) => link))
  const wanted = pages.map(page => `/${page.replace(/(^|\/)README\.md$/, '$1').replace(/\.md$/, '')}`)
  const others = [
    '/deploy/',
    '/examples/',
    '/project/architecture',
    '/project/contributing',
    '/project/security',
  ]
  expect([...links].sort()).toEqual([...wanted, ...others].sort())
})

test.each(listed.filter(({ path }) => !path.startsWith('..')))(
  '$path has a heading, and a first sentence that says what it is',
  ({ title, summary }) => {
    expect(title).toMatch(/^\S/)
    expect(summary).toMatch(/^\S.{10,240}\.$/)
  },
)

/** Without code, in which nothing is a link, a heading or an element. */
const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')

const anchorsIn = (paper: string): string[] => {
  const seen = new Map<string, number>()
  const headings = textOf(paper)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) => {
    const anchor = anchorOf(heading.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1'))
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}

describe.each(pages)('docs/%s', page => {
  const text = textOf(`docs/${page}`)

  test('links to headings that are there', () => {
    const missing = [...prose(text).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].filter(
      ([, path = '', anchor = '']) => {
        const paper = path === '' ? `docs/${page}` : normalize(join('docs', dirname(page), path))
        return !existsSync(join(root, paper)) || !anchorsIn(paper).includes(anchor)
      },
    )
    expect(missing.map(([link]) => link)).toEqual([])
  })

  test('has no element that is not meant as one', () => {
    const elements = [...prose(text).matchAll(/<(?!https?:|!--|br>)[^>\s]*>?/g)].map(([element]) => element)
    // The site's templates would fill these in.
    const templates = [...prose(text).matchAll(/\{\{.*?\}\}/g)].map(([template]) => template)
    expect([...elements, ...templates]).toEqual([])
  })
})
