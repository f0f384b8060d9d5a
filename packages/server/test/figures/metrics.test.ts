// Counting and its text: what is observed comes out of the strict reader as it went in, whatever it was.
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { watchEventLoop } from '../../src/figures/event-loop.ts'
import { expose } from '../../src/figures/exposition.ts'
import { Counter, Family, Histogram } from '../../src/figures/metrics.ts'
import { parseExposition } from './parse-exposition.ts'

describe('a histogram', () => {
  const bounds = [0.001, 0.01, 0.1, 1]
  const row = { name: 'a_seconds', type: 'histogram', help: 'Some.', labels: ['who'], bounds } as const

  test('has in each bucket what is at most its bound, and the sum of everything', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom(0, ...bounds))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), values => {
        const family = new Family(row, () => new Histogram(bounds))
        const series = family.at('ada')
        for (const one of values) series.observe(one)
        const samples = parseExposition(expose(row, family.samples())).get('a_seconds')?.samples ?? []
        const told = (name: string, le?: string) =>
          samples.find(one => one.name === name && one.labels['who'] === 'ada' && one.labels['le'] === le)
            ?.value
        for (const bound of bounds)
          expect(told('a_seconds_bucket', String(bound))).toBe(values.filter(one => one <= bound).length)
        expect(told('a_seconds_bucket', '+Inf')).toBe(values.length)
        expect(told('a_seconds_count')).toBe(values.length)
        expect(told('a_seconds_sum')).toBeCloseTo(
          values.reduce((sum, one) => sum + one, 0),
          9,
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('the text', () => {
  test('brings any help and any value of a label through, in one line each', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', ' ', ',', '}', '=', 'é') })
    fc.assert(
      fc.property(text, text, fc.double({ noNaN: true, noDefaultInfinity: true }), (help, given, value) => {
        const row = { name: 'a_b', type: 'gauge', help, labels: ['c'] } as const
        const written = expose(row, [{ labels: [['c', given]], value }])
        expect(written.split('\n')).toHaveLength(4)
        const metric = parseExposition(written).get('a_b')
        expect(metric?.help).toBe(help)
        expect(metric?.samples).toEqual([{ name: 'a_b', labels: { c: given }, value: value + 0 }])
      }),
      { numRuns: 300 },
    )
  })

  test('is read strictly: the reader refuses what is not of the format', () => {
    const head = '# HELP a A.\n# TYPE a counter\n'
    for (const [broken, why] of [
      [`${head}a 1`, /does not end/],
      [`${head}a 1\na 2\n`, /twice/],
      [`${head}a{b="1"} 1\na{b="1"} 1\n`, /twice/],
      [`${head}a one\n`, /no number/],
      [`${head}a{b='1'} 1\n`, /no labels/],
      [`${head}a{b="1",b="2"} 1\n`, /label comes twice/],
      [`${head}a{b="x"y"} 1\n`, /no labels/],
      [`${head}a-b 1\n`, /not a line/],
      [`a 1\n# TYPE a counter\n`, /comes late/],
      [`${head}b 1\na 1\n`, /no single group/],
      [`# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`, /no bucket for everything/],
      [`# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`, /smaller/],
      [`# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`, /count is not/],
      [`# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 5\nh_count 1\n`, /the sum/],
    ] as const)
      expect(() => parseExposition(broken), broken).toThrow(why)
  })
})

describe('a family', () => {
  test('begins with a nought where it has no label, and for each value that the table lists', () => {
    const counter = () => new Counter()
    const bare = new Family({ name: 'a_total', type: 'counter', help: 'A.' }, counter)
    expect(bare.samples()).toEqual([{ labels: [], value: 0 }])
    const listed = {
      name: 'b_total',
      type: 'counter',
      help: 'B.',
      labels: ['x'],
      values: ['1', '2'],
    } as const
    const family = new Family(listed, counter)
    family.at('2').add()
    expect(family.samples().map(({ labels, value }) => [labels, value])).toEqual([
      [[['x', '1']], 0],
      [[['x', '2']], 1],
    ])
  })

  test('tells series apart whose values would run together', () => {
    const row = { name: 'a_total', type: 'counter', help: 'A.', labels: ['x', 'y'] } as const
    const family = new Family(row, () => new Counter())
    family.at('a', 'bc').add()
    family.at('ab', 'c').add()
    expect(family.samples()).toHaveLength(2)
  })
})

test('a loop that was held up is measured as late', async () => {
  const delay = new Histogram([0.05])
  const late = (): number => {
    const samples = delay.samples([])
    return (samples.at(-1)?.value ?? 0) - (samples[0]?.value ?? 0)
  }
  const stop = watchEventLoop(delay)
  onTestFinished(stop)
  const until = performance.now() + 300
  while (performance.now() < until);
  await expect.poll(late, { interval: 5 }).toBeGreaterThan(0)
})
