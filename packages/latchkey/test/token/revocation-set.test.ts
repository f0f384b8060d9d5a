import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RevocationSet } from '../../src/token/revocation-set.ts'

const id = (n: number): string => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(n, 0)
  return bytes.toString('base64url')
}

function forgetIn(set: RevocationSet, model: Map<string, number>, now: number): void {
  set.forget(now)
  for (const [key, until] of model) if (until <= now) model.delete(key)
  expect(new Map(set.entries())).toEqual(model)
}

describe('a revocation set', () => {
  test('has what was added, and nothing else', () => {
    const set = new RevocationSet()
    set.add(id(1), 100)
    expect(set.has(id(1))).toBe(true)
    expect(set.has(id(2))).toBe(false)
    expect(set.size).toBe(1)
  })

  test.each([Number.NaN, '9e9', undefined, null])('refuses to revoke until %j', instant => {
    const set = new RevocationSet()
    for (const name of ['kid-1', id(1)]) expect(() => set.add(name, instant as number)).toThrow(TypeError)
    expect(set.size).toBe(0)
  })

  test.each([
    ['empty', ''],
    ['short', 'kid-1'],
    ['a thumbprint', randomBytes(32).toString('base64url')],
    ['22 letters that no 128 bits are written as', `${'A'.repeat(21)}B`],
    ['22 letters outside the alphabet', `${'A'.repeat(21)}é`],
    ['22 letters with a comma', `${'A'.repeat(10)},${'A'.repeat(11)}`],
  ])('takes ids of any spelling: %s', (_, odd) => {
    const set = new RevocationSet()
    expect(set.has(odd)).toBe(false)
    set.add('A'.repeat(22), 100)
    expect(set.has(odd)).toBe(false)
    expect(set.add(odd, 100)).toBe(true)
    expect(set.add(odd, 100)).toBe(false)
    expect(set.has(odd)).toBe(true)
    expect(new Map(set.entries())).toEqual(
      new Map([
        ['A'.repeat(22), 100],
        [odd, 100],
      ]),
    )
    set.forget(100)
    expect(set.has(odd)).toBe(false)
  })

  test('every bit of an id counts', () => {
    const set = new RevocationSet()
    const bytes = randomBytes(16)
    set.add(bytes.toString('base64url'), 100)
    for (let bit = 0; bit < 128; bit++) {
      const near = Buffer.from(bytes)
      near[bit >> 3] = (near[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(set.has(near.toString('base64url')), `bit ${bit}`).toBe(false)
    }
  })

  test('remembers one whose instant is nought until it is forgotten', () => {
    const set = new RevocationSet()
    set.add(id(1), 0)
    expect(set.has(id(1))).toBe(true)
    set.forget(1)
    expect(set.size).toBe(0)
  })

  test('keeps the later of two instants', () => {
    const set = new RevocationSet()
    set.add(id(1), 100)
    set.add(id(1), 50)
    set.forget(99)
    expect(set.has(id(1))).toBe(true)
    expect(set.size).toBe(1)
    set.add(id(1), 200)
    set.forget(100)
    expect(set.has(id(1))).toBe(true)
    set.forget(200)
    expect(set.size).toBe(0)
  })

  test('forgets a few slots at a time, and comes round', () => {
    const set = new RevocationSet()
    for (let n = 0; n < 5_000; n++) set.add(id(n), n < 2_500 ? 100 : 200)
    let calls = 0
    for (; set.size > 2_500; calls++) set.forget(100, 64)
    expect(calls).toBeGreaterThan(10)
    for (let n = 0; n < 5_000; n++) expect(set.has(id(n))).toBe(n >= 2_500)
  })

  test('behaves as a map of instants under any order of additions and forgetting', () => {
    const addition = fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 50 }))
    const forgetting = fc.tuple(fc.nat(50))
    const acts = fc.array(
      fc.oneof({ weight: 50, arbitrary: addition }, { weight: 1, arbitrary: forgetting }),
      { minLength: 1_000, maxLength: 3_000, size: 'max' },
    )
    fc.assert(
      fc.property(acts, fc.nat(), (list, seed) => {
        const set = new RevocationSet(seed)
        const model = new Map<string, number>()
        for (const [first, until] of list) {
          if (until === undefined) forgetIn(set, model, first)
          else {
            const isNews = until > (model.get(id(first)) ?? 0)
            expect(set.add(id(first), until)).toBe(isNews)
            if (isNews) model.set(id(first), until)
          }
        }
        expect(set.size).toBe(model.size)
        for (let n = 0; n <= 3_000; n++)
          if (set.has(id(n)) !== model.has(id(n))) expect.fail(`${n} is ${set.has(id(n))}`)
      }),
      { numRuns: 100 },
    )
  })

  test('a million cost at most 75 bytes each, and all of them can be forgotten at once', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    const before = process.memoryUsage().arrayBuffers
    const set = new RevocationSet()
    const million = 1_000_000
    for (let n = 0; n < million; n++) set.add(id(n), 100)
    expect(set.size).toBe(million)
    // The tables that were outgrown go with the garbage.
    collect()
    const held = process.memoryUsage().arrayBuffers - before
    expect(held / million, 'bytes each').toBeLessThanOrEqual(75)
    expect(held / million, 'it is somewhere').toBeGreaterThan(16)
    for (let n = 0; n < million; n += 997) expect(set.has(id(n))).toBe(true)
    for (let n = million; n < million + 1_000; n++) expect(set.has(id(n))).toBe(false)
    set.forget(100)
    expect(set.size).toBe(0)
  })
})
