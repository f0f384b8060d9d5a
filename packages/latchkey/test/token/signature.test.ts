import { createHmac, createPublicKey, generateKeyPairSync, sign as nodeSign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { derOfSignature, signatureOfDer } from '../../src/token/ecdsa.ts'
import { hasItsCode, hmacStateOf } from '../../src/token/hmac.ts'
import { scratchFor, textAt } from '../../src/token/scratch.ts'
import {
  isSignatureOf,
  isSignedBy,
  isSignedByLater,
  schemeOf,
  signText,
  signTextLater,
} from '../../src/token/signature.ts'
import { availableAlgorithms, signingKey, verifyingHalf } from '../keys/keys-of-tests.ts'
import { type Case, hasWycheproof, whyNot, wycheproof } from '../vectors.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const isSignature = (key: Key, { msg, sig }: Case): boolean =>
  isSignatureOf(schemeOf(key), bytes(msg), bytes(sig).toString('base64url'))

describe.skipIf(!hasWycheproof)(`Wycheproof through the signature layer${whyNot}`, () => {
  it.each<[string, string, Algorithm, number]>([
    ['[S24] ECDSA as R and S', 'ecdsa_secp256r1_sha256_p1363_test.json', 'ES256', 262],
    ['[S26] Ed25519', 'ed25519_test.json', 'Ed25519', 151],
    ['[S22] RSASSA-PSS', 'rsa_pss_2048_sha256_mgf1_32_test.json', 'PS256', 108],
    ['RSASSA-PKCS1-v1_5', 'rsa_signature_2048_sha256_test.json', 'RS256', 259],
  ])('%s: every case as it is labelled', (_, file, alg, count) => {
    const differing: number[] = []
    const tests = wycheproof(file).flatMap(group => {
      const key = createKey(createPublicKey(group.publicKeyPem), { alg })
      return group.tests.map(test => ({ test, key }))
    })
    // "acceptable" is a PKCS #1 encoding without its NULL, which RFC 8017 9.2 lets nobody produce: refused.
    for (const { test, key } of tests)
      if (isSignature(key, test) !== (test.result === 'valid')) differing.push(test.tcId)
    expect(tests).toHaveLength(count)
    expect(differing).toEqual([])
  })

  it('HMAC: every case as it is labelled, and no code that was cut short', () => {
    const differing: number[] = []
    let cases = 0
    for (const { tests, tagSize } of wycheproof('hmac_sha256_test.json')) {
      for (const { tcId, key, msg, tag, result } of tests) {
        cases++
        const state = hmacStateOf(createKey({ unsafeSecret: bytes(key) }))
        const text = bytes(msg)
        const code = bytes(tag).toString('base64url')
        const scratch = scratchFor(text.length + 1 + code.length)
        text.copy(scratch, textAt)
        scratch.write(`.${code}`, textAt + text.length, 'latin1')
        // What isSignedBy does: a code of another length is none.
        const isSame = code.length === state.codeChars && hasItsCode(state, scratch, text.length)
        if (isSame !== (result === 'valid' && tagSize === 256)) differing.push(tcId)
      }
    }
    expect(cases).toBe(174)
    expect(differing).toEqual([])
  })
})

describe('HMAC in two hashes', () => {
  it.each(['HS256', 'HS384', 'HS512'] as const)(
    '%s is what createHmac computes, for secrets and texts of any length',
    alg => {
      for (const secretBytes of [1, 31, 32, 63, 64, 65, 127, 128, 129, 1000]) {
        const secret = Buffer.alloc(secretBytes, 'some bytes of a secret, some')
        const key = createKey({ unsafeSecret: secret }, { alg })
        for (const chars of [0, 1, 55, 56, 64, 400, 16_384, 20_000]) {
          const text = 'x'.repeat(chars)
          expect(signText(key, text)).toBe(
            createHmac(`sha${alg.slice(2)}`, secret)
              .update(text)
              .digest('base64url'),
          )
        }
      }
    },
  )

  it('[S21] compares whole codes only', () => {
    const key = createKey({ secret: 'x'.repeat(32) })
    const code = signText(key, 'text')
    const isCode = (text: string): boolean => isSignedBy(key, `text.${text}`, 'text'.length)
    expect(isCode(code)).toBe(true)
    for (let at = 0; at < code.length; at++) {
      expect(isCode(code.slice(0, at) + (code[at] === 'A' ? 'B' : 'A') + code.slice(at + 1))).toBe(false)
    }
    for (const other of ['', code.slice(1), code.slice(0, -1), `${code}A`, `${code}=`])
      expect(isCode(other)).toBe(false)
  })
})

describe('ECDSA signatures between their two forms', () => {
  it.each([32, 48, 66])('keep R and S of %d bytes, whatever zeros and high bits they begin with', size => {
    for (const zeros of [0, 1, 2, size - 1]) {
      for (const first of [0x01, 0x7f, 0x80, 0xff]) {
        const r = Buffer.alloc(size, 0xab)
        r.fill(0, 0, zeros)
        r[zeros] = first
        for (const signature of [Buffer.concat([r, r]), Buffer.concat([r, Buffer.alloc(size, 0x11)])]) {
          expect(signatureOfDer(derOfSignature(signature, size), size).equals(signature)).toBe(true)
        }
      }
    }
  })

  it('[S24] [S35] are as long as the curve says, never DER, and never have the same R twice', () => {
    const key = signingKey('ES256')
    const seen = new Set<string>()
    for (let count = 0; count < 10_000; count++) {
      const signature = Buffer.from(signText(key, `text ${count % 2}`), 'base64url')
      if (signature.length !== 64) expect(signature).toHaveLength(64)
      seen.add(signature.toString('hex', 0, 32))
    }
    expect(seen.size).toBe(10_000)
  })

  it('[S24] refuses a DER signature, and one of another length', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = createKey(publicKey)
    const good = nodeSign('sha256', Buffer.from('a.b'), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const der = nodeSign('sha256', Buffer.from('a.b'), privateKey)
    expect(isSignedBy(key, `a.b.${good.toString('base64url')}`, 3)).toBe(true)
    for (const bad of [der, good.subarray(1), Buffer.concat([Buffer.alloc(1), good]), Buffer.alloc(64)]) {
      expect(isSignedBy(key, `a.b.${bad.toString('base64url')}`, 3)).toBe(false)
    }
  })
})

describe.each(availableAlgorithms)('a signature of %s', alg => {
  const key = signingKey(alg)
  const open = verifyingHalf(key)

  it('is made and checked at once and in the thread pool', async () => {
    for (const segment of [signText(key, 'head.body'), await signTextLater(key, 'head.body')]) {
      const token = `head.body.${segment}`
      expect(isSignedBy(open, token, 9)).toBe(true)
      expect(await isSignedByLater(open, token, 9)).toBe(true)
    }
  })

  it('is refused when anything about it is another', async () => {
    const segment = signText(key, 'head.body')
    const flipped = (segment[0] === 'A' ? 'B' : 'A') + segment.slice(1)
    for (const token of [
      `head.body.${flipped}`,
      `head.bodY.${segment}`,
      'head.body.',
      `head.body.${segment}=`,
      `head.body.${segment} `,
      `head.body.${segment.slice(0, -1)}`,
      `head.body.${segment}AAAA`,
      `heåd.body.${segment}`,
      `head.body.${segment.slice(1)}\u0141`,
    ]) {
      const at = token.lastIndexOf('.')
      expect(isSignedBy(open, token, at), token).toBe(false)
      expect(await isSignedByLater(open, token, at), token).toBe(false)
    }
  })

  it('is not disturbed by one that is checked meanwhile', async () => {
    const tokens = ['one', 'two', 'three'].map(text => `${text}.${signText(key, text)}`)
    const checks = tokens.map(token => isSignedByLater(open, token, token.lastIndexOf('.')))
    for (const token of tokens) expect(isSignedBy(open, `${token}x`, token.lastIndexOf('.'))).toBe(false)
    expect(await Promise.all(checks)).toEqual([true, true, true])
  })
})
