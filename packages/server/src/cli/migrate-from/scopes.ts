// Which name means what in a file: every binding with all that it may have been given, by the rules of JavaScript's
// scopes.
import type { Function as FunctionNode, Node, VariableDeclaration } from '@babel/types'
import { bare, childrenOf, isFunction, nameOfKey, typesOf } from './syntax.ts'

/** A value that was put somewhere: an expression, or the member of one that a pattern takes out. */
export interface Given {
  readonly node: Node
  readonly path: readonly string[]
}

export interface Binding {
  readonly given: Given[]
  /** What was put at its members: `options.expiresIn = '1h'`. */
  readonly members: Map<string, Given[]>
  /** It may hold what is not seen: a parameter, a loop's item. */
  isOpen: boolean
  /** From another module: the member of it, `*` for all of it. */
  imported?: { readonly from: string; readonly name: string }
}

class Scope {
  readonly names = new Map<string, Binding>()
  readonly parent: Scope | undefined
  readonly isFunction: boolean

  constructor(parent: Scope | undefined, isOfFunction: boolean) {
    this.parent = parent
    this.isFunction = isOfFunction
  }

  declare(name: string): Binding {
    const known = this.names.get(name)
    if (known !== undefined) return known
    const binding: Binding = { given: [], members: new Map(), isOpen: false }
    this.names.set(name, binding)
    return binding
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name)
  }

  get ofFunction(): Scope {
    return this.isFunction || this.parent === undefined ? this : this.parent.ofFunction
  }
}

/** What is outside a pattern's own default: nothing seen, or an expression. */
type Origin = Given | undefined

export class Scopes {
  /** Every node of the file, in the order of the text. */
  readonly nodes: Node[] = []
  /** The types that stand at them. */
  readonly types: Node[] = []
  readonly #parents = new Map<Node, Node>()
  readonly #scopes = new Map<Node, Scope>()
  readonly #assignments: { readonly target: Node; readonly value: Origin; readonly scope: Scope }[] = []

  constructor(root: Node) {
    const scope = new Scope(undefined, true)
    this.#scopes.set(root, scope)
    this.#enter(root, scope)
    for (const { target, value, scope: at } of this.#assignments) this.#assign(target, value, at)
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node)
  }

  /** The nodes around one, from the inside. */
  *around(node: Node): Generator<Node> {
    for (let at = this.parentOf(node); at !== undefined; at = this.parentOf(at)) yield at
  }

  find(name: string, at: Node): Binding | undefined {
    for (let node: Node | undefined = at; node !== undefined; node = this.parentOf(node)) {
      const scope = this.#scopes.get(node)
      if (scope !== undefined) return scope.find(name)
    }
    return undefined
  }

  /** Where else in the file a name that is declared or used at a node stands for the same. */
  usesOf(name: string, at: Node): Node[] {
    const binding = this.find(name, at)
    return this.nodes.filter(
      node =>
        node !== at &&
        node.type === 'Identifier' &&
        node.name === name &&
        this.#isName(node) &&
        this.find(name, node) === binding,
    )
  }

  /** Not the name of a member or a property, which is another thing. */
  #isName(node: Node): boolean {
    const parent = this.parentOf(node)
    if (parent === undefined) return true
    const isMember = /MemberExpression$/.test(parent.type) && 'property' in parent && parent.property === node
    const isKey = 'key' in parent && parent.key === node
    return !(isMember || isKey) || ('computed' in parent && parent.computed === true)
  }

  #enter(node: Node, scope: Scope): void {
    this.nodes.push(node)
    this.types.push(...typesOf(node))
    // Offsets say as much, and this is half of a tree's memory.
    node.loc = null
    const inner = this.#open(node, scope)
    this.#declare(node, inner, scope)
    for (const child of childrenOf(node)) {
      this.#parents.set(child, node)
      this.#enter(child, inner)
    }
  }

  /** The scope that a node opens, or the one around it. */
  #open(node: Node, scope: Scope): Scope {
    const opens =
      isFunction(node) ||
      ['ClassExpression', 'ClassDeclaration', 'CatchClause', 'StaticBlock'].includes(node.type)
    const isBlock = /^(BlockStatement|For|SwitchStatement|TSModuleBlock)/.test(node.type)
    if (!opens && !isBlock) return scope
    const inner = new Scope(scope, isFunction(node))
    this.#scopes.set(node, inner)
    return inner
  }

  #declare(node: Node, inner: Scope, outer: Scope): void {
    switch (node.type) {
      case 'VariableDeclaration':
        this.#variables(node, outer)
        return
      case 'ForOfStatement':
      case 'ForInStatement':
        if (node.left.type === 'VariableDeclaration')
          for (const { id } of node.left.declarations) this.#pattern(id, undefined, inner, true)
        return
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (node.id) outer.declare(node.id.name).given.push({ node, path: [] })
        break
      case 'FunctionExpression':
      case 'ClassExpression':
        if (node.id) inner.declare(node.id.name).given.push({ node, path: [] })
        break
      case 'CatchClause':
        if (node.param) this.#pattern(node.param, undefined, inner, true)
        return
      case 'AssignmentExpression':
        this.#assignments.push({
          target: node.left,
          value: assigned(node.operator, node.right),
          scope: outer,
        })
        return
      case 'UpdateExpression':
        this.#assignments.push({ target: node.argument, value: undefined, scope: outer })
        return
      case 'ImportDeclaration':
      case 'TSImportEqualsDeclaration':
        declareImports(node, outer)
        return
    }
    if (isFunction(node)) this.#parameters(node, inner)
  }

  #variables({ kind, declarations }: VariableDeclaration, scope: Scope): void {
    const at = kind === 'var' ? scope.ofFunction : scope
    for (const { id, init } of declarations) {
      // Without a value a pattern stands in a loop's head.
      const isOpen = !init && id.type !== 'Identifier'
      this.#pattern(id, init ? { node: init, path: [] } : undefined, at, isOpen)
    }
  }

  #parameters(node: Node, scope: Scope): void {
    // The table of function types says that it is one.
    for (const parameter of (node as FunctionNode).params) {
      const pattern = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter
      this.#pattern(pattern, undefined, scope, true)
    }
  }

  /** Declares the names of a pattern, with what each takes out of the origin. */
  #pattern(pattern: Node, origin: Origin, scope: Scope, isOpen: boolean): void {
    for (const { target, value } of targetsOf(pattern, origin)) {
      if (target.type !== 'Identifier') continue
      const binding = scope.declare(target.name)
      binding.given.push(...value)
      binding.isOpen ||= isOpen
    }
  }

  #assign(pattern: Node, origin: Origin, scope: Scope): void {
    for (const { target, value } of targetsOf(pattern, origin)) {
      if (target.type === 'Identifier') {
        const binding = scope.find(target.name)
        binding?.given.push(...value)
        if (binding !== undefined && value.length === 0) binding.isOpen = true
      } else if (target.type === 'MemberExpression' && target.object.type === 'Identifier') {
        const name = nameOfKey(target.property, target.computed)
        const members = scope.find(target.object.name)?.members
        if (name !== undefined) members?.set(name, [...(members.get(name) ?? []), ...value])
      }
    }
  }
}

/** `+=` and its kin make something that is not seen; `??=` and `||=` may put the right side there. */
function assigned(operator: string, right: Node): Origin {
  return ['=', '??=', '||='].includes(operator) ? { node: right, path: [] } : undefined
}

function declareImports(node: Node, scope: Scope): void {
  if (node.type === 'TSImportEqualsDeclaration') {
    if (node.moduleReference.type !== 'TSExternalModuleReference') return
    const { expression } = node.moduleReference
    if (expression.type === 'StringLiteral')
      scope.declare(node.id.name).imported = { from: expression.value, name: '*' }
    return
  }
  if (node.type !== 'ImportDeclaration') return
  for (const one of node.specifiers) {
    const name =
      one.type === 'ImportNamespaceSpecifier'
        ? '*'
        : one.type === 'ImportDefaultSpecifier'
          ? 'default'
          : (nameOfKey(one.imported, false) ?? '')
    scope.declare(one.local.name).imported = { from: node.source.value, name }
  }
}

interface Target {
  readonly target: Node
  readonly value: readonly Given[]
}

/** The names and members that a pattern fills, each with what may come there. */
export function targetsOf(pattern: Node, origin: Origin, defaults: readonly Given[] = []): Target[] {
  const node = bare(pattern)
  const inside = (name: string): Origin => origin && { node: origin.node, path: [...origin.path, name] }
  switch (node.type) {
    case 'AssignmentPattern':
      return targetsOf(node.left, origin, [...defaults, { node: node.right, path: [] }])
    case 'ObjectPattern':
      return node.properties.flatMap(property =>
        property.type === 'RestElement'
          ? targetsOf(property.argument, undefined)
          : targetsOf(property.value, inside(nameOfKey(property.key, property.computed) ?? '?')),
      )
    case 'ArrayPattern':
      return node.elements.flatMap((element, at) =>
        element === null
          ? []
          : element.type === 'RestElement'
            ? targetsOf(element.argument, undefined)
            : targetsOf(element, inside(String(at))),
      )
    case 'RestElement':
      return targetsOf(node.argument, undefined)
    default:
      return [{ target: node, value: [...(origin === undefined ? [] : [origin]), ...defaults] }]
  }
}
