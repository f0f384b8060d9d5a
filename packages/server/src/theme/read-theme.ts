// The operator's own colours and logo, checked when the settings are read: what cannot be told apart is refused.
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { failingContrast } from './contrast.ts'
import { type TokenName, type TokenPair, tokens } from './tokens.ts'

/** As `latchkey.config.ts` has it: tokens by name, one colour for both sides or `[light, dark]`, and a logo. */
export type ThemeInput = {
  readonly [Name in TokenName]?: string | readonly [light: string, dark: string]
} & {
  /** The path of an SVG, PNG or WebP file of up to 64 KB, about square. */
  readonly logo?: string
}

export interface Theme {
  /** The tokens that differ from ours. */
  colours: Partial<Record<TokenName, TokenPair>>
  logo: { content: Uint8Array<ArrayBuffer>; contentType: string; extension: string } | undefined
}

const logoTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
}
const maxLogoBytes = 64 * 1024

/** The theme, or a sentence about what is wrong with it. */
export function readTheme({ logo, ...given }: ThemeInput): Theme | string {
  const colours: Partial<Record<TokenName, TokenPair>> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(tokens, name))
      return `${name} is no colour. The colours are: ${Object.keys(tokens).join(', ')}.`
    const pair = pairOf(value)
    if (pair === undefined) return `${name} takes #rrggbb, or two of them: [light, dark].`
    // Looked up above.
    colours[name as TokenName] = pair
  }
  const [failing] = failingContrast({ ...tokens, ...colours })
  if (failing !== undefined) return `${failing}.`
  const read = logo === undefined ? undefined : readLogo(logo)
  return typeof read === 'string' ? read : { colours, logo: read }
}

function pairOf(value: unknown): TokenPair | undefined {
  const [light, dark = light, ...rest]: unknown[] = Array.isArray(value) ? value : [value]
  return isColour(light) && isColour(dark) && rest.length === 0 ? [light, dark] : undefined
}

function isColour(value: unknown): value is string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
}

function readLogo(path: string): NonNullable<Theme['logo']> | string {
  const extension = extname(path).toLowerCase()
  const contentType = Object.hasOwn(logoTypes, extension) ? logoTypes[extension] : undefined
  if (contentType === undefined) return `logo takes a file ending in ${Object.keys(logoTypes).join(', ')}.`
  try {
    const content = Uint8Array.from(readFileSync(path))
    if (content.length > maxLogoBytes)
      return `logo has ${content.length} bytes; up to ${maxLogoBytes} are taken.`
    return { content, contentType, extension }
  } catch {
    return `logo names a file that cannot be read: ${path}`
  }
}
