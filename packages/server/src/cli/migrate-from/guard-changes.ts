// The second step: guards of express-jwt become guards of Latchkey, and what handlers read of the caller with them.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import type { LibraryCall } from './calls.ts'
import type { Changes } from './changes.ts'
import { rewriteGuard, rewriteGuardImport } from './guard-rules.ts'
import type { PlannedChange } from './planned-change.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { nameOfKey } from './syntax.ts'
import { positionOf } from './value.ts'

const kept = 'The guard stays as it is written.'
const unwritten =
  'The guard becomes protect of latchkey/express; docs/migrate/express-jwt.md has each option.'
const callerWords = /\breq(?:uest)?\.auth\b/

/** The changes that replace guards, in all files. */
export function guardChanges(
  calls: readonly LibraryCall[],
  files: readonly string[],
  context: SurveyContext,
): PlannedChange[] {
  const guards = calls.filter(({ verb }) => verb === 'guard')
  if (guards.length === 0) return []
  const { later } = context
  const modules = [...new Set(guards.map(({ module }) => module))]
  const planned = modules.flatMap(module =>
    changesIn(
      module,
      guards.filter(call => call.module === module),
      context,
      later,
    ),
  )
  const { application } = context
  const readers = files
    .filter(file => callerWords.test(application.text(file)))
    .flatMap(file => application.module(file) ?? [])
  return [...planned, ...readers.flatMap(module => callerChanges(module, later))]
}

function changesIn(
  module: SourceModule,
  guards: readonly LibraryCall[],
  context: SurveyContext,
  later: Changes,
): PlannedChange[] {
  const written = guards.map(call => ({ call, isWritten: rewriteGuard(call, context, later) }))
  const isWhole = written.every(({ isWritten }) => isWritten)
  // Beside a guard that stays, the new ones go by their own name.
  if (!isWhole)
    for (const { call, isWritten } of written)
      if (isWritten) later.replace({ module, node: call.node.callee }, 'protect')
  const imports = module.scopes.nodes.filter(node => namesExpressJwt(node, module))
  return [
    ...imports.map(node => importChange(module, node, isWhole, later)),
    ...written.map(({ call, isWritten }): PlannedChange => {
      const becomes = isWritten ? later.linesOf(placeOf(call)) : []
      const what = isWritten ? (becomes.length === 0 ? kept : 'The guard.') : unwritten
      return { ...spotOf(module, call.node), step: 2, what, becomes }
    }),
  ]
}

function spotOf(module: SourceModule, node: Node) {
  return { file: module.file, ...positionOf({ module, node }) }
}

function namesExpressJwt(node: Node, module: SourceModule): boolean {
  if (node.type === 'ImportDeclaration') return node.source.value === 'express-jwt'
  return (
    node.type === 'VariableDeclarator' && /^require\(['"]express-jwt['"]\)$/.test(textOf(module, node.init))
  )
}

function textOf({ text }: SourceModule, node: Node | null | undefined): string {
  return text.slice(node?.start ?? 0, node?.end ?? 0)
}

function importChange(module: SourceModule, node: Node, isWhole: boolean, later: Changes): PlannedChange {
  const rewritten = isWhole ? rewriteGuardImport(node) : undefined
  if (rewritten !== undefined) later.replace({ module, node }, rewritten)
  const beside =
    node.type === 'ImportDeclaration'
      ? "import { protect } from 'latchkey/express'"
      : "const { protect } = require('latchkey/express')"
  return {
    ...spotOf(module, node),
    step: 2,
    what: rewritten === undefined ? "The guard's import, beside the old one for now." : "The guard's import.",
    becomes: rewritten === undefined ? [beside] : later.linesOf({ module, node }),
  }
}

/** `req.auth.sub` is `req.auth.subject`, and every other claim is below `req.auth.claims`. */
function callerChanges(module: SourceModule, later: Changes): PlannedChange[] {
  return module.scopes.nodes.flatMap(node => {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return []
    const name = nameOfKey(node.property, node.computed)
    if (name === undefined || !isCaller(node.object) || counterparts.includes(name)) return []
    if (name === 'sub')
      later.replace({ module, node: node.property }, node.computed ? "'subject'" : 'subject')
    else
      later.insert(
        module,
        node.object.end ?? 0,
        node.type === 'OptionalMemberExpression' && node.optional ? '?.claims' : '.claims',
      )
    const place = { module, node }
    return [
      {
        ...spotOf(module, node),
        step: 2 as const,
        what: 'What a handler reads of the caller.',
        becomes: later.linesOf(place),
      },
    ]
  })
}

/** Names that the caller of Latchkey's guards has itself. */
const counterparts = ['claims', 'subject', 'token', 'header', 'scopes', 'has', 'is']

function isCaller(node: Node): boolean {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false
  const isRequest = node.object.type === 'Identifier' && /^req(uest)?$/.test(node.object.name)
  return isRequest && nameOfKey(node.property, node.computed) === 'auth'
}
