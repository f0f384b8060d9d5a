import { describe, expect, it } from 'vitest'
import { decodeBase64url, decodeProvenSegment, encodeBase64url } from '../../src/base/base64url.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const target = Buffer.alloc(64)

/** What the two decoders make of a text that is ASCII without '+' and '/', which the second one needs. */
function bothOf(text: string): [string | undefined, string | undefined] {
  const bytes = decodeProvenSegment(text, target)
  return [decodeBase64url(text)?.toString('hex'), bytes < 0 ? undefined : target.toString('hex', 0, bytes)]
}

describe('base64url', () => {
  it.each([
    ['', ''],
    ['Zg', '66'],
    ['Zm8', '666f'],
    ['Zm9v', '666f6f'],
    ['-_-_', 'fbffbf'],
    ['AA', '00'],
    ['AAAA', '000000'],
  ])('decodes %j', (text, hex) => {
    expect(bothOf(text)).toEqual([hex, hex])
    expect(encodeBase64url(Buffer.from(hex, 'hex'))).toBe(text)
  })

  it.each([
    'Z',
    'Zm9vZ',
    'Zg==',
    'Zm8=',
    'Zm9v=',
    ' Zg',
    'Zg ',
    'Zm\n9v',
    'Z.g',
    'Zm9v\0',
    'Zh',
    'Zm9',
    '=',
    'A===',
    '.',
    '~~~~',
  ])('[S1] [S2] decodes no %j', text => {
    expect(bothOf(text)).toEqual([undefined, undefined])
  })

  it('[S2] knows one spelling of each two and three last characters', () => {
    for (const rest of ['', 'abcd']) {
      for (const first of alphabet) {
        const pairs = [...alphabet].filter(last => bothOf(rest + first + last)[1] !== undefined)
        expect(pairs).toEqual(['A', 'Q', 'g', 'w'])
        const triples = [...alphabet].filter(last => bothOf(`${rest}${first}A${last}`)[1] !== undefined)
        expect(triples).toHaveLength(16)
      }
    }
  })

  it('[S1] takes no character but those of the alphabet, at any place', () => {
    for (let code = 0; code < 0x180; code++) {
      const character = String.fromCharCode(code)
      if (alphabet.includes(character)) continue
      for (const text of [
        `${character}AAA`,
        `A${character}AA`,
        `AA${character}A`,
        `AAA${character}`,
        `AAA${character}A`,
      ]) {
        expect(decodeBase64url(text)).toBeUndefined()
        if (code < 0x80 && character !== '+' && character !== '/')
          expect(decodeProvenSegment(text, target)).toBe(-1)
      }
    }
  })

  it('decodes into no buffer that is too small', () => {
    expect(decodeProvenSegment('A'.repeat(88), target)).toBe(-1)
    expect(decodeProvenSegment('A'.repeat(84), target)).toBe(63)
  })
})
