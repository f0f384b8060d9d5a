// What an expression is worth, as far as that can be read without running it: across names, patterns, objects, simple
// functions and the modules of the application. What cannot be read is unknown, and says by which names it came.
import type { CallExpression, Node, OptionalCallExpression } from '@babel/types'
import type { Application, SourceModule } from './application.ts'
import { moduleExports } from './exports.ts'
import type { Binding, Given } from './scopes.ts'
import { bare, childrenOf, isFunction, nameOfKey, ownNodes } from './syntax.ts'

export const libraries = ['jsonwebtoken', 'express-jwt'] as const
/** What takes the place of jsonwebtoken: its calls are looked at as well. */
export const dropIn = 'latchkey/jsonwebtoken'
export type Library = (typeof libraries)[number]

/** A piece of code, and the file it stands in. */
export interface Place {
  readonly module: SourceModule
  readonly node: Node
}

export type Value =
  /** Text that is written in the code. It may be a secret: it is never shown. */
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number; readonly at: Place }
  | { readonly kind: 'number'; readonly number: number; readonly at: Place }
  | { readonly kind: 'truth'; readonly isTrue: boolean; readonly at: Place }
  | { readonly kind: 'nothing'; readonly at: Place }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly at: Place }
  | { readonly kind: 'object'; readonly added: Binding['members'] | undefined; readonly at: Place }
  | { readonly kind: 'function'; readonly at: Place }
  | { readonly kind: 'module'; readonly module: SourceModule; readonly at: Place }
  /** The library itself, or a member of it. */
  | {
      readonly kind: 'library'
      readonly library: Library
      readonly path: readonly string[]
      readonly at: Place
    }
  | { readonly kind: 'environment'; readonly name: string; readonly at: Place }
  | { readonly kind: 'either'; readonly values: readonly Value[]; readonly at: Place }
  | { readonly kind: 'unknown'; readonly chain: readonly string[]; readonly at: Place }

export type Call = CallExpression | OptionalCallExpression

/** Members of a library's path that are no members: what was done to the function. */
export const promised = '(promised)'
const bound = '(bound)'

/** How `process.env` is spelled. */
const environments = ['process.env', 'import.meta.env', 'Bun.env']
const environmentModules = ['node:process', 'process']

export class Values {
  readonly #application: Application
  readonly #known = new WeakMap<Node, Value>()
  readonly #open = new Set<Node>()

  constructor(application: Application) {
    this.#application = application
  }

  of({ module, node }: Place): Value {
    const expression = bare(node)
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    const at = { module, node: expression }
    // A value that hangs on itself is not known.
    if (this.#open.has(expression) || this.#open.size > 200) return unknown(at)
    this.#open.add(expression)
    const value = this.#read(at)
    this.#open.delete(expression)
    this.#known.set(expression, value)
    return value
  }

  /** A member of a value; `nothing` where it surely has none of that name. */
  member(value: Value, name: string, at: Place): Value {
    switch (value.kind) {
      case 'object':
        return this.#memberOfObject(value, name, at)
      case 'module':
        return this.#exported(value.module, name, at)
      case 'library':
        return { ...value, path: name === 'default' ? value.path : [...value.path, name], at }
      case 'either':
        return either(
          value.values.map(one => this.member(one, name, at)),
          at,
        )
      case 'list':
        return value.items[Number(name)] ?? unknown(at, ['[]', name])
      case 'nothing':
        return value
      case 'unknown':
        return memberOfUnknown(value.chain, name, at)
      default:
        return unknown(at, [value.kind, name])
    }
  }

  /** The values that one may be, without the brackets of `either`. */
  all(value: Value): readonly Value[] {
    return value.kind === 'either' ? value.values.flatMap(one => this.all(one)) : [value]
  }

  #read(at: Place): Value {
    const { node, module } = at
    const of = (one: Node): Value => this.of({ module, node: one })
    switch (node.type) {
      case 'StringLiteral':
        return textOf(node.value, at)
      case 'TemplateLiteral':
        return this.#template(at)
      case 'NumericLiteral':
        return { kind: 'number', number: node.value, at }
      case 'BooleanLiteral':
        return { kind: 'truth', isTrue: node.value, at }
      case 'NullLiteral':
        return { kind: 'nothing', at }
      case 'Identifier':
        return this.#named(node.name, at)
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#memberExpression(node.object, node.property, node.computed, at)
      case 'MetaProperty':
        return unknown(at, ['import', 'meta'])
      case 'ObjectExpression':
        return { kind: 'object', added: undefined, at }
      case 'ArrayExpression':
        return {
          kind: 'list',
          items: node.elements.map(one =>
            one === null || one.type === 'SpreadElement' ? unknown(at) : of(one),
          ),
          at,
        }
      case 'LogicalExpression':
        return node.operator === '&&' ? of(node.right) : either([of(node.left), of(node.right)], at)
      case 'ConditionalExpression':
        return either([of(node.consequent), of(node.alternate)], at)
      case 'BinaryExpression':
        return computed(node.operator, of(node.left), of(node.right), at)
      case 'AwaitExpression':
        return of(node.argument)
      case 'AssignmentExpression':
        return of(node.right)
      case 'SequenceExpression':
        return of(node.expressions.at(-1) ?? node)
      case 'ImportExpression':
        return this.#imported(node.source, at)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#called(node, at)
      case 'NewExpression':
        return unknown(at, [`new ${node.callee.type === 'Identifier' ? node.callee.name : ''}`])
      default:
        return isFunction(node) ? { kind: 'function', at } : unknown(at)
    }
  }

  #template(at: Place): Value {
    if (at.node.type !== 'TemplateLiteral') return unknown(at)
    const { quasis, expressions } = at.node
    if (expressions.length === 0) return textOf(quasis[0]?.value.cooked ?? '', at)
    const [only] = expressions
    // `${secret}` and nothing beside it is the secret.
    const isAlone = expressions.length === 1 && quasis.every(one => one.value.raw === '')
    return isAlone && only !== undefined
      ? this.of({ module: at.module, node: only })
      : unknown(at, ['template'])
  }

  #named(name: string, at: Place): Value {
    if (name === 'undefined') return { kind: 'nothing', at }
    const binding = at.module.scopes.find(name, at.node)
    if (binding === undefined) return unknown(at, [name])
    if (binding.imported !== undefined) {
      const { from, name: member } = binding.imported
      return this.#memberOfModule(from, member, at)
    }
    const values = this.#given(binding.given, at)
    if (binding.isOpen || values.length === 0) values.push(unknown(at, [name]))
    const value = either(values, at)
    return value.kind === 'object' && binding.members.size > 0 ? { ...value, added: binding.members } : value
  }

  #given(given: readonly Given[], { module }: Place): Value[] {
    return given.map(({ node, path }) =>
      path.reduce((value, name) => this.member(value, name, { module, node }), this.of({ module, node })),
    )
  }

  #memberExpression(object: Node, property: Node, isComputed: boolean, at: Place): Value {
    const name = nameOfKey(property, isComputed) ?? '?'
    if (object.type === 'ThisExpression') return this.#memberOfThis(name, at)
    return this.member(this.of({ module: at.module, node: object }), name, at)
  }

  /** A field of the class around: what it was given where it is declared, and by the class's own code. */
  #memberOfThis(name: string, at: Place): Value {
    const { scopes } = at.module
    const around = [...scopes.around(at.node)].find(one => one.type === 'ClassBody')
    if (around?.type !== 'ClassBody') return unknown(at, ['this', name])
    const given: Node[] = []
    for (const member of around.body) {
      if (member.type === 'ClassProperty' && nameOfKey(member.key, member.computed) === name && member.value)
        given.push(member.value)
      for (const one of member.type === 'ClassMethod' ? ownNodes(member.body) : []) {
        if (one.type !== 'AssignmentExpression' || one.left.type !== 'MemberExpression') continue
        const { object, property, computed: isComputed } = one.left
        if (object.type === 'ThisExpression' && nameOfKey(property, isComputed) === name)
          given.push(one.right)
      }
    }
    const values = given.map(node => this.of({ module: at.module, node }))
    return values.length === 0 ? unknown(at, ['this', name]) : either(values, at)
  }

  #memberOfObject(object: Value & { kind: 'object' }, name: string, at: Place): Value {
    const { module, node } = object.at
    const added = object.added?.get(name)
    if (added !== undefined) return either(this.#given(added, object.at), at)
    if (node.type !== 'ObjectExpression') return unknown(at)
    let isOpen = false
    for (const property of node.properties.toReversed()) {
      if (property.type === 'SpreadElement') {
        const value = this.member(this.of({ module, node: property.argument }), name, at)
        if (value.kind === 'unknown') isOpen = true
        else if (value.kind !== 'nothing') return value
        continue
      }
      const key = nameOfKey(property.key, property.computed)
      if (key === undefined) isOpen = true
      if (key !== name) continue
      if (property.type === 'ObjectMethod') return { kind: 'function', at: { module, node: property } }
      const value = this.of({ module, node: property.value })
      return isOpen ? either([value, unknown(at, ['...', name])], at) : value
    }
    return isOpen ? unknown(at, ['...', name]) : { kind: 'nothing', at }
  }

  #memberOfModule(specifier: string, name: string, at: Place): Value {
    const library = libraries.find(one => one === (specifier === dropIn ? 'jsonwebtoken' : specifier))
    if (library !== undefined)
      return { kind: 'library', library, path: name === '*' || name === 'default' ? [] : [name], at }
    const module = this.#application.imported(specifier, at.module)
    if (module === undefined) {
      if (environmentModules.includes(specifier))
        return unknown(at, ['process', ...(name === 'env' ? [name] : [])])
      return unknown(at, [specifier, name])
    }
    return name === '*' ? { kind: 'module', module, at } : this.#exported(module, name, at)
  }

  #exported(module: SourceModule, name: string, at: Place): Value {
    const exports = moduleExports(module)
    const own = exports.names.get(name)
    if (own !== undefined) return either(this.#given(own, { module, node: module.root }), at)
    const again = exports.again.get(name)
    if (again !== undefined)
      return this.#memberOfModule(again.from, again.name, { module, node: module.root })
    const whole = exports.whole.map(node => this.of({ module, node }))
    if (whole.length > 0) {
      const value = either(whole, at)
      return name === 'default' ? value : this.member(value, name, at)
    }
    // `import config from './config'` of a module that sets members of its exports: all of it.
    if (name === 'default' && exports.isCommonJs) return { kind: 'module', module, at }
    const passed = exports.all.map(from => this.#memberOfModule(from, name, { module, node: module.root }))
    return (
      passed.find(one => one.kind !== 'unknown' && one.kind !== 'nothing') ?? unknown(at, [module.file, name])
    )
  }

  #imported(source: Node, at: Place): Value {
    const specifier = this.of({ module: at.module, node: source })
    return specifier.kind === 'text' ? this.#memberOfModule(specifier.text, '*', at) : unknown(at)
  }

  /** All of a module as `require` gives it. */
  #required(source: Node, at: Place): Value {
    const value = this.#imported(source, at)
    if (value.kind !== 'module') return value
    const { whole } = moduleExports(value.module)
    return whole.length === 0
      ? value
      : either(
          whole.map(node => this.of({ module: value.module, node })),
          at,
        )
  }

  #called(call: Call, at: Place): Value {
    const { callee, arguments: given } = call
    const [first] = given
    const firstValue = (): Value =>
      first === undefined ? unknown(at) : this.of({ module: at.module, node: first })
    const isGlobal = (name: string): boolean =>
      callee.type === 'Identifier' &&
      callee.name === name &&
      at.module.scopes.find(name, callee) === undefined
    if (isGlobal('require') && first !== undefined) return this.#required(first, at)
    if (callee.type === 'Import' && first !== undefined) return this.#imported(first, at)
    if (isGlobal('String')) return firstValue()
    const names = calleeNames(callee)
    const last = names.at(-1) ?? ''
    if (/^promisify(All)?$/.test(last)) return promisedOf(firstValue(), last === 'promisifyAll', at)
    if (passesOn.has(names.slice(-2).join('.')) || passesOn.has(last))
      return this.#encoded(firstValue(), given[1], at)
    const value = this.of({ module: at.module, node: callee })
    if (value.kind === 'library' && value.path.at(-1) === 'bind')
      return { ...value, path: [...value.path.slice(0, -1), bound], at }
    if (value.kind === 'function') return this.returned(value.at, at)
    if (callee.type === 'MemberExpression' && ['toString', 'trim', 'valueOf'].includes(last)) {
      const text = this.of({ module: at.module, node: callee.object })
      if (text.kind !== 'unknown') return text
    }
    const chain =
      value.kind === 'unknown' ? value.chain : value.kind === 'library' ? value.path : [value.kind]
    return unknown(at, [...chain.slice(0, -1), `${chain.at(-1) ?? ''}()`])
  }

  /** `Buffer.from('…', 'base64')`: as many bytes as the text stands for. */
  #encoded(value: Value, encoding: Node | undefined, at: Place): Value {
    if (value.kind !== 'text' || encoding === undefined) return value
    const named = this.of({ module: at.module, node: encoding })
    const name = named.kind === 'text' ? named.text : 'utf8'
    return Buffer.isEncoding(name) ? { ...value, bytes: Buffer.from(value.text, name).length } : value
  }

  /** What a function of the application returns. */
  returned(definition: Place, at: Place): Value {
    const { module, node } = definition
    if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement')
      return this.of({ module, node: node.body })
    const body = childrenOf(node).find(one => one.type === 'BlockStatement')
    const values = [...(body === undefined ? [] : ownNodes(body))].flatMap(one =>
      one.type === 'ReturnStatement' && one.argument ? [this.of({ module, node: one.argument })] : [],
    )
    return values.length === 0 ? unknown(at) : either(values, at)
  }
}

/** Calls whose result is their first argument, as bytes or as it was. */
const passesOn = new Set([
  ...['Buffer.from', 'Object.freeze', 'TextEncoder.encode', 'encode', 'createSecretKey', 'createPrivateKey'],
  ...['createPublicKey', 'defineConfig', 'Object.seal'],
])

function textOf(text: string, at: Place): Value {
  return { kind: 'text', text, bytes: Buffer.byteLength(text), at }
}

function unknown(at: Place, chain: readonly string[] = []): Value {
  return { kind: 'unknown', chain, at }
}

function either(values: readonly Value[], at: Place): Value {
  const [only] = values
  if (values.length === 1 && only !== undefined) return only
  return values.length === 0 ? unknown(at) : { kind: 'either', values, at }
}

function memberOfUnknown(chain: readonly string[], name: string, at: Place): Value {
  if (environments.includes(chain.join('.'))) return { kind: 'environment', name, at }
  return unknown(at, [...chain, name])
}

function promisedOf(value: Value, isAll: boolean, at: Place): Value {
  if (value.kind !== 'library') return unknown(at, ['promisify()'])
  return { ...value, path: [...value.path, isAll ? '(all promised)' : promised], at }
}

function computed(operator: string, left: Value, right: Value, at: Place): Value {
  if (operator === '+' && left.kind === 'text' && right.kind === 'text')
    return textOf(left.text + right.text, at)
  const compute = arithmetic[operator]
  if (left.kind === 'number' && right.kind === 'number' && compute !== undefined)
    return { kind: 'number', number: compute(left.number, right.number), at }
  return unknown(at, ['computed'])
}

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
}

/** `util.promisify` as util and promisify. */
function calleeNames(callee: Node): string[] {
  const node = bare(callee)
  if (node.type === 'Identifier') return [node.name]
  if (node.type === 'NewExpression') return calleeNames(node.callee)
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return []
  return [...calleeNames(node.object), nameOfKey(node.property, node.computed) ?? '?']
}
