// The calls of the libraries in a module: which verb, with which arguments, however the function came to be called so.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import { bare } from './syntax.ts'
import { type Library, type Place, promised, type Value } from './value.ts'
import type { Call, Values } from './values.ts'

type Verb = 'sign' | 'verify' | 'decode' | 'guard'

export interface LibraryCall {
  readonly verb: Verb
  readonly module: SourceModule
  readonly node: Call
  readonly args: readonly Node[]
}

/** A function of a library that is handed to somebody. */
export interface Handed {
  readonly verb: Verb
  readonly at: Place
}

const verbs: readonly string[] = ['sign', 'verify', 'decode']

/** Every call of a library in a module. */
export function libraryCalls(module: SourceModule, values: Values): LibraryCall[] {
  return callsIn(module).flatMap(node => {
    const call = calledVerb(values.of({ module, node: node.callee }), node)
    return call === undefined ? [] : [{ ...call, module, node }]
  })
}

/** Every function of a library that a module hands to somebody. */
export function handedOn(module: SourceModule, values: Values): Handed[] {
  return callsIn(module)
    .filter(node => !isPromisify(node))
    .flatMap(node => handedBy(node, module, values))
}

function callsIn({ scopes }: SourceModule): Call[] {
  return scopes.nodes.filter(node => node.type === 'CallExpression' || node.type === 'OptionalCallExpression')
}

function calledVerb(callee: Value, node: Call): { verb: Verb; args: readonly Node[] } | undefined {
  if (callee.kind === 'either') {
    return callee.values.map(one => calledVerb(one, node)).find(one => one !== undefined)
  }
  if (callee.kind !== 'library') return undefined
  const { library, path } = callee
  const isCalled = path.at(-1) === 'call'
  const steps = (isCalled ? path.slice(0, -1) : path).filter(step => !step.startsWith('('))
  const verb = verbOf(library, steps)
  const args = isCalled ? node.arguments.slice(1) : node.arguments
  return verb && { verb, args }
}

function verbOf(library: Library, steps: readonly string[]): Verb | undefined {
  if (library === 'express-jwt')
    return steps.length === 0 || (steps.length === 1 && steps[0] === 'expressjwt') ? 'guard' : undefined
  const [name = '', ...rest] = steps.map(step => step.replace(/Async$/, ''))
  return rest.length === 0 && verbs.includes(name) ? (name as Verb) : undefined
}

function isPromisify({ callee }: Call): boolean {
  const node = bare(callee)
  const name =
    node.type === 'Identifier'
      ? node.name
      : node.type === 'MemberExpression' && node.property.type === 'Identifier'
        ? node.property.name
        : ''
  return /^promisify(All)?$/.test(name)
}

function handedBy(node: Call, module: SourceModule, values: Values): Handed[] {
  return node.arguments.flatMap(argument => {
    const value = values.of({ module, node: argument })
    if (value.kind !== 'library' || value.path.at(-1) === promised) return []
    const verb = verbOf(value.library, value.path)
    return verb === undefined || verb === 'guard' ? [] : [{ verb, at: { module, node: argument } }]
  })
}
