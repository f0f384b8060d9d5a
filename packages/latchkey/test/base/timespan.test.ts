import { describe, expect, it } from 'vitest'
import { secondsOfTimespan } from '../../src/base/timespan.ts'

describe('timespans', () => {
  it.each([
    [60, 60],
    [0, 0],
    [-5, -5],
    [1.5, 1.5],
    ['60s', 60],
    ['15m', 900],
    ['1h', 3600],
    ['1.5h', 5400],
    ['-1h', -3600],
    ['30d', 2_592_000],
    ['30 days', 2_592_000],
    ['2w', 1_209_600],
    ['1y', 31_557_600],
    ['500ms', 0.5],
    ['10 Minutes', 600],
    ['1 hr', 3600],
  ])('%j is %d seconds', (span, seconds) => {
    expect(secondsOfTimespan(span, 'x')).toBe(seconds)
  })

  it.each([
    '120',
    '',
    ' ',
    'h',
    '1',
    '1x',
    '1hh',
    '1 month',
    '1h 5m',
    '1e3s',
    '0x1s',
    '--1h',
    '1  h',
    '1constructor',
    `${'1'.repeat(100)}s`,
  ])('refuses %j', span => {
    expect(() => secondsOfTimespan(span, 'expiresIn')).toThrow(/^expiresIn must be a number of seconds/)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, {}, [1], 1n])('refuses %s', span => {
    expect(() => secondsOfTimespan(span, 'maxAge')).toThrow(TypeError)
  })
})
