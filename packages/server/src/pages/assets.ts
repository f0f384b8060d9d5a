// What pages load beside their HTML: styles, and scripts that `npm run build` bundles from src/islands, one file each.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { consoleStyle } from './console/style.ts'
import { docsStyle } from './docs-style.ts'
import { inspectStyle } from './inspect-style.ts'
import { style } from './style.ts'

export interface Asset {
  /** The last part of its address. */
  name: string
  contentType: string
  content: string | Uint8Array<ArrayBuffer>
  /** Its address, which changes with its content. */
  href: string
}

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/** The same folder from src/pages and from dist/pages. */
const bundles = new URL('../../dist/islands/', import.meta.url)

const bundle = (name: string) => () => readFileSync(new URL(name, bundles), 'utf8')

const sources: Readonly<Record<string, () => string>> = {
  'style.css': () => style,
  'form.js': bundle('form.js'),
  'password.js': bundle('password.js'),
  'copy.js': bundle('copy.js'),
  'console.css': () => consoleStyle,
  'console.js': bundle('console.js'),
  'docs.css': () => docsStyle,
  'docs.js': bundle('docs.js'),
  'inspect.css': () => inspectStyle,
  'inspect.js': bundle('inspect.js'),
}

const assets = new Map<string, Asset>()

/** An asset by its file's name; undefined for a name that is none. Read once. */
export function findAsset(name: string): Asset | undefined {
  const known = assets.get(name)
  if (known !== undefined || !Object.hasOwn(sources, name)) return known
  const contentType = types[name.endsWith('.css') ? 'css' : 'js']
  const asset = makeAsset(name, { contentType, content: sources[name]?.() ?? '' })
  assets.set(name, asset)
  return asset
}

export function makeAsset(
  name: string,
  { contentType, content }: Pick<Asset, 'contentType' | 'content'>,
): Asset {
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  return { name, contentType, content, href: `/assets/${name}?v=${digest}` }
}

/** The address of an asset. Throws for a name that is none: a page's mistake. */
export function hrefOf(name: string): string {
  const asset = findAsset(name)
  if (asset === undefined) throw new Error(`there is no asset ${name}`)
  return asset.href
}
