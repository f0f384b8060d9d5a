// What pages load beside their HTML: styles, and scripts that `npm run build` bundles from src/islands, one file each.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { docsStyle } from './docs-style.ts'
import { inspectStyle } from './inspect-style.ts'
import { style } from './style.ts'

interface Asset {
  contentType: string
  content: string
  /** Its address, which changes with its content. */
  href: string
}

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/** The same folder from src/pages and from dist/pages. */
const bundles = new URL('../../dist/islands/', import.meta.url)

const sources: Readonly<Record<string, () => string>> = {
  'style.css': () => style,
  'docs.css': () => docsStyle,
  'inspect.css': () => inspectStyle,
  'docs.js': () => bundle('docs.js'),
  'form.js': () => bundle('form.js'),
  'inspect.js': () => bundle('inspect.js'),
}

const bundle = (name: string): string => readFileSync(new URL(name, bundles), 'utf8')

const assets = new Map<string, Asset>()

/** An asset by its file's name; undefined for a name that is none. Read once. */
export function findAsset(name: string): Asset | undefined {
  const known = assets.get(name)
  if (known !== undefined || !Object.hasOwn(sources, name)) return known
  const content = sources[name]?.() ?? ''
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  const extension = name.endsWith('.css') ? 'css' : 'js'
  const asset = { contentType: types[extension], content, href: `/assets/${name}?v=${digest}` }
  assets.set(name, asset)
  return asset
}

/** The address of an asset. Throws for a name that is none: a page's mistake. */
export function hrefOf(name: string): string {
  const asset = findAsset(name)
  if (asset === undefined) throw new Error(`there is no asset ${name}`)
  return asset.href
}
