// The pages of docs/, in the order in which they are read. The sidebar of the site and docs/llms.txt are made of it.
// A page that no row names comes after those of its folder by itself.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = fileURLToPath(new URL('../../docs', import.meta.url))

/** Sections in their order. `folder` takes every page of a folder of docs/, those in `pages` first. */
const sections = [
  { title: 'Start', pages: ['README.md', 'quick-start.md', 'concepts.md', 'tutorial.md'] },
  { title: 'Guard an API', folder: 'guards', pages: ['guards/README.md'] },
  {
    title: 'Recipes',
    folder: 'recipes',
    pages: [
      ...['single-page-app', 'server-rendered', 'mobile', 'microservices', 'scripts'].map(
        name => `recipes/${name}.md`,
      ),
      '../examples/README.md',
    ],
  },
  { title: 'The login server', pages: ['accounts.md', 'api.md', 'pages.md', 'console.md', 'client.md'] },
  {
    title: 'Run it',
    pages: ['../deploy/README.md', 'operating.md', 'keys-and-backups.md', 'scale.md'],
  },
  { title: 'Security', pages: ['security.md', 'security-checklist.md', '../SECURITY.md'] },
  { title: 'Move over', folder: 'migrate', pages: [] },
  {
    title: 'Reference',
    folder: 'reference',
    pages: ['api', 'library', 'cli', 'settings', 'errors', 'metrics'].map(name => `reference/${name}.md`),
  },
  { title: 'The project', pages: ['comparison.md', '../ARCHITECTURE.md', '../CONTRIBUTING.md'] },
]

/**
 * The sections with their pages: `path` from docs/, `title` the first heading, `summary` the first sentence.
 * A row may name a page that is not written yet.
 */
export function contents() {
  const all = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.md'))
    .sort()
  const named = new Set(sections.flatMap(({ pages }) => pages))
  const folders = new Set(sections.flatMap(({ folder }) => folder ?? []))
  const further = [...new Set(all.map(path => dirname(path)))]
    .filter(folder => !folders.has(folder))
    .map(folder => ({ title: folder === '.' ? 'More' : folder, folder, pages: [] }))
  return [...sections, ...further].flatMap(({ title, folder, pages }) => {
    const unnamed = all.filter(path => dirname(path) === folder && !named.has(path)).map(read)
    unnamed.sort((one, other) => (one.title < other.title ? -1 : 1))
    const known = pages.filter(path => path.startsWith('../') || all.includes(path)).map(read)
    const together = [...known, ...unnamed]
    return together.length === 0 ? [] : [{ title, pages: together }]
  })
}

function read(path) {
  const text = readFileSync(join(docs, path), 'utf8')
  const [, title = basename(path, '.md')] = /^# (.+)$/m.exec(text) ?? []
  return { path, title: plain(title), summary: firstSentence(text) }
}

/** The first sentence of the first paragraph that is prose; what leads to a block ends with it. */
function firstSentence(text) {
  const paragraphs = text.replaceAll(/^```[\s\S]*?^```/gm, '').split(/\n\s*\n/)
  const first = paragraphs
    .map(one => plain(one.trim()).replace(/:$/, '.'))
    .find(one => one !== '' && !/^([#|<>]|[-*] |\d+\. )/.test(one))
  const [sentence = ''] = /^[\s\S]*?\.(?=\s|$)/.exec(first ?? '') ?? []
  return sentence.replaceAll(/\s+/g, ' ')
}

/** Without the marks of links and emphasis. */
function plain(text) {
  return text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('**', '')
}
