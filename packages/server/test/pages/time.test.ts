// How an instant is said.
import { expect, test } from 'vitest'
import { Time } from '../../src/pages/time.tsx'

const now = Date.UTC(2026, 10, 25, 14, 5, 0) / 1000
const said = (difference: number, lang: 'en' | 'de' | 'es' = 'en'): string =>
  String(Time({ at: now + difference, now, lang })).replace(/<[^>]+>/g, '')

test.each([
  [0, 'now'],
  [-59, 'now'],
  [-60, '1 minute ago'],
  [-3_540, '59 minutes ago'],
  [-7_200, '2 hours ago'],
  [-86_400, 'yesterday'],
  [86_400, 'tomorrow'],
  [30 * 86_400 - 1, 'in 30 days'],
  [90 * 86_400, 'in 3 months'],
  [-800 * 86_400, '2 years ago'],
])('%i seconds are %s', (difference, words) => {
  expect(said(difference)).toBe(words)
})

test('it is said in the reader’s language, with the exact instant behind it', () => {
  expect(said(-7_200, 'de')).toBe('vor 2 Stunden')
  expect(said(-7_200, 'es')).toBe('hace 2 horas')
  const element = String(Time({ at: now, now, lang: 'en' }))
  expect(element).toContain('datetime="2026-11-25T14:05:00.000Z"')
  expect(element).toMatch(/title="November 25, 2026[^"]*2:05:00\sPM UTC"/)
})
