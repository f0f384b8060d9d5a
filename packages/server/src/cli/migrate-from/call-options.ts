// The options of a call, and whether they can be seen.
import type { Node, ObjectExpression } from '@babel/types'
import type { LibraryCall } from './calls.ts'
import type { Changes } from './changes.ts'
import { bare } from './syntax.ts'
import type { Place, Value } from './value.ts'
import type { Values } from './values.ts'

export type CallOptions =
  | { readonly kind: 'none'; readonly after: Node }
  | { readonly kind: 'seen'; readonly value: Value & { kind: 'object' } }
  | { readonly kind: 'unseen' }

const callbackName = /^(cb|callback|done|next|resolve|handler)$/i

/** The options of `sign` and `verify`: the third argument, unless that is the callback. Those of a guard: the first. */
export function callOptions({ verb, args, module }: LibraryCall, values: Values): CallOptions {
  const [first, second] = args
  const third = verb === 'guard' ? first : args[2]
  if (args.some(one => one.type === 'SpreadElement')) return { kind: 'unseen' }
  const after = second ?? first
  if (third === undefined) return after === undefined ? { kind: 'unseen' } : { kind: 'none', after }
  const value = values.of({ module, node: third })
  if (value.kind === 'object') return { kind: 'seen', value }
  const isCallback =
    value.kind === 'function' ||
    (args.length === 3 && third.type === 'Identifier' && callbackName.test(third.name))
  return (isCallback || value.kind === 'nothing') && after !== undefined
    ? { kind: 'none', after }
    : { kind: 'unseen' }
}

/** What a call is given as its key: the second argument, or the `secret` of a guard's options. */
export function keyOf({ verb, args, module }: LibraryCall, values: Values): Value | undefined {
  const node = args[verb === 'guard' ? 0 : 1]
  if (node === undefined) return undefined
  const value = values.of({ module, node })
  return verb === 'guard' ? values.member(value, 'secret', { module, node }) : value
}

/** The callback of `sign` and `verify`, where it is written at the call or can be found. */
export function callbackOf({ args, module }: LibraryCall, values: Values): Place | undefined {
  for (const node of args.slice(2).toReversed()) {
    const value = values.of({ module, node })
    if (value.kind === 'function') return value.at
  }
  return undefined
}

/** Adds an option to a call: to the object that is there, or as an object behind the key. */
export function addOption(call: LibraryCall, options: CallOptions, text: string, changes: Changes): void {
  if (options.kind === 'none') {
    const third = call.args[2]
    const value = third === undefined ? undefined : bare(third)
    const isNothing =
      value?.type === 'NullLiteral' || (value?.type === 'Identifier' && value.name === 'undefined')
    if (third !== undefined && isNothing) changes.replace({ module: call.module, node: third }, `{ ${text} }`)
    else changes.insert(call.module, options.after.end ?? 0, `, { ${text} }`)
  }
  if (options.kind !== 'seen' || options.value.at.node.type !== 'ObjectExpression') return
  addToObject(options.value.at as Place & { node: ObjectExpression }, text, changes)
}

function addToObject(
  { module, node }: Place & { node: ObjectExpression },
  text: string,
  changes: Changes,
): void {
  const [first] = node.properties
  if (first === undefined) changes.replace({ module, node }, `{ ${text} }`)
  else changes.insert(module, first.start ?? 0, `${text}, `)
}

/** Takes the property out that a value belongs to. */
export function removeOption({ module, node }: Place, changes: Changes): void {
  const property = module.scopes.parentOf(node)
  if (property?.type === 'ObjectProperty') removeProperty({ module, node: property }, changes)
}

/** Takes a property out of its object, with its comma. */
export function removeProperty({ module, node }: Place, changes: Changes): void {
  const object = module.scopes.parentOf(node)
  if (object?.type !== 'ObjectExpression') return
  const at = object.properties.findIndex(one => one.start === node.start)
  const [before, after] = [object.properties[at - 1], object.properties[at + 1]]
  if (after !== undefined) changes.put(module, node.start ?? 0, after.start ?? 0, '')
  else if (before !== undefined) changes.put(module, before.end ?? 0, node.end ?? 0, '')
  else changes.replace({ module, node: object }, '{}')
}
