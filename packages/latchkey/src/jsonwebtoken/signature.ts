// Making and checking the signature part, without any judgement of the key: that is the caller's.
import { constants, createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'
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

function rsa(algorithm: string): Scheme {
  const hash = hashOf(algorithm)
  return {
    sign: (input, key) => sign(hash, Buffer.from(input), key).toString('base64url'),
    verify: (input, signature, key) =>
      verify(hash, Buffer.from(input), key, Buffer.from(signature, 'base64url')),
  }
}

function rsaPss(algorithm: string): Scheme {
  const hash = hashOf(algorithm)
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return {
    sign: (input, key) => sign(hash, Buffer.from(input), { key, ...padding }).toString('base64url'),
    verify: (input, signature, key) =>
      verify(hash, Buffer.from(input), { key, ...padding }, Buffer.from(signature, 'base64url')),
  }
}

function ecdsa(algorithm: string): Scheme {
  const hash = hashOf(algorithm)
  return {
    sign: (input, key) => derToFixed(sign(hash, Buffer.from(input), key), algorithm).toString('base64url'),
    verify: (input, signature, key) =>
      verify(hash, Buffer.from(input), key, fixedToDer(Buffer.from(signature, 'base64url'), algorithm)),
  }
}

const unsigned: Scheme = { sign: () => '', verify: (_input, signature) => signature === '' }

const schemes = new Map<string, Scheme>([
  ...(['HS256', 'HS384', 'HS512'] as const).map(name => [name, hmac(name)] as const),
  ...(['RS256', 'RS384', 'RS512'] as const).map(name => [name, rsa(name)] as const),
  ...(['PS256', 'PS384', 'PS512'] as const).map(name => [name, rsaPss(name)] as const),
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
