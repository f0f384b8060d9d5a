// What stands beside the pages of the site: each page as Markdown, llms.txt, all pages in one text, and the files of
// the repository that pages lead to.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contents } from '../../scripts/docs/contents.js'
import { linkedSources } from './lead-links.js'
import { root } from './pages.js'

export function writeTexts({ outDir }) {
  const write = (path, text) => {
    const file = join(outDir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const pages = contents()
    .flatMap(one => one.pages)
    .filter(({ path }) => !path.startsWith('../'))
  const textOf = ({ path }) => readFileSync(join(root, 'docs', path), 'utf8')
  for (const page of pages) write(page.path, textOf(page))
  cpSync(join(root, 'docs', 'llms.txt'), join(outDir, 'llms.txt'))
  write('llms-full.txt', pages.map(page => `<!-- ${page.path} -->\n\n${textOf(page).trim()}\n`).join('\n'))
  for (const [address, file] of linkedSources) write(address, sourceText(file))
}

/** A file's text; of a folder every file's, one after the other. */
function sourceText(path) {
  const place = join(root, path)
  if (!statSync(place).isDirectory()) return readFileSync(place, 'utf8')
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter(file => statSync(join(place, file)).isFile())
    .map(file => `${path}/${file}\n\n${readFileSync(join(place, file), 'utf8')}`)
    .join('\n\n')
}
