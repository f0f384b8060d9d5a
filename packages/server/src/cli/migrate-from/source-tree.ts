// The files of an application: what there is to read, and what was left unread and why.
import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import { IgnoreRules } from './ignore-rules.ts'
import { sourceEndings } from './syntax.ts'

/** A file that should have been read and was not. Nobody's silence: each is told. */
export interface Unread {
  readonly file: string
  readonly why: string
}

export interface SourceTree {
  /** The folder, without links in its path. */
  readonly folder: string
  /** JavaScript, TypeScript, and pages that hold scripts, from the folder. */
  readonly sources: readonly string[]
  /** JSON, which sources import. */
  readonly data: readonly string[]
  /** `.env` and its kin, ignored by git or not. */
  readonly environments: readonly EnvironmentFile[]
  /** Whether a repository of git holds the folder. */
  readonly isRepository: boolean
  readonly unread: readonly Unread[]
}

interface EnvironmentFile {
  readonly file: string
  readonly isIgnored: boolean
}

export const pageEndings: readonly string[] = ['.html', '.vue', '.svelte']
const maxSourceBytes = 1_048_576

/** Folders of what others wrote, or a machine. */
const foreign = new Set([
  ...[
    'node_modules',
    'bower_components',
    'jspm_packages',
    'vendor',
    '.git',
    '.hg',
    '.svn',
    '.yarn',
    '.pnpm-store',
  ],
  ...['dist', 'build', 'out', 'coverage', '.next', '.nuxt', '.output', '.svelte-kit', '.astro', '.angular'],
  ...[
    '.cache',
    '.parcel-cache',
    '.turbo',
    '.vercel',
    '.netlify',
    '.serverless',
    '.nyc_output',
    'storybook-static',
  ],
])

/** Lists a folder, without what git ignores, what is built and what is installed. Links are not followed. */
export function readTree(folder: string): SourceTree {
  const found: Found = { sources: [], data: [], environments: [], unread: [] }
  const root = realpathSync(folder)
  readFolder(root, root, rulesAbove(root), found)
  return { folder: root, isRepository: isInRepository(root), ...found }
}

function readFolder(path: string, root: string, rules: IgnoreRules, found: Found): void {
  const entries = entriesOf(path)
  if (entries === undefined)
    found.unread.push({ file: relative(root, path), why: 'a folder that cannot be opened' })
  for (const entry of entries ?? []) {
    if (foreign.has(entry.name)) continue
    const at = join(path, entry.name)
    const file = relative(root, at).split(sep).join('/')
    const isFolder = entry.isDirectory()
    const isIgnored = rules.ignores(entry.name, isFolder)
    if (entry.isFile() && isEnvironment(entry.name)) found.environments.push({ file, isIgnored })
    if (isIgnored) continue
    if (isFolder) readFolder(at, root, rulesIn(at, rules), found)
    else if (entry.isSymbolicLink()) found.unread.push(...linkUnread(at, file, root))
    else if (entry.isFile()) sortFile(at, file, found)
  }
}

interface Found {
  readonly sources: string[]
  readonly data: string[]
  readonly environments: EnvironmentFile[]
  readonly unread: Unread[]
}

/** `.env`, `.env.production`, `config.env`; not the examples beside them. */
function isEnvironment(name: string): boolean {
  return /^\.env(\.[\w-]+)*$|^[\w-]+\.env$/.test(name) && !/example|sample|template|default|dist$/i.test(name)
}

function isInRepository(folder: string): boolean {
  return existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)))
}

/** What is in a folder; undefined for one that this user may not open. */
function entriesOf(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return undefined
  }
}

function sortFile(at: string, file: string, found: Found): void {
  const ending = extname(file)
  if (ending === '.json' && statSync(at).size <= maxSourceBytes) found.data.push(file)
  if (![...sourceEndings, ...pageEndings].includes(ending) || /\.d\.[cm]?ts$/.test(file)) return
  if (/[.-]min\.[cm]?js$/.test(file)) found.unread.push({ file, why: 'minified' })
  else if (statSync(at).size > maxSourceBytes) found.unread.push({ file, why: 'larger than 1 MB' })
  else found.sources.push(file)
}

/** What a link leads to is read where it is; only what lies elsewhere, or nowhere, is left unread. */
function linkUnread(at: string, file: string, root: string): Unread[] {
  try {
    const target = realpathSync(at)
    return target === root || target.startsWith(root + sep)
      ? []
      : [{ file, why: 'a link that leads out of the folder' }]
  } catch {
    return [{ file, why: 'a link that leads nowhere' }]
  }
}

function rulesIn(folder: string, above?: IgnoreRules, asked = ''): IgnoreRules {
  const file = join(folder, '.gitignore')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return new IgnoreRules(`${text}\n${withAsked(asked)}`, above && { rules: above, name: basename(folder) })
}

/** The rules of the repository that a folder lies in. What it lies in is read, ignored or not: it was asked for. */
function rulesAbove(folder: string, asked = ''): IgnoreRules {
  const isTop = existsSync(join(folder, '.git')) || dirname(folder) === folder
  const above = isTop ? undefined : rulesAbove(dirname(folder), join(basename(folder), asked))
  return rulesIn(folder, above, asked)
}

/** Rules by which no folder on the way to the one that was asked for is ignored. */
function withAsked(asked: string): string {
  const names = asked.split(sep).filter(name => name !== '')
  return names
    .map((_, at) => `!/${names.slice(0, at + 1).join('/')}`.replaceAll(/[\\*?[\] #]/g, '\\$&'))
    .join('\n')
}
