import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import type { Jwk } from '../../src/keys/jwk.ts'
import { thumbprint } from '../../src/keys/thumbprint.ts'
import { availableAlgorithms, signingKey } from './keys-of-tests.ts'

describe('the thumbprint', () => {
  it('[S31] of the key in RFC 7638 3.1 is the one written there', () => {
    const jwk = {
      kty: 'RSA',
      n:
        '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3' +
        'oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA' +
        'ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-' +
        'kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    }
    expect(thumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
    expect(thumbprint(createKey({ jwk }))).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  it('[S31] of the key in RFC 8037 A.2 is the one of its A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    expect(thumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it.each(availableAlgorithms)('[S31] of a key for %s is the one that jose computes', async alg => {
    const key = signingKey(alg)
    for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
      expect(thumbprint(key, hash)).toBe(await calculateJwkThumbprint(key.toPrivateJwk(), hash))
    }
    expect(thumbprint(key.toPrivateJwk())).toBe(thumbprint(key))
  })

  it.each([
    {},
    { kty: 'XX' },
    { kty: 'toString' },
    { kty: 'EC', crv: 'P-256', x: 'x' },
    { kty: 'RSA', n: 1, e: 'AQAB' },
    { kty: 'AKP', pub: 'x' },
    null,
    'x',
  ])('of %j does not exist', jwk => {
    expect(() => thumbprint(jwk as unknown as Jwk)).toThrow(expect.objectContaining({ code: 'key_invalid' }))
  })
})
