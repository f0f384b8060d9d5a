// Which files are pages of the site, where each stands in it, and where a link from one of them leads.
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Everything else in the repository that is Markdown. Folders with a dot are left out anyway. */
export const otherPapers = ['README.md', '{packages,test,scripts,site,data,screenshots}/**']

const isPage = path =>
  /^((docs|deploy|examples|bench\/results)\/.+|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md$/.test(path) &&
  existsSync(join(root, path))

/**
 * The page's own file in the site: docs/ is its root, a README is its folder's first page, and the papers of the
 * repository's root have a folder, since one of them is called as a page of docs/ is.
 */
export function placeOf(file) {
  if (!file.includes('/')) return `project/${file.toLowerCase()}`
  return file.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md')
}

/**
 * Where a link of a page leads: another page, or a file of the repository, which the site shows as text. Throws for
 * what is not there, so that a dead link ends the build.
 */
export function targetOf(href, file) {
  const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? []
  const target = relative(root, join(root, dirname(file), path)).replaceAll('\\', '/')
  if (isPage(target)) return { kind: 'page', href: `/${placeOf(target)}${anchor}` }
  if (target.startsWith('..') || !existsSync(join(root, target)))
    throw new Error(`${file} leads to ${path}, which is not there`)
  // As text, which every host shows; what is to be loaded by a program keeps its name.
  const ending = target.endsWith('.json') ? '' : '.txt'
  return { kind: 'source', href: `/source/${target}${ending}`, file: target }
}
