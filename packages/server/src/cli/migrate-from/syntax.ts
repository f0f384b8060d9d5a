// JavaScript and TypeScript as a tree: which dialect a file is written in, and what lies below a node.
import { type ParserPlugin, parse, parseExpression } from '@babel/parser'
import type { Comment, Expression, Node } from '@babel/types'

/** A file's code, and the comments in it. */
export interface Syntax {
  readonly root: Node
  readonly comments: readonly Comment[]
}

/** Where a piece of code begins: both counted from one, as editors do. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Refused {
  readonly refusedAt: Position
}

/** What each ending may be written in; the next is tried where one does not fit. */
const dialects: Readonly<Record<string, readonly (readonly ParserPlugin[])[]>> = {
  '.js': [['jsx', 'decorators-legacy'], ['jsx', 'flow', 'decorators-legacy'], ['decorators-legacy']],
  '.ts': [['typescript', 'decorators-legacy']],
  '.tsx': [['typescript', 'jsx', 'decorators-legacy']],
}
const dialectOf: Readonly<Record<string, string>> = {
  '.js': '.js',
  '.mjs': '.js',
  '.cjs': '.js',
  '.jsx': '.js',
  '.ts': '.ts',
  '.mts': '.ts',
  '.cts': '.ts',
  '.tsx': '.tsx',
}

export const sourceEndings: readonly string[] = Object.keys(dialectOf)

/** Reads a file's code. What is no code is refused, with the place; the parser's words are not, they may quote it. */
export function readSyntax(text: string, ending: string): Syntax | Refused {
  let refused: Refused = { refusedAt: { line: 1, column: 1 } }
  for (const plugins of dialects[dialectOf[ending] ?? '.js'] ?? []) {
    try {
      const root = parse(text, {
        sourceType: 'unambiguous',
        plugins: [...plugins],
        errorRecovery: true,
        attachComment: false,
        createParenthesizedExpressions: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowImportExportEverywhere: true,
        allowSuperOutsideMethod: true,
        allowNewTargetOutsideFunction: true,
        allowUndeclaredExports: true,
      })
      return { root: root.program, comments: root.comments ?? [] }
    } catch (failure) {
      refused = { refusedAt: placeOfFailure(failure) }
    }
  }
  return refused
}

/** JSON, and what people write in its place: comments and commas at the end are let pass. */
export function readJson(text: string): Expression | undefined {
  try {
    return parseExpression(text, { attachComment: false })
  } catch {
    return undefined
  }
}

function placeOfFailure(failure: unknown): Position {
  const at: unknown = failure instanceof Error && 'loc' in failure ? failure.loc : undefined
  if (typeof at !== 'object' || at === null || !('line' in at) || !('column' in at))
    return { line: 1, column: 1 }
  return { line: Number(at.line), column: Number(at.column) + 1 }
}

/** Where an offset of a text is. */
export function positionAt(text: string, offset: number): Position {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < lineStart; at = text.indexOf('\n', at + 1)) line++
  return { line, column: offset - lineStart + 1 }
}

/** Members of a node that hold no code that runs. */
const types = [
  ...['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeArguments', 'implements'],
]
const notCode = new Set([
  ...['loc', 'extra', 'errors', 'tokens', 'comments', 'leadingComments', 'trailingComments', 'innerComments'],
  ...types,
])

/** The nodes below, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  return nodesAt(
    node,
    Object.keys(node).filter(name => !notCode.has(name)),
  )
}

/** The types that stand at a node. They mean nothing here, and a text in one may be a secret all the same. */
export function typesOf(node: Node): Node[] {
  return nodesAt(node, types)
}

function nodesAt(node: Node, names: readonly string[]): Node[] {
  const members = new Map<string, unknown>(Object.entries(node))
  return names.flatMap(name => {
    const value = members.get(name)
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** A node and all below it, without going into functions inside it. */
export function* ownNodes(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) if (!isFunction(child)) yield* ownNodes(child)
}

/** A node and all below it. */
export function* allNodes(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* allNodes(child)
}

const functionTypes: readonly string[] = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]

export function isFunction(node: Node): boolean {
  return functionTypes.includes(node.type)
}

/** The name of a property or a member where it is written out: `a.b`, `a['b']`, `{ b }`, `{ 'b': 1 }`. */
export function nameOfKey(key: Node, isComputed: boolean): string | undefined {
  if (key.type === 'StringLiteral') return key.value
  if (key.type === 'NumericLiteral') return String(key.value)
  if (key.type === 'PrivateName') return `#${key.id.name}`
  if (key.type === 'Identifier' && !isComputed) return key.name
  return undefined
}

/** An expression without what types and brackets put around it. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
    case 'TSInstantiationExpression':
      return bare(node.expression)
    default:
      return node
  }
}
