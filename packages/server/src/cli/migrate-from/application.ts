// The modules of an application, each read when it is asked for, and which module an import means.
import { readFileSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import type { Comment, Node } from '@babel/types'
import { scriptOf } from './page-script.ts'
import { Scopes } from './scopes.ts'
import { pageEndings, type SourceTree, type Unread } from './source-tree.ts'
import { childrenOf, nameOfKey, type Position, readJson, readSyntax, sourceEndings } from './syntax.ts'

/** A file as it was read. */
export interface SourceModule {
  /** From the folder, with `/` between. */
  readonly file: string
  readonly text: string
  readonly root: Node
  readonly scopes: Scopes
  readonly comments: readonly Comment[]
  readonly isTypeScript: boolean
  /** What stands in tests is no danger to anybody. */
  readonly isTest: boolean
}

/** A file that names the library and cannot be read. */
export interface Unreadable extends Position {
  readonly file: string
}

const testFile = /(^|\/)(__tests__|__mocks__|tests?|spec|e2e|cypress)\/|\.(test|spec|e2e|cy)\.[cm]?[jt]sx?$/

export function isTestFile(file: string): boolean {
  return testFile.test(file)
}

export class Application {
  readonly folder: string
  readonly unread: Unread[]
  readonly unreadable: Unreadable[] = []
  readonly #files: ReadonlySet<string>
  readonly #modules = new Map<string, SourceModule | undefined>()
  /** The application's own packages: the name, and the folder. */
  readonly #packages: readonly (readonly [name: string, folder: string])[]
  readonly #aliases: readonly (readonly [prefix: string, target: string])[]

  constructor(tree: SourceTree) {
    this.folder = tree.folder
    this.unread = [...tree.unread]
    this.#files = new Set([...tree.sources, ...tree.data])
    this.#packages = tree.data
      .filter(file => posix.basename(file) === 'package.json')
      .flatMap(file => this.#packageOf(file))
    this.#aliases = tree.data
      .filter(file => /(^|\/)[jt]sconfig[^/]*\.json$/.test(file))
      .flatMap(file => this.#aliasesOf(file))
  }

  /** A file's text; nothing for one that this user may not read, or that went away, which is told once. */
  text(file: string): string {
    try {
      return readFileSync(join(this.folder, file), 'utf8')
    } catch {
      if (!this.unread.some(one => one.file === file)) this.unread.push({ file, why: 'cannot be opened' })
      return ''
    }
  }

  /** A module; undefined for one that cannot be read, which is told. */
  module(file: string): SourceModule | undefined {
    if (!this.#modules.has(file)) this.#modules.set(file, this.#read(file))
    return this.#modules.get(file)
  }

  /** The files of the package config, which reads them by the name of their folder. */
  get settings(): readonly SourceModule[] {
    return [...this.#files]
      .filter(file =>
        /(^|\/)config\/(default|production|development|staging|local|custom-environment-variables)[\w-]*\.(json|[cm]?[jt]s)$/.test(
          file,
        ),
      )
      .flatMap(file => this.module(file) ?? [])
  }

  /** The module that is meant by an import of a file; undefined for a package, and for what is not in the folder. */
  imported(specifier: string, from: SourceModule): SourceModule | undefined {
    const paths = /^\.\.?(\/|$)/.test(specifier)
      ? [posix.join(posix.dirname(from.file), specifier)]
      : [...this.#aliased(specifier), ...this.#inPackages(specifier)]
    const file = paths.flatMap(candidatesOf).find(path => this.#files.has(path))
    return file === undefined ? undefined : this.module(file)
  }

  /** The names by which others of the application may import a file of one of its packages. */
  packageNames(file: string): readonly string[] {
    return this.#packages
      .filter(([, folder]) => folder !== '.' && file.startsWith(`${folder}/`))
      .map(([name]) => name)
  }

  #aliased(specifier: string): string[] {
    return this.#aliases
      .filter(([prefix]) => specifier.startsWith(prefix))
      .map(([prefix, target]) => posix.join(target, specifier.slice(prefix.length)))
  }

  /** `@app/tokens` of a workspace is its folder, or the sources in it. */
  #inPackages(specifier: string): string[] {
    return this.#packages
      .filter(([name]) => specifier === name || specifier.startsWith(`${name}/`))
      .flatMap(([name, folder]) => {
        const inside = specifier.slice(name.length)
        return [posix.join(folder, 'src', inside), posix.join(folder, inside)]
      })
  }

  #packageOf(file: string): (readonly [string, string])[] {
    const root = readJson(this.text(file))
    const name = root && memberNode(root, 'name')
    return name?.type === 'StringLiteral' ? [[name.value, posix.dirname(file)]] : []
  }

  #read(file: string): SourceModule | undefined {
    const text = this.text(file)
    const ending = extname(file)
    if (ending === '.json') {
      const root = readJson(text)
      return root && moduleOf(file, text, root, [])
    }
    const script = pageEndings.includes(ending) ? scriptOf(text) : { code: text, ending }
    if (isMinified(script.code)) {
      this.unread.push({ file, why: 'minified' })
      return undefined
    }
    const read = readSyntax(script.code, script.ending)
    if ('refusedAt' in read) {
      this.unreadable.push({ file, ...read.refusedAt })
      return undefined
    }
    try {
      return moduleOf(file, text, read.root, read.comments)
    } catch (failure) {
      if (!(failure instanceof RangeError)) throw failure
      this.unread.push({ file, why: 'nested too deeply' })
      return undefined
    }
  }

  /** `paths` of the compiler's settings, such as `@/*`. */
  #aliasesOf(file: string): (readonly [string, string])[] {
    const root = readJson(this.text(file))
    const options = root && memberNode(root, 'compilerOptions')
    const paths = options && memberNode(options, 'paths')
    const base = options && memberNode(options, 'baseUrl')
    if (paths?.type !== 'ObjectExpression') return []
    const from = posix.join(posix.dirname(file), base?.type === 'StringLiteral' ? base.value : '.')
    return paths.properties.flatMap(property => {
      if (property.type !== 'ObjectProperty') return []
      const prefix = nameOfKey(property.key, property.computed)?.replace(/\*$/, '') ?? ''
      return childrenOf(property.value).flatMap(one =>
        one.type === 'StringLiteral' && prefix !== ''
          ? [[prefix, posix.join(from, one.value.replace(/\*$/, ''))] as const]
          : [],
      )
    })
  }
}

function moduleOf(file: string, text: string, root: Node, comments: readonly Comment[]): SourceModule {
  return {
    file,
    text,
    root,
    comments,
    scopes: new Scopes(root),
    isTypeScript: /\.[cm]?tsx?$/.test(file),
    isTest: isTestFile(file),
  }
}

/** Lines that no person writes. */
function isMinified(text: string): boolean {
  return text.length > 10_000 && text.length / (text.split('\n').length || 1) > 500
}

export function memberNode(object: Node, name: string): Node | undefined {
  if (object.type !== 'ObjectExpression') return undefined
  for (const property of object.properties)
    if (property.type === 'ObjectProperty' && nameOfKey(property.key, property.computed) === name)
      return property.value
  return undefined
}

/** The files that a path without its ending may mean; `./a.js` means `./a.ts` in TypeScript. */
function candidatesOf(path: string): string[] {
  const bare = path.replace(/\.[cm]?jsx?$/, '')
  const endings = [...sourceEndings, '.json']
  return [
    path,
    ...endings.map(ending => path + ending),
    ...(bare === path ? [] : endings.map(ending => bare + ending)),
    ...endings.map(ending => posix.join(path, `index${ending}`)),
  ]
}
