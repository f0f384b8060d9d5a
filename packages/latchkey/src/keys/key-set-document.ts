// Reads a JWK Set as it came over the network (RFC 7517 5). The set is judged as a whole, then key by key: a key
// that cannot be used is told and left out, and the others stay.
import { LatchkeyError } from '../base/errors.ts'
import { parseStrictObject } from '../base/json.ts'
import { type Algorithm, algorithms } from './algorithms.ts'
import { createKey } from './create-key.ts'
import { type Jwk, onlyAlgorithmOf } from './jwk.ts'
import { type Key, materialOf } from './key.ts'

export interface RefusedKey {
  readonly kid: string | undefined
  /** Why it is left out. Never says anything of the key itself. */
  readonly reason: string
}

export interface KeySetDocument {
  readonly keys: readonly Key[]
  readonly refused: readonly RefusedKey[]
}

export interface KeySetRules {
  /** The algorithms that keys may have; a key that names none is bound to each of them that fits it. */
  readonly algorithms?: readonly Algorithm[] | undefined
  readonly maxKeys: number
}

/** What was read of earlier documents: a key that comes again stays the same Key, so that caches keep it. */
export type KnownKeys = Map<string, readonly Key[]>

/** Throws LatchkeyError `keys_unavailable` when it is no JWK Set, repeats a name, or has too many keys. */
export function readKeySet(bytes: Buffer, rules: KeySetRules, known: KnownKeys): KeySetDocument {
  const list = parseStrictObject(bytes, bytes.length)?.['keys']
  if (!Array.isArray(list)) throw unusable('The answer is not a JWK Set, or repeats a name.')
  if (list.length > rules.maxKeys) throw unusable(`The JWK Set has more than ${rules.maxKeys} keys.`)
  const read = list.map(item => readMember(item, rules, known))
  const twins = repeatedKids(read)
  const keys: Key[] = []
  const refused: RefusedKey[] = []
  known.clear()
  for (const member of read) {
    const isTwin = member.keys.length > 0 && member.kid !== undefined && twins.has(member.kid)
    const reason = isTwin ? 'Another key of the set has the same kid.' : member.reason
    if (reason !== undefined) refused.push({ kid: member.kid, reason })
    else {
      keys.push(...member.keys)
      known.set(member.text, member.keys)
    }
  }
  return { keys, refused }
}

interface Member {
  readonly kid: string | undefined
  readonly text: string
  /** One for each algorithm that the JWK is bound to. */
  readonly keys: readonly Key[]
  readonly reason?: string
}

function readMember(item: unknown, rules: KeySetRules, known: KnownKeys): Member {
  const text = JSON.stringify(item)
  const kid = kidOf(item)
  const same = known.get(text)
  if (same !== undefined) return { kid, text, keys: same }
  try {
    return { kid, text, keys: keysOf(item, rules.algorithms) }
  } catch (error) {
    const reason = error instanceof LatchkeyError ? error.message : 'It is not a key that can be used here.'
    return { kid, text, keys: [], reason }
  }
}

function kidOf(item: unknown): string | undefined {
  const kid = typeof item === 'object' && item !== null && 'kid' in item ? item.kid : undefined
  return typeof kid === 'string' ? kid.slice(0, 256) : undefined
}

function keysOf(item: unknown, allowed: readonly Algorithm[] | undefined): readonly Key[] {
  if (!isJwk(item)) throw refusal('It is not a JWK.')
  // A published secret is none, and would let anybody sign (RFC 8725 3.1).
  if (item.kty === 'oct') throw refusal('A JWK Set from the network never holds secrets.')
  const keys = algorithmsFor(item, allowed).map(alg => createKey({ jwk: item }, { alg }))
  if (keys.length === 0) throw refusal('No allowed algorithm fits it.')
  if (keys.some(key => key.type !== 'public')) throw refusal('It carries private members.')
  if (keys.some(key => !materialOf(key).mayVerify)) throw refusal('Its key_ops do not allow verify.')
  return keys
}

/** One algorithm when the key or its curve names it. An RSA key without one is RS256's, unless the caller allows others. */
function algorithmsFor(jwk: Jwk, allowed: readonly Algorithm[] | undefined): readonly Algorithm[] {
  const named =
    jwk['alg'] === undefined || jwk['alg'] === 'EdDSA' ? onlyAlgorithmOf(jwk.kty, jwk['crv']) : jwk['alg']
  if (named !== undefined) {
    // The cast: a name that is no algorithm is what `createKey` refuses.
    const alg = named as Algorithm
    const isAllowed =
      allowed === undefined || allowed.includes(alg) || (jwk.kty === 'OKP' && allowed.includes('EdDSA'))
    return isAllowed ? [alg] : []
  }
  return (allowed ?? ['RS256' as const]).filter(alg => algorithms[alg].kty === jwk.kty)
}

function isJwk(item: unknown): item is Jwk {
  return typeof item === 'object' && item !== null && 'kty' in item && typeof item.kty === 'string'
}

function repeatedKids(members: readonly Member[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { kid, keys } of members) {
    if (kid === undefined || keys.length === 0) continue
    if (seen.has(kid)) twice.add(kid)
    seen.add(kid)
  }
  return twice
}

function refusal(detail: string): LatchkeyError {
  return new LatchkeyError('key_invalid', { detail })
}

function unusable(detail: string): LatchkeyError {
  return new LatchkeyError('keys_unavailable', { detail })
}
