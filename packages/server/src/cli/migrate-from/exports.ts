// What a module gives to others, of both kinds of modules.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import { type Given, targetsOf } from './scopes.ts'
import { bare, nameOfKey } from './syntax.ts'

export interface ModuleExports {
  readonly names: Map<string, Given[]>
  /** Handed on from another module under a name. */
  readonly again: Map<string, { readonly from: string; readonly name: string }>
  /** Modules of which everything is handed on. */
  readonly all: string[]
  /** What the whole module is: of `module.exports = …`, `export = …`, or JSON. */
  readonly whole: Node[]
  isCommonJs: boolean
}

const known = new WeakMap<SourceModule, ModuleExports>()

export function moduleExports(module: SourceModule): ModuleExports {
  const before = known.get(module)
  if (before !== undefined) return before
  const exports: ModuleExports = { names: new Map(), again: new Map(), all: [], whole: [], isCommonJs: false }
  known.set(module, exports)
  if (module.root.type !== 'Program') exports.whole.push(module.root)
  for (const node of module.scopes.nodes) read(node, exports)
  return exports
}

function read(node: Node, exports: ModuleExports): void {
  switch (node.type) {
    case 'ExportDefaultDeclaration':
      exports.names.set('default', [{ node: node.declaration, path: [] }])
      return
    case 'ExportAllDeclaration':
      exports.all.push(node.source.value)
      return
    case 'TSExportAssignment':
      exports.whole.push(node.expression)
      return
    case 'ExportNamedDeclaration':
      for (const one of node.specifiers) readSpecifier(one, node.source?.value, exports)
      if (node.declaration) readDeclaration(node.declaration, exports)
      return
    case 'AssignmentExpression':
      readAssignment(node.left, node.right, exports)
      return
  }
}

function readSpecifier(one: Node, from: string | undefined, exports: ModuleExports): void {
  if (one.type === 'ExportNamespaceSpecifier' && from !== undefined)
    exports.again.set(nameOfKey(one.exported, false) ?? '', { from, name: '*' })
  if (one.type !== 'ExportSpecifier') return
  const name = nameOfKey(one.exported, false) ?? ''
  if (from === undefined) exports.names.set(name, [{ node: one.local, path: [] }])
  else exports.again.set(name, { from, name: nameOfKey(one.local, false) ?? '' })
}

function readDeclaration(declaration: Node, exports: ModuleExports): void {
  if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
    if (declaration.id) exports.names.set(declaration.id.name, [{ node: declaration, path: [] }])
    return
  }
  if (declaration.type !== 'VariableDeclaration') return
  for (const { id } of declaration.declarations)
    for (const { target } of targetsOf(id, undefined))
      if (target.type === 'Identifier') exports.names.set(target.name, [{ node: target, path: [] }])
}

/** `module.exports = …`, `module.exports.name = …`, `exports.name = …`. */
function readAssignment(left: Node, right: Node, exports: ModuleExports): void {
  const target = bare(left)
  if (target.type !== 'MemberExpression') return
  if (isModuleExports(target)) {
    exports.isCommonJs = true
    exports.whole.push(right)
    return
  }
  const object = bare(target.object)
  const isExports = (object.type === 'Identifier' && object.name === 'exports') || isModuleExports(object)
  const name = nameOfKey(target.property, target.computed)
  if (!isExports || name === undefined) return
  exports.isCommonJs = true
  exports.names.set(name, [...(exports.names.get(name) ?? []), { node: right, path: [] }])
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    nameOfKey(node.property, node.computed) === 'exports'
  )
}
