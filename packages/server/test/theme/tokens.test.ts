// The colours can be read: contrast as WCAG 2.2 computes it (1.4.3 and 1.4.11), in light and in dark.
import { describe, expect, test } from 'vitest'
import { style } from '../../src/pages/style.ts'
import { contrast, contrastRules, failingContrast } from '../../src/theme/contrast.ts'
import { tokens } from '../../src/theme/tokens.ts'

describe('the tokens', () => {
  test.each(contrastRules.map(rule => [`${rule.ink} on ${rule.ground}`, rule] as const))(
    'have contrast: %s',
    (_name, { ink, ground, least }) => {
      for (const side of [0, 1]) {
        const found = contrast(tokens[ink][side] ?? '', tokens[ground][side] ?? '')
        expect(found, side === 0 ? 'light' : 'dark').toBeGreaterThanOrEqual(least)
      }
    },
  )

  test('are measured as WCAG says', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })

  test('are all that the style names of colours', () => {
    const rules = style.slice(style.indexOf('}}') + 2)
    expect(rules.match(/#[0-9a-f]{3,8}\b/gi)).toBeNull()
    const used = new Set([...rules.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name))
    const known = Object.keys(tokens).map(name => name.replaceAll(/[A-Z]/g, one => `-${one.toLowerCase()}`))
    expect([...used].filter(name => !known.includes(name ?? ''))).toEqual([])
  })

  test('of a theme that cannot be read are named', () => {
    expect(failingContrast({ ...tokens, accent: ['#ffe08a', '#f0b849'] })).toContain(
      'accent on card has a contrast of 1.3 in light; it needs 4.5',
    )
    expect(failingContrast(tokens)).toEqual([])
  })
})
