// Where a verifier finds its keys: one interface, and the set that lives in this process (fixed keys and keyring).
import { LatchkeyError } from '../base/errors.ts'
import type { Algorithm } from './algorithms.ts'
import type { PublicJwk } from './jwk.ts'
import { isKey, type Key } from './key.ts'

/** The members of a token's header that choose a key. */
export interface KeyQuery {
  readonly alg: string
  readonly kid?: string | undefined
}

/** Where a verifier or a guard finds its keys: a keyring, the keys at a URL, or your own. */
export interface KeySource {
  /** Grows when a key was taken away; caches compare it on each hit. */
  readonly generation: number
  /** Candidates at hand; undefined means: ask `load` first. */
  find(header: KeyQuery): readonly Key[] | undefined
  /** Fetches what `find` lacks. Rejects with LatchkeyError `keys_unavailable`. */
  load?(header: KeyQuery): Promise<void>
}

/** Whether `name` in a header may mean `alg`. `EdDSA` is the old name of Ed25519 and Ed448 (RFC 9864 2.2). */
export function isNameOf(name: string, alg: Algorithm): boolean {
  return name === alg || (name === 'EdDSA' && (alg === 'Ed25519' || alg === 'Ed448'))
}

/** Whether a key may be for an algorithm. The verifier decides whether the old name counts. */
export function isFor(key: Key, alg: string): boolean {
  return isNameOf(alg, key.alg)
}

/** RFC 8725 3.1: a secret beside public keys is how a public key gets to be tried as a secret. */
function refuseMixedKeys(keys: readonly Key[]): void {
  const secrets = keys.filter(key => key.type === 'secret').length
  if (secrets > 0 && secrets < keys.length) {
    throw new TypeError('secrets and public keys never stand in one set: use two verifiers')
  }
}

function refuseTwins(keys: readonly Key[]): void {
  const names = keys.flatMap(key => (key.kid === undefined ? [] : [key.kid]))
  if (new Set(names).size < names.length) throw new TypeError('two keys of a set have the same kid')
}

function requireKeys(keys: readonly unknown[]): readonly Key[] {
  if (!keys.every(isKey)) throw new TypeError('keys must be made by createKey or generateKey')
  refuseMixedKeys(keys)
  refuseTwins(keys)
  return keys
}

const none: readonly Key[] = Object.freeze([])

/**
 * The keys that may have signed a token. A `kid` that a key of the set carries chooses that key alone; keys without
 * one are tried for every token of their algorithm, at most a handful.
 */
function candidates(keys: readonly Key[], { alg, kid }: KeyQuery): readonly Key[] {
  const fitting = keys.filter(key => isFor(key, alg))
  if (kid === undefined) return fitting
  const named = fitting.filter(key => key.kid === kid)
  return named.length > 0 ? named : fitting.filter(key => key.kid === undefined)
}

/** A source of keys that never change. Throws a TypeError for none, for twins, and for a mix of kinds. */
export function fixedKeys(given: Key | readonly Key[]): KeySource {
  const keys = requireKeys(Array.isArray(given) ? [...given] : [given])
  const [only] = keys
  if (only === undefined) throw new TypeError('there must be at least one key')
  if (keys.length > 1) return { generation: 0, find: query => candidates(keys, query) }
  return {
    generation: 0,
    find: ({ alg, kid }) =>
      isFor(only, alg) && (kid === undefined || only.kid === undefined || only.kid === kid) ? keys : none,
  }
}

/** What `keyring` is told beside the keys. */
export interface KeyringOptions {
  /** The kid of the key that signs; without it the first of the list that can. */
  readonly active?: string | undefined
}

/** A set of keys that changes while it is used: verifiers and signers hold the ring, not its keys. */
export class Keyring implements KeySource {
  #keys: readonly Key[]
  #active: Key | undefined
  #generation = 0
  #lastQuery: KeyQuery | undefined
  #lastFound: readonly Key[] = none

  constructor(keys: readonly Key[], options: KeyringOptions = {}) {
    this.#keys = requireKeys([...keys])
    const { active } = options
    this.#active = this.#keys.find(key => key.canSign && (active === undefined || key.kid === active))
    if (active !== undefined && this.#active === undefined)
      throw new TypeError('keyring: no key of that kid can sign')
  }

  /** Grows when a key is taken away. */
  get generation(): number {
    return this.#generation
  }

  /** The key that signs. Throws LatchkeyError `key_not_found` when there is none. */
  get active(): Key {
    if (this.#active === undefined)
      throw new LatchkeyError('key_not_found', { detail: 'No key of the ring signs.' })
    return this.#active
  }

  /** All of them, in the order in which they came. */
  get keys(): readonly Key[] {
    return this.#keys
  }

  /** The keys that may have signed a token with this header. */
  find(query: KeyQuery): readonly Key[] {
    // A verifier asks with the same header object for every token of one kind.
    if (query === this.#lastQuery) return this.#lastFound
    const found = candidates(this.#keys, query)
    this.#lastQuery = query
    this.#lastFound = found
    return found
  }

  /** Publishes a key and verifies with it; it does not sign yet. */
  add(key: Key): void {
    this.#change([...this.#keys, key])
  }

  /** Signs with `key` from now on, and publishes it. The keys before it keep verifying. */
  rotate(key: Key): void {
    if (!isKey(key) || !key.canSign) throw new TypeError('rotate: this key cannot sign')
    if (!this.#keys.includes(key)) this.add(key)
    this.#active = key
  }

  /** Stops signing with a key; it keeps verifying and being published until it is removed. */
  retire(kid: string): void {
    if (this.#require(kid) === this.#active) this.#active = undefined
  }

  /** Takes a key away at once: what it signed is refused from now on, in caches too. */
  remove(kid: string): void {
    const gone = this.#require(kid)
    if (gone === this.#active) this.#active = undefined
    this.#generation++
    this.#change(this.#keys.filter(key => key !== gone))
  }

  /** The same as `remove`, for a key that got into wrong hands. */
  revoke(kid: string): void {
    this.remove(kid)
  }

  /** The public keys as a JWK Set (RFC 7517 5). Secrets are never in it. */
  publish(): { keys: PublicJwk[] } {
    return { keys: this.#keys.filter(key => key.type !== 'secret').map(key => key.toJwk()) }
  }

  #require(kid: string): Key {
    const key = this.#keys.find(one => one.kid === kid)
    if (key === undefined)
      throw new LatchkeyError('key_not_found', { detail: 'The ring has no key of that kid.' })
    return key
  }

  #change(keys: readonly Key[]): void {
    this.#keys = requireKeys(keys)
    this.#lastQuery = undefined
  }
}

/**
 * Makes a ring. The first key that can sign is the active one unless `active` names another. Throws a TypeError for
 * two keys of one kid, and for secrets beside public keys.
 */
export function keyring(keys: Key | readonly Key[] = [], options: KeyringOptions = {}): Keyring {
  return new Keyring(isKey(keys) ? [keys] : keys, options)
}

/** Whether a value has what a source of keys has. */
export function isKeySource(value: unknown): value is KeySource {
  // Lists and buffers have a `find` too.
  if (typeof value !== 'object' || value === null || !('find' in value) || !('generation' in value))
    return false
  return typeof value.find === 'function' && typeof value.generation === 'number'
}

/** What keys are for, each algorithm once. */
export function algorithmsOf(keys: readonly Key[]): readonly Algorithm[] {
  return [...new Set(keys.map(key => key.alg))]
}
