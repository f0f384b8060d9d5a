// What an expression is worth, as far as that can be read without running it: across names, patterns, objects, simple
// functions and the modules of the application. What cannot be read is unknown, and says by which names it came.
import type { CallExpression, Node, OptionalCallExpression } from '@babel/types'
import type { Application, SourceModule } from './application.ts'
import { moduleExports } from './exports.ts'
import { fieldsOf, membersOf } from './members.ts'
import type { Given } from './scopes.ts'
import { bare, childrenOf, isFunction, nameOfKey, ownNodes } from './syntax.ts'
import {
  bound,
  computed,
  dropIn,
  either,
  libraries,
  memberOfUnknown,
  type Place,
  promisedOf,
  textOf,
  unknown,
  type Value,
} from './value.ts'

export type Call = CallExpression | OptionalCallExpression

/** How many steps are followed from one expression to the next. */
const mostSteps = 200
const environmentModules = ['node:process', 'process']

export class Values {
  readonly #application: Application
  readonly #known = new WeakMap<Node, Value>()
  readonly #open = new Set<Node>()
  readonly #openMembers = new WeakMap<Node, Set<string>>()
  #depth = 0

  constructor(application: Application) {
    this.#application = application
  }

  of({ module, node }: Place): Value {
    const expression = bare(node)
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    const at = { module, node: expression }
    // A value that hangs on itself is not known; nor is what is too far away.
    if (this.#open.has(expression) || this.#depth > mostSteps) return unknown(at)
    this.#open.add(expression)
    this.#depth++
    const value = this.#read(at)
    this.#depth--
    this.#open.delete(expression)
    this.#known.set(expression, value)
    return value
  }

  /** A member of a value; `nothing` where it surely has none of that name. */
  member(value: Value, name: string, at: Place): Value {
    switch (value.kind) {
      case 'object':
        return this.#guarded(value.at.node, name, at, () => this.#memberOfObject(value, name, at))
      case 'module':
        return this.#guarded(value.module.root, name, at, () => this.#exported(value.module, name, at))
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

  /** What hangs on itself, such as `x = { ...x }`, is not known; nor what is too far away. */
  #guarded(node: Node, name: string, at: Place, read: () => Value): Value {
    const names = this.#openMembers.get(node) ?? new Set()
    if (names.has(name) || this.#depth > mostSteps) return unknown(at)
    this.#openMembers.set(node, names.add(name))
    this.#depth++
    const value = read()
    this.#depth--
    names.delete(name)
    return value
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
      case 'ClassDeclaration':
      case 'ClassExpression':
        return { kind: 'object', added: undefined, at }
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

  #memberOfThis(name: string, at: Place): Value {
    const { module } = at
    const body = [...module.scopes.around(at.node)].find(one => one.type === 'ClassBody')
    const given = body === undefined ? [] : (fieldsOf(body).get(name) ?? [])
    const values = given.map(node => this.of({ module, node }))
    return values.length === 0 ? unknown(at, ['this', name]) : either(values, at)
  }

  #memberOfObject(object: Value & { kind: 'object' }, name: string, at: Place): Value {
    const { module, node } = object.at
    const added = object.added?.get(name)
    if (added !== undefined) return either(this.#given(added, object.at), at)
    // What comes later wins; what is not known may have brought the member.
    let isOpen = node.type !== 'ObjectExpression'
    for (const member of membersOf(node).toReversed()) {
      if (member.kind === 'own' && member.name !== name) {
        isOpen ||= member.name === undefined
        continue
      }
      const value = this.of({ module, node: member.node })
      if (member.kind === 'own')
        return isOpen && node.type === 'ObjectExpression'
          ? either([value, unknown(at, ['...', name])], at)
          : value
      const inside = this.member(value, name, at)
      if (inside.kind === 'unknown') isOpen = true
      else if (inside.kind !== 'nothing') return inside
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

  #called({ callee, arguments: given }: Call, at: Place): Value {
    const [first] = given
    const argument = first === undefined ? unknown(at) : this.of({ module: at.module, node: first })
    const known = first === undefined ? undefined : this.#calledByName(callee, [first, given[1]], at)
    if (known !== undefined) return known
    const value = this.of({ module: at.module, node: callee })
    switch (value.kind) {
      case 'function':
        return this.returned(value.at, at)
      case 'library':
        return value.path.at(-1) === 'bind'
          ? { ...value, path: [...value.path.slice(0, -1), bound], at }
          : unknown(at, value.path)
      case 'unknown':
        return this.#setting(value.chain, argument, at) ?? this.#ofUnknown(value.chain, callee, at)
      default:
        return unknown(at, [value.kind])
    }
  }

  /** Functions of Node and of the language, which are known by their names. */
  #calledByName(
    callee: Node,
    [first, second]: readonly [Node, Node | undefined],
    at: Place,
  ): Value | undefined {
    const names = calleeNames(callee)
    const last = names.at(-1) ?? ''
    const isGlobal = names.length === 1 && at.module.scopes.find(last, callee) === undefined
    if (isGlobal && last === 'require') return this.#required(first, at)
    const argument = (): Value => this.of({ module: at.module, node: first })
    if (isGlobal && last === 'String') return argument()
    if (/^promisify(All)?$/.test(last)) return promisedOf(argument(), last === 'promisifyAll', at)
    const isPassed = passesOn.has(names.slice(-2).join('.')) || passesOn.has(last)
    return isPassed ? this.#encoded(argument(), second, at) : undefined
  }

  /** `secret.trim()` is the secret; any other call is as unknown as what it is called on, and says so. */
  #ofUnknown(chain: readonly string[], callee: Node, at: Place): Value {
    const name = chain.at(-1) ?? ''
    if (callee.type === 'MemberExpression' && ['toString', 'trim', 'valueOf'].includes(name)) {
      const text = this.of({ module: at.module, node: callee.object })
      if (text.kind !== 'unknown') return text
    }
    return unknown(at, [...chain.slice(0, -1), `${name}()`])
  }

  /**
   * A setting that is asked for by its name: `config.get('jwt.secret')` of the package config, from the files of its
   * folder; `configService.get('JWT_SECRET')` and its kin, from the environment.
   */
  #setting(chain: readonly string[], name: Value, at: Place): Value | undefined {
    const [first = '', ...rest] = chain
    if (name.kind !== 'text' || !/^get(OrThrow)?$/.test(rest.at(-1) ?? '')) return undefined
    if (first === 'config') return this.#configured(name.text.split('.'), at)
    const isOfSettings = /config|env|setting/i.test(chain.at(-2) ?? '')
    return isOfSettings && /^[A-Z][A-Z0-9_]+$/.test(name.text)
      ? { kind: 'environment', name: name.text, at }
      : undefined
  }

  #configured(path: readonly string[], at: Place): Value | undefined {
    const found = this.#application.settings.flatMap((module): Value[] => {
      const whole = this.#exported(module, 'default', { module, node: module.root })
      const value = path.reduce((one, name) => this.member(one, name, at), whole)
      if (value.kind === 'nothing') return []
      // This file says which variable has the setting.
      const isName = value.kind === 'text' && module.file.includes('custom-environment-variables')
      return [isName ? { kind: 'environment', name: value.text, at } : value]
    })
    return found.length === 0 ? undefined : either(found, at)
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

/** `util.promisify` as util and promisify. */
function calleeNames(callee: Node): string[] {
  const node = bare(callee)
  if (node.type === 'Identifier') return [node.name]
  if (node.type === 'NewExpression') return calleeNames(node.callee)
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return []
  return [...calleeNames(node.object), nameOfKey(node.property, node.computed) ?? '?']
}
