// Pictures of every page and state, at two widths, light and dark, into screenshots/. Usage: npm run screenshots
// [-- part of a name …]
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../../scripts/build.js'
import { type Onlookers, openOnlookers } from './onlookers.ts'
import { type OpenStage, openStage } from './open-stage.ts'
import { type ShownPage, shownPages } from './shown-pages.ts'

const folder = fileURLToPath(new URL('../../screenshots/', import.meta.url))
const wanted = process.argv.slice(2)
const isWanted = ({ name }: ShownPage): boolean =>
  wanted.length === 0 || wanted.some(part => name.includes(part))

if (!ensureBuilt()) process.exit(1)
const stage = await openStage()
if (typeof stage === 'string') throw new Error(stage)
try {
  const count = await takePictures(stage)
  console.log(`${count} pictures are in ${folder}`)
} finally {
  await stage.close()
}

async function takePictures(stage: OpenStage): Promise<number> {
  const onlookers = await openOnlookers(stage)
  mkdirSync(folder, { recursive: true })
  const views = [390, 1280].flatMap(width => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ])
  const shown = shownPages.filter(isWanted)
  for (const one of shown) for (const view of views) await takePicture(one, view, onlookers)
  return shown.length * views.length
}

async function takePicture(
  { name, as, path, act }: ShownPage,
  { width, colorScheme }: { width: number; colorScheme: 'light' | 'dark' },
  onlookers: Onlookers,
): Promise<void> {
  const viewport = { width, height: 800 }
  const context = await onlookers.contextFor(as, { viewport, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(onlookers.network.url + (typeof path === 'string' ? path : path(onlookers)))
  await act?.(page)
  await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png`, fullPage: true })
  await context.close()
}
