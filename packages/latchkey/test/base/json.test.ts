import { describe, expect, it } from 'vitest'
import { parseStrictObject, parseStrictText } from '../../src/base/json.ts'

const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
const bytesOf = (hex: string): Buffer =>
  Buffer.concat([Buffer.from('{"a":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')])

describe('strict JSON', () => {
  it.each([
    '{}',
    ' {"a":1} ',
    '{"a":{"a":{"a":[]}}}',
    '{"a":"b:c{[\\"\\\\"}',
    '{"constructor":1,"prototype":2,"hasOwnProperty":3}',
    '{"a":"\\ud83d\\ude00","b":"\\\\ud800"}',
    '{"a":"�"}',
    nested(32),
  ])('reads %s', text => {
    expect(parseStrictText(text)).toEqual(JSON.parse(text))
  })

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['an array', '[]'],
    ['a text', '"x"'],
    ['a number', '1'],
    ['null', 'null'],
    ['trailing garbage', '{} {}'],
    ['a trailing comma', '{"a":1,}'],
    ['a comment', '{"a":1}//'],
    ['NaN', '{"a":NaN}'],
    ['an open object', '{"a":1'],
    ['a control character in front', '\u0001{}'],
    ['a non-breaking space', '\u00a0{}'],
    ['a byte order mark', '\ufeff{}'],
    ['half a surrogate pair', '{"a":"\ud800"}'],
  ])('[S7] refuses %s', (_, text) => {
    expect(parseStrictText(text)).toBeUndefined()
  })

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"\\u0061":3}',
    '{"x":{"a":1,"a":2}}',
    '{"x":[{"a":[{"b":1,"b":1}]}]}',
    '{"":1,"":2}',
    '{"alg":"none","alg":"HS256"}',
    '{"1":0,"1":0}',
  ])('[S6] refuses %s, which has a name twice', text => {
    expect(parseStrictText(text)).toBeUndefined()
  })

  it.each(['{"__proto__":{"admin":true}}', '{"a":{"__proto__":1}}', '{"a":[{"\\u005f_proto__":[]}]}'])(
    '[S7] refuses %s',
    text => {
      expect(parseStrictText(text)).toBeUndefined()
    },
  )

  it.each([33, 1000, 400_000])('[S7] refuses nesting of %d', depth => {
    expect(parseStrictText(nested(depth))).toBeUndefined()
  })

  it.each([
    ['a lone continuation byte', '80'],
    ['an overlong slash', 'c0af'],
    ['an overlong null', 'e08080'],
    ['a surrogate', 'eda080'],
    ['a pair of surrogates', 'eda0bdedb880'],
    ['a point past the last', 'f4908080'],
    ['a byte that never occurs', 'ff'],
    ['a sequence that is cut off', 'e282'],
    ['a byte beside a true U+FFFD', 'efbfbdff'],
  ])('[S5] refuses %s', (_, hex) => {
    const bytes = bytesOf(hex)
    expect(parseStrictObject(bytes, bytes.length)).toBeUndefined()
  })

  it.each([
    '{"a":"\\ud800"}',
    '{"a":"x\\uDC00"}',
    '{"\\ud83d":1}',
    '{"a":["\\\\\\ud800"]}',
    '{"a":"\\ude00\\ud83d"}',
  ])('[S5] refuses %s, which has half of a surrogate pair', text => {
    expect(parseStrictText(text)).toBeUndefined()
  })

  it('reads no further than it is told', () => {
    const bytes = Buffer.from('{"a":1}{"b":2}')
    expect(parseStrictObject(bytes, 7)).toEqual({ a: 1 })
    expect(parseStrictObject(bytes, bytes.length)).toBeUndefined()
  })
})
