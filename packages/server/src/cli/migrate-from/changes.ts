// Pieces of code to put in the place of others, and the lines that come of it. A line is shown only where nothing in it
// may be a secret.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import { pageEndings } from './source-tree.ts'
import { positionAt } from './syntax.ts'
import type { Place } from './value.ts'

/** Text for a stretch of a file. Lines and columns are counted from one, the end is the first that stays. */
export interface Edit {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly text: string
}

interface Stretch {
  readonly module: SourceModule
  readonly start: number
  readonly end: number
  readonly text: string
}

export class Changes {
  readonly #all: Stretch[] = []
  readonly #before: Changes | undefined

  /** `before` are changes that were made earlier, and that these come on top of. */
  constructor(before?: Changes) {
    this.#before = before
  }

  /** Puts text in the place of a node. */
  replace(at: Place, text: string): void {
    this.put(at.module, at.node.start ?? 0, at.node.end ?? 0, text)
  }

  insert(module: SourceModule, offset: number, text: string): void {
    this.put(module, offset, offset, text)
  }

  /** The first to change a stretch wins: the same change asked for twice is one. */
  put(module: SourceModule, start: number, end: number, text: string): void {
    const isTaken = this.#all.some(
      one =>
        one.module === module &&
        (one.start === start || (start < one.end && one.start < end) || (one.start < start && end < one.end)),
    )
    if (!isTaken) this.#all.push({ module, start, end, text })
  }

  get edits(): Edit[] {
    return this.#all
      .map(({ module, start, end, text }) => {
        const [from, to] = [positionAt(module.text, start), positionAt(module.text, end)]
        return { file: module.file, ...from, endLine: to.line, endColumn: to.column, text }
      })
      .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column))
  }

  /**
   * The lines of a node as they come out, without those that stay as they are. A line that may hold a secret is left
   * out, and what is put into it stands alone.
   */
  linesOf({ module, node }: Place): string[] {
    const own = this.#of(module).filter(
      ({ start, end }) => start >= (node.start ?? 0) && end <= (node.end ?? 0),
    )
    const blocks = new Map<number, Stretch[]>()
    for (const one of own) {
      const start = module.text.lastIndexOf('\n', one.start - 1) + 1
      blocks.set(start, [...(blocks.get(start) ?? []), one])
    }
    return [...blocks].map(([start, stretches]) => this.#block(module, start, stretches))
  }

  #of(module: SourceModule): Stretch[] {
    const before = this.#before
    const earlier = before === undefined ? [] : before.#of(module)
    const own = this.#all.filter(
      one =>
        one.module === module &&
        !earlier.some(({ start, end }) => start === one.start || (start < one.end && one.start < end)),
    )
    return [...earlier, ...own].sort((a, b) => a.start - b.start)
  }

  /** A line, and those that the stretches in it reach into. */
  #block(module: SourceModule, start: number, own: readonly Stretch[]): string {
    const reach = Math.max(...own.map(one => one.end))
    const next = module.text.indexOf('\n', reach)
    const end = next === -1 ? module.text.length : next
    const all = this.#of(module).filter(one => one.start >= start && one.end <= end)
    if (!isOpenToView(module, start, end, all)) return own.map(one => one.text.trim()).join(' … ')
    const removed = commentsIn(module, start, end).map(one => ({ ...one, module, text: '' }))
    let line = ''
    let at = start
    for (const one of [...all, ...removed].sort((a, b) => a.start - b.start)) {
      line += module.text.slice(at, one.start) + one.text
      at = Math.max(at, one.end)
    }
    return (line + module.text.slice(at, end)).trim()
  }
}

/** Comments, each with the blanks behind it. */
function commentsIn(module: SourceModule, from: number, to: number): { start: number; end: number }[] {
  return module.comments
    .map(({ start = 0, end = 0 }) => {
      const [blanks = ''] = /^[ \t]*/.exec(module.text.slice(end, to)) ?? []
      return { start: Math.max(start, from), end: Math.min(end + blanks.length, to) }
    })
    .filter(({ start, end }) => start < end)
}

/** Whether a stretch of a file, with the changes made, shows no text that could be a secret. */
function isOpenToView(module: SourceModule, from: number, to: number, changed: readonly Stretch[]): boolean {
  // Around the scripts of a page there is more than code.
  if (pageEndings.some(ending => module.file.endsWith(ending))) return false
  const isHere = (node: Node): boolean =>
    (node.start ?? 0) < to &&
    (node.end ?? 0) > from &&
    !changed.some(one => one.start <= (node.start ?? 0) && one.end >= (node.end ?? 0))
  const { nodes, types } = module.scopes
  return (
    nodes.filter(node => isText(node) && isHere(node)).every(node => isHarmless(module, node)) &&
    types.filter(isHere).every(type => !/['"`]/.test(module.text.slice(type.start ?? 0, type.end ?? 0)))
  )
}

function isText(node: Node): boolean {
  return ['StringLiteral', 'TemplateElement', 'DirectiveLiteral', 'RegExpLiteral', 'JSXText'].includes(
    node.type,
  )
}

/** Options whose texts are no secrets. */
const openOptions =
  /^(algorithms?|expiresIn|notBefore|maxAge|issuer|audience|subject|keyid|typ|type|role|scope)$/
const secretNames = /secret|pass|pwd|key|token|salt|hash|pin|cred/i
/** Words: a header's name, a role. */
const words = /^[A-Za-z][A-Za-z-]{0,15}( [A-Za-z-]{0,15})?$/
/** Methods whose first argument is a word, or a route. */
const wordMethods = /^(split|replace|startsWith|slice|get|header|send|on|append|has)$/
const routeMethods = /^(get|post|put|patch|delete|all|use|route)$/

/** Texts that people write beside a call of a library: where it comes from, names of members, words. */
function isHarmless(module: SourceModule, node: Node): boolean {
  const text = textOf(node)
  const parent = module.scopes.parentOf(node)
  if (parent === undefined) return false
  if (text.length <= 2) return true
  if (parent.type === 'ImportDeclaration' || parent.type === 'TSExternalModuleReference') return true
  if (isRequired(parent)) return true
  if (/MemberExpression$/.test(parent.type) && 'property' in parent && parent.property === node) return true
  const method =
    parent.type === 'CallExpression' && parent.arguments[0] === node ? methodOf(parent.callee) : ''
  if (routeMethods.test(method) && text.startsWith('/')) return true
  // The name of a setting, which others ask for.
  if (/^get(OrThrow)?$/.test(method) && /^[A-Z][A-Z0-9_]*$/.test(text)) return true
  const [name] = [...module.scopes.around(node)].flatMap(namesOf)
  if (name !== undefined && openOptions.test(name)) return true
  const isNamed = parent.type === 'ObjectProperty' && name !== undefined && !secretNames.test(name)
  return words.test(text) && (isNamed || wordMethods.test(method))
}

function textOf(node: Node): string {
  if (node.type === 'StringLiteral' || node.type === 'DirectiveLiteral' || node.type === 'JSXText')
    return node.value
  if (node.type === 'TemplateElement') return node.value.raw
  return node.type === 'RegExpLiteral' ? node.pattern : ''
}

function isRequired(parent: Node): boolean {
  return (
    parent.type === 'ImportExpression' ||
    (parent.type === 'CallExpression' &&
      parent.callee.type === 'Identifier' &&
      parent.callee.name === 'require')
  )
}

function methodOf(callee: Node): string {
  const isMember = callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression'
  return isMember && callee.property.type === 'Identifier' ? callee.property.name : ''
}

/** What a text is called, by the property that it is put into. */
function namesOf(node: Node): string[] {
  if (node.type === 'ObjectProperty') return node.key.type === 'Identifier' ? [node.key.name] : ['secret']
  return []
}
