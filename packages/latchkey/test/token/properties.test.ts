import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/base/base64url.ts'
import { parseStrictText } from '../../src/base/json.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { decode } from '../../src/token/decode.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { encode, hs256, rawToken, secret } from './raw-token.ts'

const hmac = createKey({ secret })
const pairs = [hmac, generateKey('ES256'), generateKey('Ed25519')].map(key => ({
  alg: key.alg,
  signer: createSigner({ key, noTimestamp: true }),
  verifier: createVerifier({ key, maxTokenLength: 1_000_000 }),
}))
const registered = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__', 'toJSON'])

/** Any claims that JSON can say: all of Unicode, no name that the RFC gives a meaning. */
const anyClaims = fc
  .dictionary(
    fc.string({ unit: 'binary' }).filter(name => !registered.has(name)),
    fc.jsonValue({ stringUnit: 'binary', maxDepth: 6, noUnicodeString: false } as object),
    { noNullPrototype: true },
  )
  .filter(claims => !JSON.stringify(claims).includes('__proto__'))

/** What JSON makes of a value: -0 becomes 0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe.each(pairs)('$alg', ({ signer, verifier }) => {
  it('any payload makes the round trip', () => {
    fc.assert(
      fc.property(anyClaims, claims => {
        const token = signer(claims)
        expect(verifier(token)).toEqual(asJson(claims))
        expect(decode(token)).toEqual(asJson(claims))
      }),
      { numRuns: 300 },
    )
  })

  it('any change of one character is refused', () => {
    const token = signer({ sub: 'ada', n: 1 })
    const any = fc.oneof(
      fc.constantFrom(...alphabet, '.', '=', '+', '/', ' '),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        any,
        fc.constantFrom('replace', 'insert', 'delete'),
        (at, character, act) => {
          const head = token.slice(0, at)
          const changed =
            act === 'insert'
              ? head + character + token.slice(at)
              : head + (act === 'delete' ? '' : character) + token.slice(at + 1)
          fc.pre(changed !== token)
          expect(verifier.safe(changed).ok).toBe(false)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('and so is each character that stands in it, for each of the alphabet', () => {
    const token = signer({ sub: 'ada' })
    for (let at = 0; at < token.length; at++) {
      for (const character of at % 7 === 0 ? alphabet : 'Aw_') {
        if (token[at] === character) continue
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        if (verifier.safe(changed).ok) expect(changed).toBe('refused')
      }
    }
  })
})

describe('encoding', () => {
  it('[S2] decoding and encoding again is the identity, for bytes and for texts that decode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(Buffer.from(bytes))
      }),
    )
    const text = fc.string({ unit: fc.constantFrom(...alphabet, '=', ' ', '+', 'é'), maxLength: 12 })
    fc.assert(
      fc.property(text, segment => {
        const bytes = decodeBase64url(segment)
        expect(bytes === undefined ? segment : encodeBase64url(bytes)).toBe(segment)
      }),
      { numRuns: 3000 },
    )
  })

  it('[S2] no two texts are the same token: what verifies is what its parts encode to', () => {
    const verifier = createVerifier({ key: hmac })
    const parts = fc.tuple(
      fc.constantFrom('{"alg":"HS256"}', '{"alg":"HS256" }', ' {"alg":"HS256"}'),
      fc.constantFrom('{}', '{"a":1}', '{"a":"\\u0061"}'),
      fc.constantFrom('', '=', ' ', 'A'),
    )
    fc.assert(
      fc.property(parts, ([header, payload, tail]) => {
        const token = rawToken({ header, payload }) + tail
        const isCanonical = token.split('.').every(part => decodeBase64url(part) !== undefined)
        expect(verifier.safe(token).ok).toBe(isCanonical && tail === '')
      }),
    )
  })

  it('strict JSON reads what JSON.parse reads, but for what it refuses', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary', maxDepth: 8 }), json => {
        const read = parseStrictText(`{"a":${json}}`)
        if (read === undefined) expect(json).toContain('"__proto__":')
        else expect(read).toEqual(JSON.parse(`{"a":${json}}`))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('whatever comes in', () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.anything(),
    fc.tuple(fc.string(), fc.string(), fc.string()).map(parts => parts.join('.')),
    fc.tuple(fc.json(), fc.json()).map(([header, payload]) => rawToken({ header, payload })),
    fc.tuple(fc.uint8Array(), fc.uint8Array()).map(([header, payload]) => rawToken({ header, payload })),
    fc.json().map(payload => {
      const input = `${encode('{"alg":"HS256"}')}.${encode(payload)}`
      return `${input}.${hs256(input)}`
    }),
  )

  it('decode never throws', () => {
    fc.assert(
      fc.property(junk, token => {
        decode(token as string)
        decode(token as string, { complete: true })
      }),
      { numRuns: 2000 },
    )
  })

  it('safe never throws, and check never rejects', async () => {
    const { verifier } = pairs[1] ?? expect.unreachable()
    await fc.assert(
      fc.asyncProperty(junk, async token => {
        for (const one of [createVerifier({ key: hmac }), verifier]) {
          expect(typeof one.safe(token).ok).toBe('boolean')
          expect(typeof (await one.check(token)).ok).toBe('boolean')
        }
      }),
      { numRuns: 1000 },
    )
  })
})
