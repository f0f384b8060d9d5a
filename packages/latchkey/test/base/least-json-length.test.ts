import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictText } from '../../src/base/json.ts'
import { leastJsonLength, leastMemberLength } from '../../src/base/least-json-length.ts'

const levels = 32

const ordinary = fc.dictionary(
  fc.string({ maxLength: 8 }).filter(name => name !== '__proto__'),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 8 },
)

/** As short as JSON can be written: numbers that end with zeros have an exponent. */
function shortText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shortText).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}:${shortText(member)}`)
      .join(',')}}`
  }
  return JSON.stringify(value).replace(
    /^(-?\d*[1-9])(0+)$/,
    (_, digits, zeros) => `${digits}e${zeros.length}`,
  )
}

describe('leastJsonLength', () => {
  it.each([
    ['{}', 2],
    ['{"":0}', 6],
    ['{"a":[]}', 8],
    ['{"a":[1,22,"x"],"b":{"c":true,"d":false,"e":null}}', 50],
    ['{"exp":1764000001}', 18],
    ['{"n":9007199254740991}', 22],
  ])('is the length of %s', (text, length) => {
    expect(text.length).toBe(length)
    expect(leastJsonLength(JSON.parse(text), levels)).toBe(length)
  })

  it('never says more than the shortest text has', () => {
    fc.assert(
      fc.property(ordinary, value => {
        const text = shortText(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(leastJsonLength(JSON.parse(text), levels)).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  it.each([
    ['a thousand', '{"a":1,"a":1e3}'],
    ['a large number that an exponent makes short', '{"":0,"a":1e9,"b":1e9,"":0}'],
    ['the largest safe integer', '{"a":9007199254740991,"a":0}'],
    ['a number beyond them', '{"a":1e300,"a":1e300}'],
    ['a name inside', '{"a":{"":0,"":0}}'],
    ['a name inside a list', '{"a":[{"":0,"":0}]}'],
    ['the shortest that there are', '{"":0,"":0}'],
  ])('leaves room for the name that is there twice: %s', (_, text) => {
    const least = leastJsonLength(JSON.parse(text), levels)
    expect(text.length).toBeGreaterThanOrEqual(least + leastMemberLength)
    expect(parseStrictText(text)).toBeUndefined()
  })

  it('is the reason for no text with a name twice to pass', () => {
    fc.assert(
      fc.property(ordinary, fc.jsonValue({ maxDepth: 1 }), fc.nat(), (value, more, at) => {
        const names = Object.keys(value)
        fc.pre(names.length > 0 && !JSON.stringify([value, more]).includes('__proto__'))
        const name = JSON.stringify(names[at % names.length])
        const text = `{${name}:${shortText(more)},${shortText(value).slice(1)}`
        expect(parseStrictText(text)).toBeUndefined()
        expect(parseStrictText(shortText(value))).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  it('is -1 for __proto__ and for what nests too deep', () => {
    expect(leastJsonLength(JSON.parse('{"a":[{"__proto__":1}]}'), levels)).toBe(-1)
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(leastJsonLength(JSON.parse(nested(levels)), levels)).toBe(nested(levels).length)
    expect(leastJsonLength(JSON.parse(nested(levels + 1)), levels)).toBe(-1)
  })
})
