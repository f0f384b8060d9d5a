// Where a module names jsonwebtoken: the lines that change in the first step.
import type { Node, StringLiteral } from '@babel/types'
import type { SourceModule } from './application.ts'
import type { SurveyContext } from './survey-context.ts'
import { dropIn, type Place } from './value.ts'

const library = 'jsonwebtoken'

export interface ImportOfLibrary {
  /** The statement, or the call. */
  readonly at: Place
  /** A file inside the library, which the drop-in does not have. */
  readonly isDeep: boolean
}

/** Every place that names the library as a module; writes the drop-in's name there. */
export function changeImports(module: SourceModule, { changes }: SurveyContext): ImportOfLibrary[] {
  return module.scopes.nodes.flatMap((node): ImportOfLibrary[] => {
    const source = sourceOf(node)
    if (source === undefined) return []
    if (source.value === library) {
      const quote = module.text.charAt(source.start ?? 0)
      changes.replace({ module, node: source }, `${quote}${dropIn}${quote}`)
      return [{ at: { module, node }, isDeep: false }]
    }
    return source.value.startsWith(`${library}/`) ? [{ at: { module, node }, isDeep: true }] : []
  })
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
