// /admin and /admin/settings
import { overviewPage } from '../../../pages/console/overview.tsx'
import { settingsPage } from '../../../pages/console/settings.tsx'
import type { Call } from '../../call.ts'
import { consoleHtml, frameOf } from './console-frame.ts'

export async function showOverview(call: Call): Promise<Response> {
  const figures = await call.services.overview()
  const recorder = call.services.auth.figures
  return consoleHtml(overviewPage({ frame: frameOf(call), figures, recorder }))
}

export function showSettings(call: Call): Response {
  const { settings, auth } = call.services
  return consoleHtml(settingsPage({ frame: frameOf(call), settings, roles: auth.roles }))
}
