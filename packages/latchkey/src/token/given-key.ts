// What `sign` and `verify` are handed as their key: text and bytes are always an HMAC secret, everything else says
// what it is. Keys of texts and KeyObjects are remembered, a few of them, because making one costs more than a MAC.
import { KeyObject } from 'node:crypto'
import type { Algorithm } from '../keys/algorithms.ts'
import { createKey } from '../keys/create-key.ts'
import type { Jwk } from '../keys/jwk.ts'
import { isKey, type Key } from '../keys/key.ts'

/** A secret, a key, or material that names its kind. */
export type SecretOrKey = string | Uint8Array | Key | KeyObject | Jwk

const maxTexts = 8
const ofTexts = new Map<string, Key>()
const ofObjects = new WeakMap<KeyObject, Map<Algorithm | undefined, Key>>()

/**
 * The key that is meant. Throws LatchkeyError `key_too_weak` for a short secret (an empty one is short), TypeErrors
 * for anything that is no key: null, undefined, other objects (CVE-2022-23529, CVE-2022-23540).
 */
export function givenKey(given: unknown, alg: Algorithm | undefined): Key {
  if (isKey(given)) return given
  if (typeof given === 'string') return keyOfText(given, alg ?? 'HS256')
  if (given instanceof KeyObject) return keyOfObject(given, alg)
  if (given instanceof Uint8Array) return createKey({ secret: given }, { alg: alg ?? 'HS256' })
  if (typeof given === 'object' && given !== null && 'kty' in given && typeof given.kty === 'string') {
    return createKey({ jwk: { ...given, kty: given.kty } }, { alg })
  }
  throw new TypeError('the key must be a secret as text or bytes, or a key made by createKey')
}

function keyOfText(text: string, alg: Algorithm): Key {
  const name = `${alg} ${text}`
  const known = ofTexts.get(name)
  if (known !== undefined) return known
  const key = createKey({ secret: text }, { alg })
  if (ofTexts.size >= maxTexts) ofTexts.clear()
  ofTexts.set(name, key)
  return key
}

function keyOfObject(object: KeyObject, alg: Algorithm | undefined): Key {
  const keys = ofObjects.get(object) ?? new Map<Algorithm | undefined, Key>()
  const key = keys.get(alg) ?? createKey(object, { alg })
  ofObjects.set(object, keys.set(alg, key))
  return key
}
