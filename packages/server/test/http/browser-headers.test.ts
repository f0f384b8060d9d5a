// What every answer tells browsers, made from the route table: a new route is asked too.
import { describe, expect, test } from 'vitest'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'
import { callRoute, copyFor, nameOf, rowOf, theTemplate } from './open-cast.ts'
import type { CallerName } from './route-rows.ts'

/** What is the same for everybody and says nothing of anybody: it may be kept. */
const publicDocuments = new Set([
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration',
  'GET /health/live',
  'GET /health/ready',
  'GET /',
  'GET /assets/:name',
  'GET /openapi.json',
  'GET /docs',
])

/** Who is let in. */
function callerOf({ access }: Route): CallerName {
  if (access === 'admin' || access === 'console') return 'administrator'
  return access === 'public' || access === 'loopback' ? 'anonymous' : 'user'
}

const answers = new Map<Route, Promise<Response[]>>()

/** The answers of a route to somebody who may, and to nobody with a body that is broken; each is asked for once. */
function answersOf(route: Route): Promise<Response[]> {
  const asked = answers.get(route) ?? askFor(route)
  answers.set(route, asked)
  return asked
}

async function askFor(route: Route): Promise<Response[]> {
  const template = await theTemplate()
  const server = await copyFor(route, template)
  const row = rowOf(route)
  const right = await callRoute(server, { route, row, caller: callerOf(route) }, template)
  const wrong = await callRoute(server, { route, row, caller: 'anonymous', body: '{' }, template)
  // The feed has no end.
  for (const answer of [right, wrong]) if (answer.body !== null && isFeed(answer)) await answer.body.cancel()
  return [right, wrong]
}

const isFeed = (answer: Response): boolean => answer.headers.get('content-type') === 'text/event-stream'

describe.each(routes.map(route => [nameOf(route), route] as const))('%s', (name, route) => {
  test('[S77] is kept by nobody, unless it is a public document', async () => {
    const [right, wrong] = await answersOf(route)
    for (const answer of [right, wrong]) {
      const control = answer?.headers.get('cache-control') ?? 'nothing'
      if (publicDocuments.has(name) && answer?.ok) expect(control).not.toContain('private')
      else expect(control, `status ${answer?.status}`).toMatch(/\bno-store\b/)
    }
  })

  test('[S81] cannot be framed, loads nothing from elsewhere and runs no inline script, where it is a page', async () => {
    for (const answer of await answersOf(route)) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/)
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
      const policy = Object.fromEntries(
        (answer.headers.get('content-security-policy') ?? '').split(';').map(directive => {
          const [directiveName = '', ...sources] = directive.trim().split(' ')
          return [directiveName, sources]
        }),
      )
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(policy).toMatchObject({
        'frame-ancestors': ["'none'"],
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
      })
      const sources = Object.values(policy).flat()
      expect(sources.filter(source => /unsafe|\*|^https?:$/.test(source))).toEqual([])
      expect(policy['form-action']).toContain("'self'")
      const page = await answer.text()
      expect(page).not.toMatch(/<script(?![^>]* src=)|<style|<[^>]* (?:on\w+|style)=|javascript:/i)
    }
  })
})

describe('a page whose address holds a link', () => {
  test.each(['/reset?token=lko_x', '/verify?token=lko_x', '/register?invitation=lko_x'])(
    '%s is told to no other page',
    async path => {
      const { call } = await openTestServer()
      expect((await call(path)).headers.get('referrer-policy')).toBe('no-referrer')
    },
  )
})

describe('over https', () => {
  test('every answer asks browsers to stay there, a refusal and an unknown path too', async () => {
    const { latchkey } = await openTestServer({ issuer: 'https://login.example.com' })
    for (const path of ['/', '/user/data', '/nowhere', '/.well-known/jwks.json']) {
      const answer = await latchkey.handler(new Request(`https://login.example.com${path}`))
      expect(answer.headers.get('strict-transport-security'), path).toMatch(
        /^max-age=(\d{8,}); includeSubDomains$/,
      )
    }
  })

  test('and in the clear on the loopback none does', async () => {
    const { call } = await openTestServer()
    expect((await call('/')).headers.has('strict-transport-security')).toBe(false)
  })
})
