// Nobody is led elsewhere by an address that a caller wrote, made from the route table.
import { describe, expect, test } from 'vitest'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { callRoute, copyFor, nameOf, rowOf, theTemplate } from './open-cast.ts'
import type { CallerName } from './route-rows.ts'

/** What browsers take for another site's address, though it does not look like one (CVE-2025-53535, CVE-2024-56734). */
const elsewhere = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/%09/evil.example',
  '\t//evil.example',
  '/\n/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'HTTPS://evil.example',
  'http://localhost:4000@evil.example/',
  'http://localhost:4000.evil.example/',
  'http://evil.example?http://localhost:4000/',
  'http://evil.localhost:4000/',
  '/.//evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
]

/** Where systems are told to go on to. */
const names = [
  'return_to',
  'next',
  'redirect',
  'redirect_uri',
  'returnTo',
  'callbackURL',
  'continue',
  'url',
  'to',
]

function callerOf({ access }: Route): CallerName {
  if (access === 'admin' || access === 'console') return 'administrator'
  return access === 'public' || access === 'loopback' ? 'anonymous' : 'user'
}

/** Whether a browser that stands at our own page would leave it. */
function leadsAway(location: string): boolean {
  const own = 'http://localhost:4000'
  return new URL(location, `${own}/somewhere`).origin !== own
}

/** The addresses that a page leads to by itself or by a click. */
const linksIn = (page: string): string[] =>
  [...page.matchAll(/(?:href|action|formaction|content="\d+; ?url)="?([^"]*)"/gi)].map(([, link = '']) =>
    link.replaceAll('&amp;', '&'),
  )

const pages = routes.filter(route => !route.path.startsWith('/oauth/') && route.path !== '/revocations')

describe.each(pages.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('[S67] leads nowhere else, whatever it is asked', async () => {
    const template = await theTemplate()
    const server = await copyFor(route, template)
    const row = rowOf(route)
    for (const address of elsewhere) {
      const query = new URLSearchParams(names.map(name => [name, address])).toString()
      const base = row.path?.(template.cast) ?? route.path
      const path = `${base}${base.includes('?') ? '&' : '?'}${query}`
      const asked = { ...row, path: () => path }
      const body = JSON.stringify({
        ...row.body?.(template.cast),
        ...Object.fromEntries(names.map(name => [name, address])),
      })
      for (const caller of ['anonymous', callerOf(route)] as const) {
        const answer = await callRoute(server, { route, row: asked, caller, body }, template)
        const location = answer.headers.get('location')
        if (location !== null) expect(leadsAway(location), `${address} led to ${location}`).toBe(false)
        expect(answer.headers.has('refresh'), address).toBe(false)
        if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
        const away = linksIn(await answer.text()).filter(link => !link.startsWith('data:') && leadsAway(link))
        expect(away, address).toEqual([])
      }
    }
  })

  test('[S68] goes on with a GET after a form: 303, and no status that sends a password again', async () => {
    const template = await theTemplate()
    const row = rowOf(route)
    for (const caller of ['anonymous', callerOf(route)] as const) {
      const server = await copyFor(route, template)
      const answer = await callRoute(server, { route, row, caller }, template)
      if (answer.body !== null && route.method === 'GET') await answer.body.cancel()
      if (answer.status >= 300 && answer.status < 400 && answer.status !== 304)
        expect(answer.status, `${answer.status} for ${caller}`).toBe(303)
    }
  })
})
