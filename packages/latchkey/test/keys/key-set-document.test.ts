import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../src/base/errors.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { type KeySetRules, readKeySet } from '../../src/keys/key-set-document.ts'
import { rsaPair } from './keys-of-tests.ts'

const ec = generateKey('ES256', { kid: 'ec' }).toJwk()
const ed = generateKey('Ed25519', { kid: 'ed' }).toJwk()
const rsa = { ...rsaPair().publicKey.export({ format: 'jwk' }), kid: 'rsa' }
const usual: KeySetRules = { algorithms: undefined, maxKeys: 100 }

function read(document: unknown, rules: KeySetRules = usual): { keys: string[]; refused: string[] } {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const { keys, refused } = readKeySet(Buffer.from(text), rules, new Map())
  return {
    keys: keys.map(({ kid, alg }) => `${kid} ${alg}`),
    refused: refused.map(({ kid, reason }) => `${kid}: ${reason}`),
  }
}

describe('a key set from the network', () => {
  it.each<[string, object[], string[], RegExp | undefined]>([
    ['keys that name their algorithm', [ec, ed], ['ec ES256', 'ed Ed25519'], undefined],
    ['a key by its curve', [{ ...ec, alg: undefined }], ['ec ES256'], undefined],
    ['an RSA key without one as RS256', [rsa], ['rsa RS256'], undefined],
    ['EdDSA by its curve', [{ ...ed, alg: 'EdDSA' }], ['ed Ed25519'], undefined],
    ['[S30] not an unknown kty', [ec, { kty: 'NEW', kid: 'x' }], ['ec ES256'], /^x: /],
    ['[S30] not an unknown alg', [ec, { ...ed, alg: 'Ed999' }], ['ec ES256'], /^ed: /],
    [
      '[S19] not a secret',
      [ec, { kty: 'oct', k: 'A'.repeat(43), kid: 'x' }],
      ['ec ES256'],
      /x: .*never holds secrets/,
    ],
    [
      '[S26] not a private key',
      [generateKey('ES256', { kid: 'x' }).toPrivateJwk()],
      [],
      /x: .*carries private members/,
    ],
    ['[S28] not one for encryption', [{ ...ec, use: 'enc' }], [], /ec: /],
    ['[S28] not one that only signs', [{ ...ec, key_ops: ['sign'] }], [], /ec: .*do not allow verify/],
    [
      '[S29] not two of one kid',
      [ec, { ...ed, kid: 'ec' }],
      [],
      /ec: Another key of the set has the same kid/,
    ],
    ['[S25] not a point off the curve', [{ ...ec, y: ec['x'] }], [], /ec: /],
    ['not what is no object', [ec, null as unknown as object, [] as object], ['ec ES256'], /It is not a JWK/],
  ])('gives %s', (_, list, keys, refused) => {
    const document = read({ keys: list })
    expect(document.keys).toEqual(keys)
    if (refused === undefined) expect(document.refused).toEqual([])
    else expect(document.refused.join('\n')).toMatch(refused)
  })

  it('narrows and widens what a key without an algorithm is for', () => {
    const rules = { algorithms: ['RS256', 'PS256', 'ES256'] as const, maxKeys: 100 }
    expect(read({ keys: [rsa, ec, ed] }, rules)).toEqual({
      keys: ['rsa RS256', 'rsa PS256', 'ec ES256'],
      refused: [expect.stringMatching(/^ed: .*No allowed algorithm fits it/)],
    })
  })

  it.each([
    ['[S30] no keys', '{}'],
    ['[S30] keys that are no list', '{"keys":{}}'],
    ['a list', '[]'],
    ['text', 'keys'],
    ['nothing', ''],
    ['[S6] a name twice', '{"keys":[],"keys":[]}'],
    ['[S6] a name twice inside a key', `{"keys":[${JSON.stringify(ec).replace('{', '{"kid":"x",')}]}`],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ec) })],
  ])('is refused whole with %s', (_, text) => {
    try {
      read(text)
      expect.unreachable()
    } catch (error) {
      expect(error instanceof LatchkeyError && error.code).toBe('keys_unavailable')
    }
  })

  it('gives the same Key for the same JWK, so that caches keep what it verified', () => {
    const known = new Map()
    const bytes = Buffer.from(JSON.stringify({ keys: [ec, ed] }))
    const first = readKeySet(bytes, usual, known).keys
    const fewer = readKeySet(Buffer.from(JSON.stringify({ keys: [ed] })), usual, known).keys
    expect(fewer[0]).toBe(first[1])
    expect(readKeySet(bytes, usual, known).keys[0]).not.toBe(first[0])
  })
})
