// GET /
import { home } from '../../pages/home.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'

export function homePage({ services }: Call): Response {
  return html(home({ issuer: services.issuer, version: services.version }))
}
