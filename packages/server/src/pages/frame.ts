// What is around every page and comes from the server and its reader, not from the page itself.
import { tokens } from '../theme/tokens.ts'
import type { Language } from './texts.ts'

/** The colours that a reader chose; `system` is what their system has. */
export type ColourScheme = 'light' | 'dark' | 'system'

export interface Frame {
  lang: Language
  /** What the service is called. */
  product: string
  scheme: ColourScheme
  /** Addresses of an operator's own logo and colours. */
  logoHref: string | undefined
  themeHref: string | undefined
  /** `#rrggbb`, for the icon of a page without a logo. */
  accent: string
  /** When it is, in seconds since 1970. */
  now: number
  /** Who is signed in, for the bar at the top. */
  user: { username: string; isAdministrator: boolean } | undefined
}

/** The frame of a page that knows nothing about its reader. */
export const plainFrame: Frame = {
  lang: 'en',
  product: 'Latchkey',
  scheme: 'system',
  logoHref: undefined,
  themeHref: undefined,
  accent: tokens.accent[0],
  now: 0,
  user: undefined,
}
