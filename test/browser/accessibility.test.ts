// axe finds no violation on any page, in any state, at two widths, in light and in dark.
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../packages/server/src/http/route.ts'
import { routes } from '../../packages/server/src/http/routes.ts'
import { type Onlookers, openOnlookers } from './onlookers.ts'
import { shownPages } from './shown-pages.ts'
import { useStage } from './use-stage.ts'

const stage = useStage()
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const views = [
  { width: 390, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const

let onlookers: Onlookers
beforeAll(async () => {
  // Where there is no browser, there is no stage, and every test is skipped with the reason.
  if (stage.browser !== undefined) onlookers = await openOnlookers(stage)
})

declare const axe: { run(where: string | Document, options: object): Promise<AxeResults> }

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Dark differs from light in its colours and in nothing else. */
const rulesFor = { light: standards, dark: ['color-contrast'] }

/** What axe finds wrong, a line for each: the rule, and where. */
async function violationsOf(page: Page, runOnly: string[], isNew: string | undefined): Promise<string[]> {
  const { violations } = await page.evaluate(
    ([rules, part]) => axe.run(part ?? document, { runOnly: rules }),
    [runOnly, isNew] as const,
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** The paths that were read, and the rows that led there. */
const paths = new Set<string>()
const rows = new Set<string>()

describe.each(shownPages)('$name', ({ name, as, path, act, isNew }) => {
  test('has no violation', async () => {
    const context = await onlookers.contextFor(as, { reducedMotion: 'reduce' })
    // Past the page's own policy, which lets no script of a test in.
    const page = await context.newPage()
    await page.addInitScript({ path: axeFile })
    await page.goto(stage.network.url + (typeof path === 'string' ? path : path(onlookers)))
    await act?.(page)
    paths.add(new URL(page.url()).pathname)
    rows.add(name)
    for (const { width, colorScheme } of views) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      expect(await violationsOf(page, rulesFor[colorScheme], isNew), `${width} ${colorScheme}`).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} wide`).toBe(width)
    }
    await context.close()
  })
})

/** What has an address and is no page of its own: a way on to another, and a file. */
const notPages = ['/.well-known/change-password', '/admin/audit/export', '/assets/:name']

test('every page of the route table is among them', ({ skip }) => {
  skip(rows.size < shownPages.length, 'not all of them were asked for')
  const isPage = ({ method, access, isPage }: Route): boolean =>
    method === 'GET' && (isPage === true || ['page', 'console', 'loopback'].includes(access))
  const unread = routes
    .filter(route => isPage(route) && !notPages.includes(route.path))
    .map(({ path }) => path)
    .filter(
      path => ![...paths].some(read => new RegExp(`^${path.replaceAll(/:\w+/g, '[\\w-]{22,}')}$`).test(read)),
    )
  expect(unread).toEqual([])
})
