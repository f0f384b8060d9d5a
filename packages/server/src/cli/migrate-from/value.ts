// What an expression may be worth: the kinds of values, and how they are made of one another.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import type { Binding } from './scopes.ts'
import { type Position, positionAt } from './syntax.ts'

export const libraries = ['jsonwebtoken', 'express-jwt'] as const
/** What takes the place of jsonwebtoken: its calls are looked at as well. */
export const dropIn = 'latchkey/jsonwebtoken'
export type Library = (typeof libraries)[number]

/** A piece of code, and the file it stands in. */
export interface Place {
  readonly module: SourceModule
  readonly node: Node
}

export function positionOf({ module, node }: Place): Position {
  return positionAt(module.text, node.start ?? 0)
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

/** Members of a library's path that are no members: what was done to the function. */
export const promised = '(promised)'
export const bound = '(bound)'

/** How `process.env` is spelled. */
const environments = ['process.env', 'import.meta.env', 'Bun.env']

export function textOf(text: string, at: Place): Value {
  return { kind: 'text', text, bytes: Buffer.byteLength(text), at }
}

export function unknown(at: Place, chain: readonly string[] = []): Value {
  return { kind: 'unknown', chain, at }
}

/** How many values one may be; beyond that, anything. */
const mostValues = 16

export function either(given: readonly Value[], at: Place): Value {
  const values = [...new Set(given.flatMap(allOf))]
  const [only] = values
  if (only === undefined) return unknown(at)
  if (values.length === 1) return only
  const kept = values.length <= mostValues ? values : [...values.slice(0, mostValues), unknown(at)]
  return { kind: 'either', values: kept, at }
}

/** The values that one may be, without the brackets of `either`. */
export function allOf(value: Value): readonly Value[] {
  return value.kind === 'either' ? value.values : [value]
}

export function memberOfUnknown(chain: readonly string[], name: string, at: Place): Value {
  if (environments.includes(chain.join('.'))) return { kind: 'environment', name, at }
  return unknown(at, [...chain, name])
}

export function promisedOf(value: Value, isAll: boolean, at: Place): Value {
  if (value.kind !== 'library') return unknown(at, ['promisify()'])
  return { ...value, path: [...value.path, isAll ? '(all promised)' : promised], at }
}

export function computed(operator: string, left: Value, right: Value, at: Place): Value {
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
