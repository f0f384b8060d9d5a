// The algorithms that a call names.
import { addOption, type CallOptions, callOptions, keyOf } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { allOf, type Value } from './value.ts'
import type { Values } from './values.ts'

const isHmac = (name: string): boolean => /^HS\d/.test(name)

/** The names in a list, as far as they are written out. */
function namesIn(list: Value, values: Values): string[] {
  return allOf(list).flatMap(one => {
    if (one.kind === 'text') return [one.text]
    return one.kind === 'list' ? one.items.flatMap(item => namesIn(item, values)) : []
  })
}

/** Looks at the list of a verifier. */
export function checkAlgorithms(call: LibraryCall, options: CallOptions, context: SurveyContext): void {
  const { values, findings, changes } = context
  const place = placeOf(call)
  const list = options.kind === 'seen' ? values.member(options.value, 'algorithms', place) : undefined
  if (list === undefined || list.kind === 'nothing') {
    findings.at('algorithms_missing', place, { shown: place })
    addOption(call, options, `algorithms: ['${algorithmFor(call, context)}']`, changes)
    return
  }
  const names = namesIn(list, values)
  const signed = names.filter(name => name !== 'none')
  const isMixed = signed.some(isHmac) && !signed.every(isHmac)
  if (names.includes('none')) findings.at('algorithm_none', list.at, { shown: list.at })
  if (isMixed) findings.at('algorithms_mixed', list.at, { shown: list.at })
  if (list.kind !== 'list' || (names.length === signed.length && !isMixed)) return
  const written = isMixed || signed.length === 0 ? [algorithmFor(call, context)] : signed
  changes.replace(list.at, `[${written.map(name => `'${name}'`).join(', ')}]`)
}

/** What the application signs with under the same key, or under any, or what its key looks like. */
function algorithmFor(call: LibraryCall, { signsWith, values }: SurveyContext): string {
  const value = keyOf(call, values)
  const name = keyName(value)
  const [same, ...others] = signsWith.get(name) ?? []
  if (same !== undefined && others.length === 0) return same
  const isPublic = isOfPair(value)
  const fitting = new Set(
    [...signsWith.values()].flatMap(one => [...one]).filter(one => isHmac(one) !== isPublic),
  )
  const [only] = fitting
  if (fitting.size === 1 && only !== undefined) return only
  return isPublic ? 'RS256' : 'HS256'
}

/** Whether a key looks like one of a pair: a function that finds it, PEM, a file, a name. */
function isOfPair(value: Value | undefined): boolean {
  if (value?.kind === 'text') return value.text.includes('-----BEGIN ')
  return value?.kind === 'function' || /public|cert|\.pem|jwks|readFile/i.test(keyName(value))
}

/** Whether a call's key is no secret, by its algorithms or by what it looks like. */
export function namesNoSecret(call: LibraryCall, values: Values): boolean {
  const named = namedAlgorithms(call, call.verb === 'sign' ? 'algorithm' : 'algorithms', values)
  return named.length > 0 ? !named.every(isHmac) : isOfPair(keyOf(call, values))
}

/** What tells one key from another: a variable, a way through names. A text stands for itself, and is never shown. */
function keyName(value: Value | undefined): string {
  if (value?.kind === 'unknown') return value.chain.join('.')
  if (value?.kind === 'environment') return `process.env.${value.name}`
  if (value?.kind === 'either') return value.values.map(keyName).join(' ')
  return value?.kind === 'text' ? `'${value.text}` : ''
}

/** The algorithms that the calls of sign use, by the key; HS256 where a call names none and its key is a secret. */
export function signingAlgorithms(calls: readonly LibraryCall[], values: Values): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const call of calls.filter(({ verb }) => verb === 'sign')) {
    const name = keyName(keyOf(call, values))
    const named = namedAlgorithms(call, 'algorithm', values)
    const isSeen = callOptions(call, values).kind !== 'unseen'
    const usual = isSeen && !name.includes('-----BEGIN ') ? ['HS256'] : []
    found.set(name, new Set([...(found.get(name) ?? []), ...(named.length > 0 ? named : usual)]))
  }
  return found
}

/** The algorithms that a call names in an option; empty where it names none that are seen. */
export function namedAlgorithms(
  call: LibraryCall,
  option: 'algorithm' | 'algorithms',
  values: Values,
): string[] {
  const options = callOptions(call, values)
  return options.kind === 'seen' ? namesIn(values.member(options.value, option, placeOf(call)), values) : []
}
