// What every browser test plays on: a real browser, a real server, and a network between them that fails as told.
import type { Browser } from 'playwright-core'
import { ada, callerAt, post } from '../account.ts'
import { type ServerProcess, startServer } from '../server-process.ts'
import { type FaultyNetwork, openFaultyNetwork } from './faulty-network.ts'
import { openBrowser } from './open-browser.ts'

export interface OpenStage {
  browser: Browser
  network: FaultyNetwork
  server: ServerProcess
  close(): Promise<void>
}

/** What the server is set to; may put pages into the network. */
export type StageSettings = (
  network: FaultyNetwork,
) => Record<string, string> | Promise<Record<string, string>>

/** Opens a stage with ada registered; a reason where there is no browser. */
export async function openStage(settings: StageSettings = () => ({})): Promise<OpenStage | string> {
  const { browser, reason } = await openBrowser()
  if (browser === undefined) return reason
  const network = await openFaultyNetwork()
  const env = { LATCHKEY_ISSUER: network.url, LATCHKEY_LIMITS: 'off', ...(await settings(network)) }
  const server = await startServer({ env })
  network.target = server.url
  await post(callerAt(server.url), '/user/register', ada)
  return {
    browser,
    network,
    server,
    async close() {
      await browser.close()
      await network.close()
      await server.end()
    },
  }
}
