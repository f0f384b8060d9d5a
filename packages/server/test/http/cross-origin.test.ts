// Other origins: who may call from a page, and what a page of a stranger can start. Made from the route table.
import { describe, expect, test } from 'vitest'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'
import { nameOf, openCopy, rowOf, theSharedCopy, theTemplate } from './open-cast.ts'

const listed = 'https://app.example.com'
const strangers = [
  'https://evil.example',
  'null',
  'https://app.example.com.evil.example',
  'https://evilapp.example.com',
  'http://app.example.com',
  'https://app.example.com:444',
  'HTTPS://APP.EXAMPLE.COM',
  'https://app.example.com/',
]

function corsOf(answer: Response): string[] {
  return [...answer.headers.keys()].filter(name => name.startsWith('access-control-'))
}

describe.each(routes.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('[S80] is open to no stranger’s page, asked before or not', async () => {
    const template = await theTemplate()
    const { call } = await theSharedCopy(template, {}, { origins: listed })
    const path = rowOf(route).path?.(template.cast) ?? route.path
    for (const origin of strangers) {
      const preflight = await call(path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': route.method },
      })
      expect(corsOf(preflight), `${origin}, before`).toEqual([])
      const answer = await call(path, { method: route.method, headers: { origin } })
      await answer.body?.cancel()
      expect(corsOf(answer), origin).toEqual([])
    }
  })
})

describe('a listed origin', () => {
  test('[S80] is answered by name, never with a star, and told apart by caches', async () => {
    const { call } = await openTestServer({ origins: listed })
    const before = await call('/user/data', {
      method: 'OPTIONS',
      headers: { origin: listed, 'access-control-request-method': 'GET' },
    })
    expect(before.headers.get('access-control-allow-origin')).toBe(listed)
    const answer = await call('/user/data', { headers: { origin: listed } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(listed)
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('vary')).toMatch(/origin/i)
  })

  test('[S80] is nobody without LATCHKEY_ORIGINS', async () => {
    const { call } = await openTestServer()
    expect(corsOf(await call('/user/data', { headers: { origin: listed } }))).toEqual([])
  })
})

const writes = routes.filter(route => route.method !== 'GET')

describe.each(writes.map(route => [nameOf(route), route] as const))(
  '%s with the cookies of a user',
  (_name, route) => {
    test('[S104] sets no cookie for a stranger’s page, and a page of ours that needs one does nothing', async () => {
      const template = await theTemplate()
      const server = await (route.access === 'public' ? openCopy : theSharedCopy)(template)
      const row = rowOf(route)
      const kinds = ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
      const cookie = [template.pages.administrator, template.pages.user].filter(one => one !== undefined)
      const state = () =>
        ['users', 'one_time', 'mails', 'clients', 'signing_keys'].map(table =>
          server.database.prepare(`SELECT * FROM ${table}`).all(),
        )
      const before = state()
      for (const one of cookie)
        for (const origin of ['https://evil.example', 'null', undefined])
          for (const kind of kinds) {
            const body = { ...row.body?.(template.cast), session: 'cookie' }
            const answer = await server.call(row.path?.(template.cast) ?? route.path, {
              method: route.method,
              headers: { cookie: one, 'content-type': kind, ...(origin !== undefined && { origin }) },
              body:
                kind === 'application/json'
                  ? JSON.stringify(body)
                  : new URLSearchParams(body as Record<string, string>).toString(),
            })
            const given = answer.headers.getSetCookie().filter(line => !/Max-Age=0/.test(line))
            expect(given, `${origin} ${kind}`).toEqual([])
          }
      if (route.access !== 'public') expect(state()).toEqual(before)
    })
  },
)
