// Latchkey as an application gets it: the built package, through its name, with the options that a guard gives.
import { createKey, createSigner, createVerifier } from 'latchkey'
import { audience, issuer } from './claims.js'

function keyFrom(key, half) {
  const material = key.alg === 'HS256' ? { secret: key.signingText } : key[half]
  return createKey(material, { alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }) })
}

/** A verifier with exactly what a guard gives it that was made with keys, an issuer, an audience and a cache. */
export function guardVerifier(key, cache) {
  return createVerifier({
    keys: [keyFrom(key, 'verifying')],
    typ: ['at+jwt'],
    requiredClaims: ['exp'],
    clockTolerance: 0,
    issuer,
    audience,
    algorithms: undefined,
    cache,
    revocations: undefined,
    clock: undefined,
    schema: undefined,
  })
}

export function tokenSigner(key) {
  return createSigner({
    key: keyFrom(key, 'signing'),
    typ: 'at+jwt',
    ...(key.kid !== undefined && { keyid: key.kid }),
  })
}
