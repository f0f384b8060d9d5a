// Who may do what: every route by every kind of caller. Made from the route table: a new route without a row fails.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import {
  type CopyServer,
  callRoute,
  copyFor,
  nameOf,
  openCopy,
  rowOf,
  theSharedCopy,
  theTemplate,
} from './open-cast.ts'
import { type CallerName, callerNames, type RouteRow, routeRows } from './route-rows.ts'

/** What a caller is told where the row's access does not let them in. */
function refusalFor(row: RouteRow, caller: CallerName): string | undefined {
  const isKey = caller === 'API key with the scope' || caller === 'API key without it'
  if (row.except?.[caller] !== undefined) return row.except[caller]
  if (['public', 'loopback', 'operator'].includes(row.access)) return undefined
  if (row.access === 'page' || row.access === 'console') return pageRefusalFor(row, caller)
  if (caller === 'anonymous') return '403 missing_token'
  if (caller === 'disabled user') return '403 token_revoked'
  if (isKey && row.scope === undefined) return '403 forbidden'
  if (caller === 'API key without it') return '403 insufficient_scope'
  if (row.access === 'admin' && caller !== 'administrator') return '403 forbidden'
  if (row.own === true && caller !== 'user' && !isKey) return '404 not_found'
  return undefined
}

/** Pages know people by their cookie alone, and send others to sign in. */
function pageRefusalFor(row: RouteRow, caller: CallerName): string | undefined {
  if (!['user', 'other user', 'administrator'].includes(caller)) return '303'
  if (row.access === 'console' && caller !== 'administrator') return '403 forbidden'
  return row.own === true && caller !== 'user' ? '404 not_found' : undefined
}

async function shown(answer: Response): Promise<string> {
  const isProblem = answer.headers.get('content-type') === 'application/problem+json'
  return isProblem
    ? `${answer.status} ${((await answer.json()) as { code: string }).code}`
    : String(answer.status)
}

/** Everything that is kept, but when something was last used. */
function everythingIn({ database }: CopyServer): unknown[] {
  const tables = ['users', 'reserved_names', 'one_time', 'mails', 'signing_keys', 'revocations', 'audit']
  return [
    ...tables.map(table => database.prepare(`SELECT * FROM ${table}`).all()),
    database.prepare('SELECT id, access_id, revoked_at FROM sessions').all(),
    database.prepare('SELECT id, user_id, scopes, revoked_at FROM api_keys').all(),
  ]
}

test('every route has a row and every row a route, with the same access and scope', () => {
  const stated = (route: Route) => [nameOf(route), { access: route.access, scope: route.apiKeyScope }]
  const expected = Object.entries(routeRows).map(([name, { access, scope }]) => [name, { access, scope }])
  expect(Object.fromEntries(routes.map(stated))).toEqual(Object.fromEntries(expected))
})

test('[S121] no administrator’s route takes a password, and no route a question or a hint', async () => {
  const fieldsOf = async (some: readonly Route[]): Promise<string[]> => {
    const bodies = await Promise.all(some.map(route => route.body()))
    return bodies.flatMap(body => (body instanceof z.ZodObject ? Object.keys(body.shape) : []))
  }
  const admin = await fieldsOf(routes.filter(({ access }) => access === 'admin' || access === 'console'))
  expect(admin.filter(field => /pass|secret|hash/i.test(field))).toEqual([])
  expect(admin).toContain('roles')
  const all = await fieldsOf(routes)
  expect(all.filter(field => /question|answer|hint/i.test(field))).toEqual([])
  expect(all).toContain('new_password')
})

test('password, e-mail, keys, sessions, deletion, export and administration never take an API key', () => {
  const closed = routes.filter(
    ({ method, path }) =>
      /^\/(user\/(password|email|keys|sessions|export)|admin)/.test(path) ||
      (method === 'DELETE' && path === '/user'),
  )
  expect(closed.length).toBeGreaterThan(25)
  expect(closed.filter(route => route.apiKeyScope !== undefined).map(nameOf)).toEqual([])
})

describe.each(routes.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('refuses whom it has to, changes nothing for them, and answers the others', async () => {
    const template = await theTemplate()
    const row = rowOf(route)
    const strangers = await theSharedCopy(template, {}, { productName: 'Strangers' })
    const before = everythingIn(strangers)
    // What reads may be asked by one after the other; what writes finds everything as it was.
    const guests = route.method === 'GET' ? await copyFor(route, template) : undefined
    for (const caller of callerNames) {
      const expected = refusalFor(row, caller)
      if (expected === undefined) {
        const server = guests ?? (await openCopy(template))
        const answer = await callRoute(server, { route, row, caller }, template)
        expect(await shown(answer), caller).toBe(String(row.ok))
        if (server !== guests) await server.latchkey.close()
        continue
      }
      const answer = await callRoute(strangers, { route, row, caller }, template)
      const challenge = answer.headers.get('www-authenticate')
      expect(await shown(answer), caller).toBe(expected)
      if (/token|scope|forbidden/.test(expected)) expect(challenge, caller).toMatch(/^Bearer/)
    }
    expect(everythingIn(strangers)).toEqual(before)
  })
})
