// Secrets of sign and verify: whether they stand in the code, and how long they are. Nothing of a secret's text leaves
// this file but its length.
import type { Node } from '@babel/types'
import { keyOf } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { allNodes, nameOfKey } from './syntax.ts'
import { allOf, type Place, positionOf, type Value } from './value.ts'

type Text = Value & { kind: 'text' }

/** The bytes that the hash of each algorithm has (RFC 7518 3.2). */
const hashBytes: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }
const usualBytes = 32

/** Looks at what a call is given as its key; `algorithms` are those of the call, as far as they are seen. */
export function checkSecret(call: LibraryCall, algorithms: readonly string[], context: SurveyContext): void {
  const value = keyOf(call, context.values)
  if (value === undefined) return
  const bytes = Math.min(...algorithms.map(name => hashBytes[name] ?? usualBytes), Number.POSITIVE_INFINITY)
  checkValue(call, value, Number.isFinite(bytes) ? bytes : usualBytes, context)
}

function checkValue(call: LibraryCall, value: Value, bytes: number, context: SurveyContext): void {
  const { values } = context
  if (value.kind === 'object') {
    // `{ key, passphrase }`
    for (const name of ['key', 'passphrase']) {
      const member = values.member(value, name, value.at)
      if (member.kind !== 'nothing') checkValue(call, member, name === 'key' ? bytes : 1, context)
    }
    return
  }
  const all = allOf(value)
  const isFallback = all.some(one => one.kind === 'environment' || one.kind === 'unknown')
  for (const one of all) {
    if (one.kind === 'text' && one.text !== '') checkText(call, one, { bytes, isFallback }, context)
    const variable = variableOf(one)
    if (variable !== undefined && !context.secretVariables.has(variable))
      context.secretVariables.set(variable, { bytes, usedBy: placeOf(call) })
    if (one.kind === 'function') checkKeyFunction(one.at, context)
  }
}

/** The variable of the environment that a value is, or is named like: `env.JWT_SECRET` of a module that checks them. */
function variableOf(value: Value): string | undefined {
  if (value.kind === 'environment') return value.name
  const last = value.kind === 'unknown' ? value.chain.at(-1) : undefined
  return last !== undefined && /^[A-Z][A-Z0-9_]{3,}$/.test(last) ? last : undefined
}

function checkText(
  call: LibraryCall,
  text: Text,
  { bytes, isFallback }: { bytes: number; isFallback: boolean },
  context: SurveyContext,
): void {
  const { findings } = context
  const isPem = text.text.includes('-----BEGIN ')
  if (isPem && !text.text.includes('PRIVATE KEY-----')) return
  const long = countOf(text.bytes)
  const shown = isFallback ? around(text.at) : text.at
  if (isPem)
    findings.at('private_key_in_code', text.at, {
      detail: `A private key is written in the code, ${usedBy(call)}.`,
      shown,
    })
  else if (isFallback)
    findings.at('secret_fallback', text.at, {
      detail: `A secret of ${long} in the code takes the place of one that is missing.`,
      shown,
    })
  else
    findings.at('secret_in_code', text.at, {
      detail: `A secret of ${long} is written in the code, ${usedBy(call)}.`,
      shown,
    })
  if (!isPem && text.bytes < bytes)
    findings.at('secret_short', text.at, {
      detail: `The secret has ${long}; its algorithm asks for ${bytes} or more.`,
    })
  replaceText(text, isFallback, isPem, context)
}

const countOf = (bytes: number): string => `${bytes} byte${bytes === 1 ? '' : 's'}`

function usedBy({ module, node, verb }: LibraryCall): string {
  const { line, column } = positionOf({ module, node })
  return `for ${verb} at ${module.file}:${line}:${column}`
}

/** The expression in which a fallback stands, so that the whole of it is shown. */
function around(at: Place): Place {
  const node = at.module.scopes.parentOf(at.node)
  return node === undefined ? at : { module: at.module, node }
}

/** Writes the variable in the place of the text; takes a fallback away. Data files hold no expressions. */
function replaceText(text: Text, isFallback: boolean, isPem: boolean, context: SurveyContext): void {
  const { module, node } = text.at
  if (module.root.type !== 'Program') return
  const { changes } = context
  const parent = module.scopes.parentOf(node)
  const orEmpty = module.isTypeScript ? " ?? ''" : ''
  if (!isFallback) {
    changes.replace(text.at, `process.env.${variableFor(text, isPem, context)}${orEmpty}`)
    return
  }
  if (parent?.type === 'LogicalExpression' && parent.right === node)
    changes.put(module, parent.left.end ?? 0, parent.end ?? 0, orEmpty)
  if (parent?.type === 'AssignmentPattern')
    changes.put(module, parent.left.end ?? 0, parent.end ?? 0, module.isTypeScript ? " = ''" : '')
}

/** A name of its own for each secret, made of what the code calls it. */
function variableFor(text: Text, isPem: boolean, { newVariables }: SurveyContext): string {
  const known = newVariables.get(text.text)
  if (known !== undefined) return known
  const called = isPem ? 'JWT_PRIVATE_KEY' : variableName(calledName(text.at))
  const taken = new Set(newVariables.values())
  let name = called
  for (let count = 2; taken.has(name); count++) name = `${called}_${count}`
  newVariables.set(text.text, name)
  return name
}

function calledName({ module, node }: Place): string {
  for (const one of module.scopes.around(node)) {
    if (one.type === 'VariableDeclarator' && one.id.type === 'Identifier') return one.id.name
    if (one.type === 'ObjectProperty' || one.type === 'ClassProperty')
      return nameOfKey(one.key, one.computed ?? false) ?? ''
    if (one.type === 'AssignmentExpression') return memberName(one.left)
    if (/Statement$|^CallExpression$/.test(one.type) && !isConversion(one)) return ''
  }
  return ''
}

/** `Buffer.from('…')` stands between a name and its text. */
function isConversion(node: Node): boolean {
  return node.type === 'CallExpression' && node.arguments.length <= 2
}

function memberName(left: Node): string {
  if (left.type === 'Identifier') return left.name
  return left.type === 'MemberExpression' ? (nameOfKey(left.property, left.computed) ?? '') : ''
}

/** `refreshTokenSecret` as REFRESH_TOKEN_SECRET; names that say nothing as JWT_SECRET. */
function variableName(name: string): string {
  const upper = name
    .replace(/^[#_]+/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return /^[A-Z]\w*_\w*(SECRET|KEY)$/.test(upper) ? upper : 'JWT_SECRET'
}

const namedByTokens = ['jku', 'x5u', 'jwk', 'x5c']

/** A function that finds the key must not be led by the token. */
function checkKeyFunction({ module, node }: Place, { findings }: SurveyContext): void {
  for (const one of allNodes(node)) {
    if (one.type !== 'MemberExpression' && one.type !== 'OptionalMemberExpression') continue
    if (namedByTokens.includes(nameOfKey(one.property, one.computed) ?? ''))
      findings.at('key_from_token', { module, node: one })
  }
}
