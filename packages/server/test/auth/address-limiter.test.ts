// Attempts by address: one key for all spellings and for a whole network, and what an attempt, a success and time do.
import { describe, expect, test } from 'vitest'
import { addressKey } from '../../src/auth/address-key.ts'
import { createAddressLimiter } from '../../src/auth/address-limiter.ts'

describe('an address', () => {
  test.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::FFFF:c000:201'],
    ['192.0.2.1', '0:0:0:0:0:ffff:c000:0201'],
    ['2001:db8::1', '2001:0DB8:0:0:1:2:3:4'],
    ['2001:db8:0:1::', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['fe80::1%eth0', 'fe80::2'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['::1', '::2'],
  ])('[S113] %s is the same as %s', (one, other) => {
    expect(addressKey(one)).toBeDefined()
    expect(addressKey(one)).toEqual(addressKey(other))
  })

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['192.0.2.1', '::192.0.2.1'],
    ['192.0.2.1', '0:0:c000:201::'],
    ['192.0.2.1', '0:ffff:c000:201::1'],
    ['192.0.2.1', '2001:db8::192.0.2.1'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8::', '2001:db8:1::'],
  ])('[S113] %s is another than %s', (one, other) => {
    expect(addressKey(one)).not.toEqual(addressKey(other))
  })

  test.each(['', 'unknown', '192.0.2', '192.0.2.1:80', '2001:db8:::1', 'g::1'])('%j is none', text => {
    expect(addressKey(text)).toBeUndefined()
  })
})

/** A limiter with its clock, and how many of `count` attempts of one address it lets through. */
function openLimiter() {
  const time = { nowMs: 5_000 }
  const limiter = createAddressLimiter(() => time.nowMs)
  const letThrough = (address: string, count = 1): number => {
    let passed = 0
    for (let i = 0; i < count; i++) {
      try {
        limiter.attempt('password', address)
        passed += 1
      } catch {
        // Refused: counted by not being counted.
      }
    }
    return passed
  }
  return { time, limiter, letThrough }
}

describe('the limiter', () => {
  test('lets a hundred guesses through, then one each nine seconds, and says how long to wait', () => {
    const { time, limiter, letThrough } = openLimiter()
    expect(letThrough('192.0.2.1', 1_000)).toBe(100)
    expect(() => limiter.attempt('password', '192.0.2.1')).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 9 }),
    )
    time.nowMs += 9_000
    expect(letThrough('192.0.2.1', 2)).toBe(1)
    expect(letThrough('192.0.2.2', 2)).toBe(2)
    time.nowMs += 900_000
    expect(letThrough('192.0.2.1', 1_000)).toBe(100)
  })

  test('[S113] counts 2^16 addresses of one network as one', () => {
    const { letThrough } = openLimiter()
    let passed = 0
    for (let i = 0; i < 65_536; i++) passed += letThrough(`2001:db8:0:1:${i.toString(16)}::1`)
    expect(passed).toBe(100)
  })

  test('takes little for a success, and gives back nothing that another attempt has used up', () => {
    const { limiter, letThrough } = openLimiter()
    for (let i = 0; i < 1_000; i++) limiter.attempt('password', '192.0.2.1').succeed()
    expect(letThrough('192.0.2.1', 1_000)).toBeGreaterThan(40)
    expect(letThrough('192.0.2.1')).toBe(0)
  })

  test('gives nothing back to a success that took longer than its attempt is remembered', () => {
    const { time, limiter, letThrough } = openLimiter()
    const slow = Array.from({ length: 20 }, () => limiter.attempt('password', '192.0.2.1'))
    time.nowMs += 200_000
    expect(letThrough('192.0.2.1', 1_000)).toBe(100)
    for (const one of slow) one.succeed()
    expect(letThrough('192.0.2.1')).toBe(0)
  })

  test('counts each purpose by itself, and nobody whose address is not known', () => {
    const { limiter, letThrough } = openLimiter()
    expect(letThrough('192.0.2.1', 101)).toBe(100)
    limiter.attempt('register', '192.0.2.1')
    for (let i = 0; i < 200; i++) limiter.attempt('password', undefined)
  })

  test('a clock that is set back frees nobody', () => {
    const { time, letThrough } = openLimiter()
    time.nowMs += 100_000
    expect(letThrough('192.0.2.1', 101)).toBe(100)
    time.nowMs -= 50_000
    expect(letThrough('192.0.2.1')).toBe(0)
  })
})
