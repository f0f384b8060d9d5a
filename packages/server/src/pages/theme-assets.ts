// An operator's own colours and logo as assets, for one server: an application may open several.
import type { Theme } from '../theme/read-theme.ts'
import { customProperties, tokens } from '../theme/tokens.ts'
import { type Asset, makeAsset } from './assets.ts'

export interface ThemeAssets {
  stylesheet: Asset | undefined
  logo: Asset | undefined
  /** `#rrggbb`, for the icon of a page without a logo. */
  accent: string
}

export function themeAssets({ colours, logo }: Theme): ThemeAssets {
  const hasColours = Object.keys(colours).length > 0
  return {
    stylesheet: hasColours
      ? makeAsset('theme.css', { contentType: 'text/css; charset=utf-8', content: customProperties(colours) })
      : undefined,
    logo: logo && makeAsset(`logo${logo.extension}`, logo),
    accent: (colours.accent ?? tokens.accent)[0],
  }
}
