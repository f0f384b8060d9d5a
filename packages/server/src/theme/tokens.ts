// The colours of all pages, in light and in dark. A theme replaces these and nothing else.

/** One colour as `#rrggbb`, in light and in dark. */
export type TokenPair = readonly [light: string, dark: string]

export const tokens = {
  page: ['#fbfaf8', '#161412'],
  card: ['#ffffff', '#1f1c19'],
  line: ['#e4e0d9', '#38332d'],
  text: ['#1d1b18', '#f2eee8'],
  muted: ['#625d55', '#b0a89c'],
  accent: ['#8a5a00', '#f0b849'],
  onAccent: ['#ffffff', '#1d1606'],
  good: ['#1f6f43', '#6fce97'],
  bad: ['#b3261e', '#ff8a80'],
  warn: ['#8a5300', '#f0b849'],
  focus: ['#b87a0a', '#f0b849'],
} as const satisfies Record<string, TokenPair>

export type TokenName = keyof typeof tokens

/**
 * Tokens as custom properties on `:root`; the browser picks the side by `color-scheme`. One that does not know how
 * (before 2024) has the light side always.
 */
export function customProperties(some: Partial<Record<TokenName, TokenPair>>): string {
  const rule = (sideOf: (pair: TokenPair) => string): string =>
    `:root{${Object.entries(some)
      .map(([name, pair]) => `--${kebabCase(name)}:${sideOf(pair)}`)
      .join(';')}}`
  const both = rule(([light, dark]) => `light-dark(${light},${dark})`)
  return `${rule(([light]) => light)}@supports (color:light-dark(red,red)){${both}}`
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
