// Making and checking the signature part, without any judgement of the key: that is the caller's.
import { constants, createHmac, createSign, createVerify, type KeyObject, timingSafeEqual } from 'node:crypto'
import { derToFixed, fixedToDer } from './der-signature.ts'
import { warnOfWeakSecret } from './weak-secret-warning.ts'

interface Scheme {
  sign(input: string, key: KeyObject): string
  verify(input: string, signature: string, key: KeyObject): boolean
}

function hmac(algorithm: string): Scheme {
  const hash = hashOf(algorithm)
  const mac = (input: string, key: KeyObject): string => {
    warnOfWeakSecret(algorithm, key)
    return createHmac(hash, key).update(input).digest('base64url')
  }
  return {
    sign: mac,
    verify: (input, signature, key) => {
      const given = Buffer.from(signature)
      const expected = Buffer.from(mac(input, key))
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

type KeyUse = KeyObject | { key: KeyObject; padding: number; saltLength: number }

// Not the one-shot calls: where a key does not fit its algorithm these throw and the streams say false, and old
// code sees the difference.
const signWith = (hash: string, input: string, key: KeyUse): Buffer =>
  createSign(hash).update(input).sign(key)
const isSignedWith = (hash: string, input: string, key: KeyUse, signature: Buffer): boolean =>
  createVerify(hash).update(input).verify(key, signature)

function rsa(algorithm: string, useOf: (key: KeyObject) => KeyUse): Scheme {
  const hash = hashOf(algorithm)
  return {
    sign: (input, key) => signWith(hash, input, useOf(key)).toString('base64url'),
    verify: (input, signature, key) =>
      isSignedWith(hash, input, useOf(key), Buffer.from(signature, 'base64url')),
  }
}

const plain = (key: KeyObject): KeyUse => key
const pss = (key: KeyObject): KeyUse => ({
  key,
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
})

function ecdsa(algorithm: string): Scheme {
  const hash = hashOf(algorithm)
  return {
    sign: (input, key) => derToFixed(signWith(hash, input, key), algorithm).toString('base64url'),
    verify: (input, signature, key) =>
      isSignedWith(hash, input, key, fixedToDer(Buffer.from(signature, 'base64url'), algorithm)),
  }
}

const unsigned: Scheme = { sign: () => '', verify: (_input, signature) => signature === '' }

const schemes = new Map<string, Scheme>([
  ...(['HS256', 'HS384', 'HS512'] as const).map(name => [name, hmac(name)] as const),
  ...(['RS256', 'RS384', 'RS512'] as const).map(name => [name, rsa(name, plain)] as const),
  ...(['PS256', 'PS384', 'PS512'] as const).map(name => [name, rsa(name, pss)] as const),
  ...(['ES256', 'ES384', 'ES512'] as const).map(name => [name, ecdsa(name)] as const),
  ['none', unsigned],
])

function hashOf(algorithm: string): string {
  return `sha${algorithm.slice(2)}`
}

/** The scheme of an algorithm's name, compared with case. Throws a TypeError that lists the names. */
export function schemeOf(algorithm: string): Scheme {
  const scheme = schemes.get(algorithm)
  if (scheme !== undefined) return scheme
  const names = [...schemes.keys()].filter(name => name !== 'none').map(name => `"${name}"`)
  throw new TypeError(
    `"${algorithm}" is not a valid algorithm.\n  Supported algorithms are:\n  ${names.join(', ')} and "none".`,
  )
}
