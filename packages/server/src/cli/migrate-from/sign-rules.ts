// Calls of sign: the life of the token, its algorithm, its secret, and what goes into it.
import type { Node } from '@babel/types'
import { namedAlgorithms } from './algorithm-rules.ts'
import { addOption, type CallOptions, callOptions } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import { checkSecret } from './secret-rules.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { allNodes, nameOfKey } from './syntax.ts'
import { allOf, type Place, type Value } from './value.ts'

const thirtyDaysSeconds = 30 * 86_400

export function checkSign(call: LibraryCall, context: SurveyContext): void {
  const options = callOptions(call, context.values)
  const algorithms = namedAlgorithms(call, 'algorithm', context.values)
  const [payload] = call.args
  checkSecret(call, algorithms, context)
  if (algorithms.includes('none')) context.findings.at('algorithm_none', placeOf(call))
  if (payload !== undefined) checkClaims(call, payload, context)
  if (options.kind === 'unseen') context.findings.at('options_unseen', placeOf(call))
  else checkExpiry(call, options, context)
}

function checkExpiry(call: LibraryCall, options: CallOptions, context: SurveyContext): void {
  const { values, findings, changes } = context
  const place = placeOf(call)
  const lifetime = options.kind === 'seen' ? values.member(options.value, 'expiresIn', place) : undefined
  if (lifetime !== undefined && lifetime.kind !== 'nothing') {
    for (const one of allOf(lifetime)) checkLifetime(one, context)
    return
  }
  const exp = expiryInPayload(call, context)
  if (exp === 'there') return
  findings.at(exp === 'missing' ? 'expiry_missing' : 'expiry_unseen', place, { shown: place })
  addOption(call, options, "expiresIn: '1h'", changes)
}

function expiryInPayload(
  { args, module }: LibraryCall,
  { values, findings }: SurveyContext,
): 'there' | 'missing' | 'unseen' {
  const [payload] = args
  if (payload === undefined) return 'unseen'
  const value = values.of({ module, node: payload })
  const all = allOf(value)
  if (all.some(one => one.kind === 'text')) return 'missing'
  if (!all.every(one => one.kind === 'object')) return 'unseen'
  const found = all.map(one => values.member(one, 'exp', one.at))
  for (const one of found)
    if (one.kind !== 'nothing' && isInMilliseconds(one.at.node)) findings.at('expiry_unit', one.at)
  if (found.every(one => one.kind !== 'nothing' && !isPartlyUnknown(one))) return 'there'
  return found.some(one => one.kind === 'nothing') ? 'missing' : 'unseen'
}

/** What a spread may have brought. */
function isPartlyUnknown(value: Value): boolean {
  return value.kind === 'unknown' && value.chain[0] === '...'
}

/** `Date.now() + 3600`, without a division. */
function isInMilliseconds(node: Node): boolean {
  const all = [...allNodes(node)]
  const isDivided = all.some(one => one.type === 'BinaryExpression' && one.operator === '/')
  const asksTheClock = all.some(
    one =>
      one.type === 'MemberExpression' &&
      /^(now|getTime|valueOf)$/.test(nameOfKey(one.property, one.computed) ?? ''),
  )
  return asksTheClock && !isDivided
}

const unitSeconds: readonly (readonly [RegExp, number])[] = [
  [/^(ms|msecs?|milliseconds?)$/i, 0.001],
  [/^(s|secs?|seconds?)$/i, 1],
  [/^(m|mins?|minutes?)$/i, 60],
  [/^(h|hrs?|hours?)$/i, 3_600],
  [/^(d|days?)$/i, 86_400],
  [/^(w|weeks?)$/i, 604_800],
  [/^(y|yrs?|years?)$/i, 31_557_600],
]

function checkLifetime(lifetime: Value, { findings, changes, lifetimeVariables }: SurveyContext): void {
  if (lifetime.kind === 'environment') lifetimeVariables.add(lifetime.name)
  if (lifetime.kind === 'number') {
    if (lifetime.number > thirtyDaysSeconds) findings.at('expiry_long', lifetime.at)
    return
  }
  if (lifetime.kind !== 'text') return
  const [, amount = '', unit = ''] = /^\s*(-?[\d.]+)\s*([a-z]*)\s*$/i.exec(lifetime.text) ?? []
  if (amount !== '' && unit === '') {
    findings.at('expiry_unit', lifetime.at, { shown: lifetime.at })
    changes.replace(lifetime.at, String(Number(amount)))
    return
  }
  const seconds = unitSeconds.find(([name]) => name.test(unit))?.[1]
  if (seconds !== undefined && Number(amount) * seconds > thirtyDaysSeconds)
    findings.at('expiry_long', lifetime.at)
}

const secretClaims =
  /^(password|passwd|pwd|pass|password_?hash|hash|salt|secret|pin|ssn|cvv|card_?number|credit_?card)$/i

function checkClaims({ module }: LibraryCall, payload: Node, { values, findings }: SurveyContext): void {
  const seen = new Set<Node>()
  /** The claims of an object, and of those in it, wherever they are written. */
  const look = (at: Place): void => {
    for (const { place, name, value } of allOf(values.of(at)).flatMap(claimsOf)) {
      if (seen.has(place.node)) continue
      seen.add(place.node)
      if (secretClaims.test(name ?? '')) findings.at('claims_secret', place)
      look({ ...place, node: value })
    }
  }
  look({ module, node: payload })
}

interface Claim {
  place: Place
  /** Nothing where it is computed, or where others are spread. */
  name: string | undefined
  value: Node
}

function claimsOf(one: Value): Claim[] {
  if (one.kind !== 'object' || one.at.node.type !== 'ObjectExpression') return []
  const { module, node } = one.at
  return node.properties.flatMap((property): Claim[] => {
    const place = { module, node: property }
    if (property.type === 'ObjectMethod') return []
    if (property.type === 'SpreadElement') return [{ place, name: undefined, value: property.argument }]
    return [{ place, name: nameOfKey(property.key, property.computed), value: property.value }]
  })
}
