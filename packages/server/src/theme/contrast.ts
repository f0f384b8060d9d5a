// Whether colours can be read: contrast as WCAG 2.2 defines it ("relative luminance", "contrast ratio").
import type { TokenName, TokenPair } from './tokens.ts'

/** Luminance from linear light, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** 1 to 21, of two colours as `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

interface ContrastRule {
  ink: TokenName
  ground: TokenName
  least: number
}

const inks = ['text', 'muted', 'accent', 'good', 'bad', 'warn'] as const

/** Text needs 4.5 (WCAG 1.4.3), the ring around what has the focus 3 (1.4.11). */
export const contrastRules: readonly ContrastRule[] = [
  ...inks.flatMap(ink => (['page', 'card'] as const).map(ground => ({ ink, ground, least: 4.5 }))),
  { ink: 'onAccent', ground: 'accent', least: 4.5 },
  { ink: 'focus', ground: 'page', least: 3 },
  { ink: 'focus', ground: 'card', least: 3 },
]

/** A sentence for each pair that cannot be read. */
export function failingContrast(tokens: Record<TokenName, TokenPair>): readonly string[] {
  return contrastRules.flatMap(({ ink, ground, least }) =>
    (['light', 'dark'] as const).flatMap((side, i) => {
      const found = contrast(tokens[ink][i] ?? '', tokens[ground][i] ?? '')
      if (found >= least) return []
      return [`${ink} on ${ground} has a contrast of ${found.toFixed(1)} in ${side}; it needs ${least}`]
    }),
  )
}
