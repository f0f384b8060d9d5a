// Each weakness that was published about a JWT library, as a test of this one. Those about claims and headers stand with
// their rules, in claims.test.ts and header.test.ts; what may be a secret, in keys/secret.test.ts.
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { keyring } from '../../src/keys/key-set.ts'
import { readKeySet } from '../../src/keys/key-set-document.ts'
import type { GetKey } from '../../src/token/asked-keys.ts'
import type { SecretOrKey } from '../../src/token/given-key.ts'
import { sign } from '../../src/token/sign-once.ts'
import { createSigner } from '../../src/token/signer.ts'
import type { Claims } from '../../src/token/verdict.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { verify } from '../../src/token/verify-once.ts'
import { availableAlgorithms, rsaPair, signingKey, verifyingHalf } from '../keys/keys-of-tests.ts'
import { encode, rawSigned, rawToken, secret } from './raw-token.ts'

const refused = (code: string): object => expect.objectContaining({ ok: false, code })

/** The outcome of the callback form: the claims, or the error. */
const later = (token: string, key: SecretOrKey | GetKey): Promise<Claims | Error> =>
  new Promise(resolve =>
    verify(token, key, (error, claims) => resolve(error ?? claims ?? new Error('neither'))),
  )

describe('CVE-2015-2951: unsigned tokens', () => {
  const spellings = ['none', 'None', 'NONE', 'nOnE', 'NoNe', 'nONE', ' none', 'none ', 'nоne', '']
  it.each(availableAlgorithms)('[S17] are refused by a verifier for %s', alg => {
    const verifier = createVerifier({ key: verifyingHalf(signingKey(alg)) })
    for (const name of spellings) {
      const input = `${encode(JSON.stringify({ alg: name }))}.${encode('{"sub":"eve"}')}`
      for (const signature of ['', 'AAAA', encode('x'.repeat(32))]) {
        expect(verifier.safe(`${input}.${signature}`).ok).toBe(false)
      }
    }
  })
})

describe('CVE-2020-28042: empty signatures', () => {
  it.each(availableAlgorithms)('are none for %s', alg => {
    const key = signingKey(alg)
    const token = createSigner({ key })({})
    const cut = token.slice(0, token.lastIndexOf('.') + 1)
    const verifier = createVerifier({ key: verifyingHalf(key) })
    expect(verifier.safe(cut)).toEqual(refused('signature_invalid'))
    expect(verifier.safe(`${cut}${encode(Buffer.alloc(64))}`)).toEqual(refused('signature_invalid'))
  })
})

describe('CVE-2016-10555 CVE-2022-23541 CVE-2023-48238: a public key used as an HMAC secret', () => {
  const { publicKey, privateKey } = rsaPair()
  const forms: Readonly<Record<string, string | Buffer>> = {
    PEM: String(publicKey.export({ type: 'spki', format: 'pem' })),
    'PEM without its last line break': String(publicKey.export({ type: 'spki', format: 'pem' })).trim(),
    'PKCS #1': String(publicKey.export({ type: 'pkcs1', format: 'pem' })),
    DER: publicKey.export({ type: 'spki', format: 'der' }),
    JWK: JSON.stringify(publicKey.export({ format: 'jwk' })),
    n: Buffer.from(String(publicKey.export({ format: 'jwk' }).n), 'base64url'),
  }
  const open = createKey(publicKey, { alg: 'RS256' })

  it.each(Object.entries(forms))(
    '[S18] [S19] as %s: a token that is MACed with it is refused everywhere',
    (_, form) => {
      const forged = rawToken({ header: { alg: 'HS256' }, payload: { sub: 'eve' }, key: form })
      expect(createVerifier({ key: open }).safe(forged)).toEqual(refused('alg_not_allowed'))
      expect(createVerifier({ keys: keyring(open) }).safe(forged)).toEqual(refused('key_not_found'))
      expect(() => verify(forged, publicKey, { algorithms: ['RS256'] })).toThrow(
        expect.objectContaining({ code: 'alg_not_allowed' }),
      )
      expect(() => verify(forged, publicKey, { algorithms: ['RS256', 'HS256'] })).toThrow(TypeError)
      if (form !== forms['n']) expect(() => verify(forged, form)).toThrow(TypeError)
    },
  )

  it('[S16] [S19] no list holds algorithms of both kinds, and no set keys of both', () => {
    expect(() => createVerifier({ key: open, algorithms: ['RS256', 'HS256'] })).toThrow(
      /never stand in one list/,
    )
    expect(() => createVerifier({ keys: [open, createKey({ secret })] })).toThrow(/never stand in one set/)
    expect(() => verify('a.b.c', secret, { algorithms: ['RS256'] })).toThrow(TypeError)
  })

  it('an honest token goes on holding', () => {
    expect(
      verify(sign({ a: 1 }, privateKey, { algorithm: 'RS256' }), publicKey, { algorithms: ['RS256'] }),
    ).toMatchObject({ a: 1 })
  })
})

describe('CVE-2018-0114 CVE-2026-27962: a key in the header', () => {
  it('[S12] is never used, and nothing is fetched', async () => {
    let requests = 0
    const server = createServer((_, response) => {
      requests++
      response.end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/keys`
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    const verifier = createVerifier({ key: verifyingHalf(generateKey('ES256')) })
    for (const header of [
      { alg: 'ES256', jwk },
      { alg: 'ES256', jku: url },
      { alg: 'ES256', x5u: url, 'x5t#S256': 'x' },
      { alg: 'ES256', x5c: [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      { alg: 'ES256', jwk, jku: url, kid: url },
    ]) {
      const token = rawSigned(privateKey, header, { payload: { sub: 'eve' } })
      expect(verifier.safe(token).ok).toBe(false)
      await expect(verifier.async(token)).rejects.toThrow()
    }
    await new Promise(resolve => server.close(resolve))
    expect(requests).toBe(0)
  })
})

describe('CVE-2022-23540 CVE-2026-44351 GHSA-gmvf-9v4p-v8jc GHSA-8wpc-h4q6-8fxv: no key, and an empty one', () => {
  const empty: readonly unknown[] = [
    '',
    null,
    undefined,
    Buffer.alloc(0),
    new Uint8Array(0),
    0,
    false,
    Number.NaN,
  ]
  const forged = rawToken({ payload: { sub: 'eve' }, key: '' })

  it.each(empty)('%j verifies nothing and signs nothing', key => {
    expect(() => verify(forged, key as string)).toThrow()
    expect(() => verify(forged, key as string, { algorithms: ['HS256'] })).toThrow()
    expect(() => sign({}, key as string)).toThrow()
    expect(() => createVerifier({ key: key as Key })).toThrow(TypeError)
    expect(() => createVerifier({ key: key as Key, algorithms: ['HS256'] })).toThrow(TypeError)
    expect(() => createSigner({ key: key as Key })).toThrow(TypeError)
  })

  it.each(empty)('%j found by a function verifies nothing either', async key => {
    const ways: readonly GetKey[] = [
      () => key,
      async () => key,
      (_, answer) => answer(null, key as string),
      (_, answer) => setImmediate(() => answer(null, key as string)),
    ]
    for (const way of ways) expect(await later(forged, way)).toBeInstanceOf(Error)
  })
})

describe('CVE-2022-23529: an object in the place of a key', () => {
  const called: string[] = []
  const trap = (name: string) => () => {
    called.push(name)
    return secret
  }
  it.each<[string, () => unknown]>([
    ['toString', () => ({ toString: trap('toString') })],
    ['valueOf', () => ({ valueOf: trap('valueOf') })],
    ['Symbol.toPrimitive', () => ({ [Symbol.toPrimitive]: trap('toPrimitive') })],
    ['then', () => Object.fromEntries([['then', trap('then')]])],
    ['export', () => ({ export: trap('export'), type: 'secret' })],
    ['key', () => ({ key: secret })],
    ['a list', () => [secret]],
    ['a String', () => new String(secret)],
    ['an ArrayBuffer', () => new ArrayBuffer(64)],
  ])('with %s is refused with a TypeError, and none of its functions is called', (_, make) => {
    const key = make()
    expect(() => verify(rawToken(), key as string)).toThrow(TypeError)
    expect(() => sign({}, key as string)).toThrow(TypeError)
    expect(called).toEqual([])
  })
})

describe('CVE-2022-23539: a key of a kind that the algorithm does not have', () => {
  it('a DSA key does not verify RS256', () => {
    const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
    const token = rawSigned(dsa.privateKey, { alg: 'RS256' })
    expect(() => verify(token, dsa.publicKey, { algorithms: ['RS256'] })).toThrow(
      expect.objectContaining({ code: 'key_mismatch' }),
    )
    expect(() => sign({}, dsa.privateKey, { algorithm: 'RS256' })).toThrow(
      expect.objectContaining({ code: 'key_mismatch' }),
    )
  })

  it.each<[string, () => KeyObject, string]>([
    ['P-384 for ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'ES256'],
    ['secp256k1 for ES256', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'ES256'],
    ['RSA for ES256', () => rsaPair().privateKey, 'ES256'],
    ['EC for RS256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'RS256'],
    ['Ed448 for Ed25519', () => generateKeyPairSync('ed448').privateKey, 'Ed25519'],
  ])('%s', (_, key, alg) => {
    expect(() => sign({}, key(), { algorithm: alg as 'ES256' })).toThrow(
      expect.objectContaining({ code: 'key_mismatch' }),
    )
  })
})

describe('fast-jwt#638 fast-jwt#639: payloads that are no object', () => {
  it.each(['[]', '[{"sub":"ada"}]', '"x"', '1', 'null', 'true', '', ' '])('%j is refused', payload => {
    expect(createVerifier({ key: createKey({ secret }) }).safe(rawToken({ payload }))).toEqual(
      refused('claims_malformed'),
    )
  })

  it.each<unknown>([[], 'text', 1, null, undefined, true, Buffer.from('x'), new Date(), () => 1])(
    '%s is not signed',
    payload => {
      expect(() => sign(payload as object, secret)).toThrow(TypeError)
    },
  )
})

describe('CVE-2025-65945 GHSA-869p-cjfg-cm3x: what the header names', () => {
  const key = createKey({ secret }, { kid: 'mine' })
  it.each([
    '../../dev/null',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'http://evil.example/',
    '\0',
    '../mine',
    'MINE',
    'mine ',
  ])('[S13] the kid %j finds no key', kid => {
    const other = createKey({ secret: `${secret}2` }, { kid: 'other' })
    const token = rawToken({ header: { alg: 'HS256', kid } })
    expect(createVerifier({ key }).safe(token)).toEqual(refused('key_not_found'))
    expect(createVerifier({ keys: [key, other] }).safe(token)).toEqual(refused('key_not_found'))
    expect(createVerifier({ keys: keyring([key, other]) }).safe(token)).toEqual(refused('key_not_found'))
  })

  it('[S13] a kid of a megabyte is refused unread, one of 257 characters before any key is asked', async () => {
    const long = rawToken({ header: { alg: 'HS256', kid: 'x'.repeat(1_000_000) } })
    expect(createVerifier({ key }).safe(long)).toEqual(refused('token_too_long'))
    let asked = 0
    const getKey: GetKey = () => {
      asked++
      return secret
    }
    expect(await later(rawToken({ header: { alg: 'HS256', kid: 'x'.repeat(257) } }), getKey)).toMatchObject({
      code: 'header_invalid',
    })
    expect(await later(rawToken({ header: { alg: 'none' } }), getKey)).toMatchObject({
      code: 'alg_not_allowed',
    })
    expect(await later('a.b.c.d.e', getKey)).toMatchObject({ code: 'token_encrypted' })
    expect(await later('junk', getKey)).toMatchObject({ code: 'token_malformed' })
    expect(asked).toBe(0)
  })
})

describe('CVE-2026-22817 GHSA-f67f-6cw9-8mq4 CVE-2026-22818 GHSA-3vhc-576x-3qv4: a JWK without alg', () => {
  it('[S18] is bound to one algorithm all the same, and the header chooses none', () => {
    const { publicKey, privateKey } = rsaPair()
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'rsa' }
    const { keys } = readKeySet(
      Buffer.from(JSON.stringify({ keys: [jwk] })),
      { algorithms: undefined, maxKeys: 9 },
      new Map(),
    )
    const verifier = createVerifier({ keys })
    expect(verifier.safe(rawSigned(privateKey, { alg: 'RS256', kid: 'rsa' })).ok).toBe(true)
    expect(verifier.safe(rawSigned(privateKey, { alg: 'RS512', kid: 'rsa' }, { hash: 'sha512' }))).toEqual(
      refused('alg_not_allowed'),
    )
    const hmac = createHmac('sha256', JSON.stringify(jwk)).update('x').digest()
    expect(verifier.safe(`${encode('{"alg":"HS256","kid":"rsa"}')}.e30.${encode(hmac)}`)).toEqual(
      refused('alg_not_allowed'),
    )
  })

  it('[S16] CVE-2020-15084: without keys there is no verifier, and a missing algorithm is never the one of the token', () => {
    // @ts-expect-error: a verifier needs keys
    expect(() => createVerifier({})).toThrow('createVerifier: give one of key and keys')
    expect(() => createVerifier({ key: createKey({ secret }), algorithms: [] })).toThrow(TypeError)
    expect(() => verify(rawToken(), secret, { algorithms: [] })).toThrow(TypeError)
    expect(() => verify(rawToken({ header: { alg: 'HS384' } }), secret.repeat(2))).toThrow(
      expect.objectContaining({ code: 'alg_not_allowed' }),
    )
  })
})

describe('[S27] RFC 9864: the old name EdDSA', () => {
  const key = generateKey('Ed25519', { kid: 'k' })
  const old = rawSigned(generateKeyPairSync('ed25519').privateKey, { alg: 'EdDSA' }, { hash: null })

  it('counts where it was configured, and nowhere else', () => {
    const oldKey = createKey({ jwk: { ...key.toPrivateJwk(), alg: 'EdDSA' } })
    const byOldName = createSigner({ key: oldKey })({})
    const byNewName = createSigner({ key })({})
    const open = verifyingHalf(key)
    for (const keys of [open, keyring(open)]) {
      const strict = createVerifier({ keys })
      const both = createVerifier({ keys, algorithms: ['Ed25519', 'EdDSA'] })
      const onlyOld = createVerifier({ keys, algorithms: ['EdDSA'] })
      expect([strict, both, onlyOld].map(verifier => verifier.safe(byOldName).ok)).toEqual([
        false,
        true,
        true,
      ])
      expect([strict, both, onlyOld].map(verifier => verifier.safe(byNewName).ok)).toEqual([
        true,
        true,
        false,
      ])
      expect(both.safe(old).ok).toBe(false)
    }
    for (const keys of [verifyingHalf(oldKey), keyring(verifyingHalf(oldKey))]) {
      const verifier = createVerifier({ keys })
      expect([byOldName, byNewName].map(token => verifier.safe(token).ok)).toEqual([true, false])
    }
  })
})

describe('[S40] two issuers with the same kid', () => {
  it('a key of one does not verify a token of the other', () => {
    const [a, b] = [generateKey('ES256', { kid: '1' }), generateKey('ES256', { kid: '1' })]
    const verifierOfA = createVerifier({ key: verifyingHalf(a), issuer: 'https://a.example' })
    const verifierOfB = createVerifier({ key: verifyingHalf(b), issuer: 'https://b.example' })
    const asA = createSigner({ key: b, issuer: 'https://a.example' })({})
    const asB = createSigner({ key: a, issuer: 'https://b.example' })({})
    for (const token of [asA, asB]) {
      expect(verifierOfA.safe(token).ok).toBe(false)
      expect(verifierOfB.safe(token).ok).toBe(false)
    }
  })
})

describe('[S43] CVE-2023-48309: one kind of token is not another', () => {
  it('each verifier takes its own kind only', () => {
    const key = createKey({ secret })
    const kinds = ['at+jwt', 'JWT', 'logout+jwt', 'dpop+jwt', 'refresh+jwt']
    const tokens = kinds.map(typ => createSigner({ key, typ, expiresIn: 60, audience: typ })({}))
    const verifiers = kinds.map(typ => createVerifier({ key, typ, audience: typ }))
    const matrix = verifiers.map(verifier => tokens.map(token => verifier.safe(token).ok))
    expect(matrix).toEqual(kinds.map((_, row) => kinds.map((__, column) => row === column)))
  })
})

describe('[S48] another spelling of a revoked token', () => {
  it('is revoked too: the deny-list sees the jti, not the text', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const key = generateKey('ES256')
    const token = createSigner({ key, jwtid: 'one' })({})
    const at = token.lastIndexOf('.') + 1
    const signature = Buffer.from(token.slice(at), 'base64url')
    const mirrored = (order - BigInt(`0x${signature.toString('hex', 32)}`)).toString(16).padStart(64, '0')
    const other =
      token.slice(0, at) +
      Buffer.concat([signature.subarray(0, 32), Buffer.from(mirrored, 'hex')]).toString('base64url')
    const revoked = new Set<unknown>()
    const verifier = createVerifier({
      key: verifyingHalf(key),
      revocations: { isRevoked: ({ claims }) => revoked.has(claims.jti) },
    })
    expect(other).not.toBe(token)
    expect([token, other].map(one => verifier.safe(one).ok)).toEqual([true, true])
    revoked.add('one')
    expect([token, other, `${token}=`].map(one => verifier.safe(one).ok)).toEqual([false, false, false])
    expect(verifier.safe(other)).toEqual(refused('token_revoked'))
  })
})
