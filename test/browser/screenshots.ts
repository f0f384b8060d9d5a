// Pictures of every page and state, at two widths, light and dark, into screenshots/. Usage: npm run screenshots
// [-- part of a name …]
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../../scripts/build.js'
import { openOnlookers } from './onlookers.ts'
import { openStage } from './open-stage.ts'
import { type ShownPage, shownPages } from './shown-pages.ts'

const folder = fileURLToPath(new URL('../../screenshots/', import.meta.url))
const wanted = process.argv.slice(2)
const isWanted = ({ name }: ShownPage): boolean =>
  wanted.length === 0 || wanted.some(part => name.includes(part))

if (!ensureBuilt()) process.exit(1)
const stage = await openStage()
if (typeof stage === 'string') throw new Error(stage)
const onlookers = await openOnlookers(stage)
mkdirSync(folder, { recursive: true })
let count = 0
for (const shown of shownPages.filter(isWanted)) {
  for (const width of [390, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await onlookers.contextFor(shown.as, {
        viewport: { width, height: 800 },
        colorScheme,
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      const { path } = shown
      await page.goto(stage.network.url + (typeof path === 'string' ? path : path(onlookers)))
      await shown.act?.(page)
      await page.screenshot({ path: `${folder}${shown.name}-${width}-${colorScheme}.png`, fullPage: true })
      await context.close()
      count++
    }
  }
}
console.log(`${count} pictures are in ${folder}`)
await stage.close()
