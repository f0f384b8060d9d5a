// A stage for the tests of a file: opened before them, closed after them, with a fresh profile for each.
import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type OpenStage, openStage, type StageSettings } from './open-stage.ts'

interface Stage extends Omit<OpenStage, 'close'> {
  /** A profile of its own for each test. */
  context: BrowserContext
}

/** Its parts are there while a test runs; where there is no browser, all are skipped. */
export function useStage(settings?: StageSettings): Stage {
  let opened: OpenStage | string
  const parts: Partial<Stage> = {}
  beforeAll(async () => {
    opened = await openStage(settings)
    if (typeof opened !== 'string') Object.assign(parts, opened)
  })
  beforeEach(async ({ skip }) => {
    if (typeof opened === 'string') return skip(true, opened)
    opened.network.fault = () => undefined
    parts.context = await opened.browser.newContext()
  })
  afterEach(() => parts.context?.close())
  afterAll(async () => {
    if (typeof opened !== 'string') await opened?.close()
  })
  // Whole before the first test, which is when it is first looked at.
  return parts as Stage
}
