import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { rsaPair } from './keys-of-tests.ts'

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = String(rsaPair().publicKey.export({ type: 'spki', format: 'pem' }))
const pkcs1 = String(rsaPair().publicKey.export({ type: 'pkcs1', format: 'pem' }))
const jwk = JSON.stringify(rsaPair().publicKey.export({ format: 'jwk' }))
const der = (key: KeyObject, type: 'spki' | 'pkcs8' | 'sec1' | 'pkcs1'): Buffer =>
  key.export({ format: 'der', type } as { format: 'der'; type: 'spki' })

/** What stood in front of the material in the advisories, and what might next. */
const prefixes = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\u00a0',
  '\ufeff',
  '\0',
  '\v\f',
  '  \n  \n',
  '# the key\n',
  '// the key\n',
  '-- ',
  ';',
  'x',
  'key=',
  '"',
  "'",
  '\u2028',
  'Bag Attributes\n    localKeyID: 01\n',
]

const refused = (secret: string | Uint8Array): void => {
  for (const given of [secret, Buffer.from(secret)]) {
    expect(() => createKey({ secret: given })).toThrow(/^this secret (looks like a|is a key in)/)
    expect(() => createKey({ secret: given })).toThrow(TypeError)
    expect(() => createKey({ unsafeSecret: given })).toThrow(TypeError)
    const k = Buffer.from(given).toString('base64url')
    expect(() => createKey({ jwk: { kty: 'oct', alg: 'HS256', k } })).toThrow(TypeError)
  }
}

describe('what is no secret', () => {
  it.each(prefixes.map(prefix => [prefix]))(
    '[S19] [S20] CVE-2016-10555 CVE-2023-48223 CVE-2026-34950 GHSA-mvf2-f6gm-w987 GHSA-ww5h-9m49-7xx4: a PEM or a JWK behind %j',
    prefix => {
      refused(prefix + pem)
      refused(prefix + pkcs1)
      refused(prefix + pem.replaceAll('\n', '\r\n'))
      refused(prefix + jwk)
      refused(prefix + jwk.replace('"kty"', '"kty" \n'))
    },
  )

  it.each([
    ['a JWK Set', `{"keys":[${jwk}]}`],
    ['a JWK in a list', `[${jwk}]`],
    ['a JWK written as a JSON text', JSON.stringify(jwk)],
    ['a JWK with escaped names', jwk.replace('kty', '\\u006bty')],
    ['a JWK with line breaks', JSON.stringify(JSON.parse(jwk), null, 2)],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
    ['an SSH key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----'],
  ])('[S19] GHSA-g3jj-5cmm-3hxx: %s', (_, text) => refused(text))

  it.each([
    ['an RSA key', der(rsaPair().publicKey, 'spki')],
    ['an RSA key of PKCS #1', der(rsaPair().publicKey, 'pkcs1')],
    ['an EC key', der(ec.publicKey, 'spki')],
    ['a private EC key', der(ec.privateKey, 'pkcs8')],
    ['a private EC key of SEC 1', der(ec.privateKey, 'sec1')],
  ])('[S19] CVE-2022-23541 CVE-2023-48238: %s in DER, in base64 and in base64url', (_, bytes) => {
    refused(bytes)
    refused(bytes.toString('base64'))
    refused(bytes.toString('base64url'))
    refused(bytes.toString('base64').replace(/.{64}/g, '$&\n'))
  })

  it.each([
    null,
    undefined,
    1,
    true,
    {},
    [],
    [1, 2],
    () => 'x',
    Symbol('x'),
    { toString: () => 'x'.repeat(40) },
    new Date(),
    new ArrayBuffer(40),
  ])('CVE-2022-23529: refuses %s with a TypeError', secret => {
    expect(() => createKey({ secret: secret as unknown as string })).toThrow(
      new TypeError('a secret must be text or bytes'),
    )
  })
})

describe('how long a secret is', () => {
  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('[S20] %s takes %d bytes or more', (alg, bytes) => {
    const long = Buffer.alloc(bytes, 'abcdefghij')
    expect(createKey({ secret: long }, { alg })).toMatchObject({ alg, type: 'secret' })
    const short = long.subarray(1)
    for (const make of [
      () => createKey({ secret: short }, { alg }),
      () => createKey({ jwk: { kty: 'oct', k: short.toString('base64url') } }, { alg }),
    ]) {
      expect(make).toThrow(LatchkeyError)
      expect(make).toThrow(`${alg} needs a secret of ${bytes} bytes or more. Make one with: node -p`)
    }
    expect(createKey({ unsafeSecret: short }, { alg }).alg).toBe(alg)
  })

  it.each(['', Buffer.alloc(0)])(
    '[S20] CVE-2022-23540 GHSA-8wpc-h4q6-8fxv CVE-2026-45363: refuses an empty one, %j',
    empty => {
      for (const make of [() => createKey({ secret: empty }), () => createKey({ unsafeSecret: empty })]) {
        expect(make).toThrow(expect.objectContaining({ code: 'key_too_weak' }))
        expect(make).toThrow('The secret is empty.')
      }
    },
  )

  it('counts bytes, not characters', () => {
    expect(createKey({ secret: 'é'.repeat(16) }).alg).toBe('HS256')
    expect(() => createKey({ secret: 'e'.repeat(16) })).toThrow(LatchkeyError)
  })

  it('[S20] warns once of a secret with hardly any different bytes', async () => {
    const warned = new Promise<Error>(resolve => process.once('warning', resolve))
    createKey({ secret: Buffer.alloc(32) })
    expect(await warned).toMatchObject({ code: 'LATCHKEY_LOW_ENTROPY_SECRET' })
  })

  it('keeps its own copy', () => {
    const bytes = Buffer.from('x'.repeat(31).concat('abcdefgh'))
    const key = createKey({ secret: bytes })
    const before = key.toPrivateJwk()['k']
    bytes.fill(0)
    expect(key.toPrivateJwk()['k']).toBe(before)
  })
})
