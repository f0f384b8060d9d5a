// A chart says the same three times: drawn, under the pointer, and as a table.
import { expect, test } from 'vitest'
import { Chart, type ChartFacts } from '../../../src/pages/console/chart.tsx'

const facts: ChartFacts = {
  title: 'Sign-ins',
  kind: 'bars',
  fromMs: [0, 3_600_000, 7_200_000, 10_800_000],
  stepMs: 3_600_000,
  series: [
    { name: 'In', tone: 'accent', values: [6, 0, 2, undefined] },
    { name: 'Refused', tone: 'bad', values: [2, 0, 0, undefined] },
  ],
  say: value => `${value} times`,
  sum: () => 'some',
  empty: 'No sign-ins.',
}
const draw = (over: Partial<ChartFacts> = {}): string => Chart({ ...facts, ...over }).toString()
const pathsOf = (svg: string, className: string): string[] =>
  [...svg.matchAll(new RegExp(`<path class="${className}[^"]*" d="([^"]*)"`, 'g'))].map(([, d]) => d ?? '')

test('bars stand upon each other, the axis ends at a round number, and nothing stands where nothing is', () => {
  const svg = draw()
  expect(svg).toMatch(/<span>8 times<\/span><span>4 times<\/span><span>0 times<\/span>/)
  // 6 of 8 is three quarters of a hundred; the 2 refused fill the rest.
  expect(pathsOf(svg, 'bar')).toEqual(['M1.5 25h7v75h-7zM21.5 75h7v25h-7z', 'M1.5 0h7v25h-7z'])
})

test('each step says its values, with the unit, under the pointer and in the table', () => {
  const svg = draw()
  expect(svg).toContain('<title>00:00 to 01:00 UTC\nIn: 6 times\nRefused: 2 times</title>')
  expect(svg).toContain('<title>03:00 to 04:00 UTC\nIn: –\nRefused: –</title>')
  const rows = [...svg.matchAll(/<th scope="row"[^>]*>(.*?)<\/th>(.*?)<\/tr>/g)].map(
    ([, hour, cells]) =>
      `${hour} ${[...(cells ?? '').matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell).join(' | ')}`,
  )
  expect(rows).toEqual([
    '00:00 6 times | 2 times',
    '01:00 0 times | 0 times',
    '02:00 2 times | 0 times',
    '03:00 – | –',
  ])
})

test('a line breaks where nothing was measured, and a value that stands alone is a dot', () => {
  const svg = draw({
    kind: 'lines',
    series: [{ name: 'Queue', tone: 'accent', values: [2, 4, undefined, 1] }],
  })
  expect(pathsOf(svg, 'line')).toEqual(['M5 50L15 0M35 75h.01'])
  expect(pathsOf(svg, 'dot')).toEqual(['M35 75h.01'])
  expect(pathsOf(svg, 'area')).toEqual(['M5 100L5 50L15 0L15 100z', 'M35 100L35 75L35 100z'])
})

test('nothing at all is said in words, without axes or a table', () => {
  const svg = draw({ series: [{ name: 'In', tone: 'accent', values: [0, undefined, 0, 0] }] })
  expect(svg).toContain('No sign-ins.')
  expect(svg).not.toMatch(/<svg|<table|legend/)
})
