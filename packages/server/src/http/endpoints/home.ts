// GET / and the style sheet of the pages.
import { home } from '../../pages/home.tsx'
import { style } from '../../pages/style.ts'
import type { Call } from '../call.ts'
import { html } from '../html.ts'

export function homePage({ services }: Call): Response {
  return html(home({ issuer: services.issuer, version: services.version }))
}

export function styleSheet(): Response {
  return new Response(style, {
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  })
}
