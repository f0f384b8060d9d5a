// Where a module names jsonwebtoken: the lines that change in the first step.
import type { Node, StringLiteral } from '@babel/types'
import type { SourceModule } from './application.ts'
import type { PlannedChange } from './planned-change.ts'
import type { SurveyContext } from './survey-context.ts'
import { dropIn, type Place, positionOf } from './value.ts'

const library = 'jsonwebtoken'

export interface Import {
  /** The statement, or the call. */
  readonly at: Place
  /** The module's name. */
  readonly source: StringLiteral
}

/** Every place that names a module. */
export function importsOf(module: SourceModule, name: string): Import[] {
  return module.scopes.nodes.flatMap(node => {
    const source = sourceOf(node)
    return source?.value === name ? [{ at: { module, node }, source }] : []
  })
}

/** The first step: every place that names the library gets the drop-in's name. */
export function importChanges(module: SourceModule, { changes }: SurveyContext): PlannedChange[] {
  const whole = importsOf(module, library).map(({ at, source }) => {
    const quote = module.text.charAt(source.start ?? 0)
    changes.replace({ module, node: source }, `${quote}${dropIn}${quote}`)
    return planned(at, 'The import.', changes.linesOf(at))
  })
  const deep = module.scopes.nodes.filter(node => sourceOf(node)?.value.startsWith(`${library}/`))
  const what = `A file inside jsonwebtoken. What it has, ${dropIn} exports by name.`
  return [...whole, ...deep.map(node => planned({ module, node }, what, []))]
}

function planned(at: Place, what: string, becomes: readonly string[]): PlannedChange {
  return { file: at.module.file, ...positionOf(at), step: 1, what, becomes }
}

/** Functions that take a module's name first: those of test runners, and Node's own. */
const takesName =
  /^(require|import|mock|unmock|doMock|dontMock|requireActual|requireMock|importActual|importMock|resolve|proxyquire|registerMock)$/

function sourceOf(node: Node): StringLiteral | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return node.source
    case 'ExportNamedDeclaration':
      return node.source ?? undefined
    case 'ImportExpression':
      return literal(node.source)
    case 'TSExternalModuleReference':
      return literal(node.expression)
    case 'TSModuleDeclaration':
      return literal(node.id)
    case 'CallExpression':
      return takesName.test(calledName(node.callee)) ? literal(node.arguments[0]) : undefined
    default:
      return undefined
  }
}

function literal(node: Node | null | undefined): StringLiteral | undefined {
  return node?.type === 'StringLiteral' ? node : undefined
}

function calledName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') return callee.property.name
  return ''
}
