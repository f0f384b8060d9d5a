// [S78] Parameters of addresses and forms: once or not at all, unknown ones passed over, empty ones absent (RFC 6749 3.1).
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ada, bearer, post, refusal, signIn } from '../../../../test/account.ts'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'
import { callRoute, nameOf, openCopy, rowOf, theTemplate } from './open-cast.ts'

/** The fields that a route takes. */
async function fieldsOf(route: Route): Promise<string[]> {
  const shape = await route.body()
  return shape instanceof z.ZodObject ? Object.keys(shape.shape) : []
}

const open = routes.filter(route => route.method !== 'GET' && route.access === 'public')

describe.each(open.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('[S78] refuses each of its fields that comes twice, in both kinds of form', async () => {
    const template = await theTemplate()
    const server = await openCopy(template)
    const right = rowOf(route).body?.(template.cast) ?? {}
    for (const field of await fieldsOf(route)) {
      const pairs: [string, string][] = Object.entries({ ...right, [field]: right[field] ?? 'x' }).map(
        ([name, value]) => [name, String(value)],
      )
      const urlencoded = new URLSearchParams([...pairs, [field, 'another']])
      const multipart = new FormData()
      for (const [name, value] of urlencoded) multipart.append(name, value)
      for (const body of [urlencoded, multipart]) {
        const answer = await server.call(route.path, {
          method: route.method,
          body,
          headers: { origin: 'http://localhost:4000' },
        })
        expect(answer.status, field).toBe(400)
        expect(await answer.text(), field).toContain('comes twice')
      }
    }
  })
})

test('[S78] every route refuses a JSON body in which a name comes twice, known or unknown, however it is spelled', async () => {
  const template = await theTemplate()
  const server = await openCopy(template)
  for (const route of routes.filter(one => one.method !== 'GET')) {
    const row = rowOf(route)
    const right = row.body?.(template.cast) ?? {}
    for (const [name, value] of [...Object.entries(right), ['what', 'ever']] as const)
      for (const spelled of [name, `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`]) {
        const once = JSON.stringify({ ...right, [name]: value }).slice(0, -1)
        const body = `${once},"${spelled}":${JSON.stringify(value)}}`
        const answer = await callRoute(server, { route, row, caller: 'administrator', body }, template)
        const about = `${nameOf(route)}: ${spelled}`
        expect(answer.status, about).toBe(400)
        expect(await answer.text(), about).toContain('comes twice')
      }
  }
})

describe('a form', () => {
  const urlencoded = 'application/x-www-form-urlencoded'
  const multipart = 'multipart/form-data; boundary=x'
  const part = (head: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
  const whole = (...parts: string[]): string => `${parts.join('')}--x--\r\n`
  const password = part('name="password"', ada.password)
  const send = async (type: string, body: string | Buffer): Promise<string> => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    return refusal(
      await call('/user/login', {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { 'content-type': type },
      }),
    )
  }

  // Each row: what two parsers would read as two things, or as one thing where there are two.
  test.each([
    ['escaped bytes that are no UTF-8', urlencoded, `username=ada&password=%ff`],
    ['half a character in escapes', urlencoded, `username=ada&password=%C3%28`],
    ['bytes that are no UTF-8', multipart, Buffer.from(whole(part('name="username"', 'ÿ')), 'latin1')],
    ['a part with two names', multipart, whole(part('name="x"; name="username"', 'ada'), password)],
    [
      'a part in an encoding of mails',
      multipart,
      whole(part('name="username"\r\nContent-Transfer-Encoding: base64', 'YWRh'), password),
    ],
  ])('[S78] with %s is malformed', async (_what, type, body) => {
    expect(await send(type, body)).toBe('400 malformed_body')
  })

  test.each([
    ['a percent sign that escapes nothing', urlencoded, 'username=ada&password=100%+%zz'],
    ['the replacement character itself', urlencoded, 'username=ada&password=%EF%BF%BD'],
    ['names in other words', multipart, whole(part('name="username"', 'name=a; name=b'), password)],
  ])('[S78] with %s is read', async (_what, type, body) => {
    expect(await send(type, body)).toBe('403 invalid_credentials')
  })
})

describe('a JSON body', () => {
  // Each row: what two parsers would read as two things.
  test.each([
    ['a name that comes twice further in', '{"username":"a","password":"b","x":[{"y":1,"y":2}]}'],
    ['a name of the prototype', '{"username":"a","password":"b","__proto__":{"roles":["admin"]}}'],
    ['half a surrogate pair', '{"username":"a","password":"b\\ud800"}'],
    ['33 levels', `{"username":"a","password":"b","x":${'['.repeat(33)}${']'.repeat(33)}}`],
  ])('[S78] with %s is malformed', async (_what, body) => {
    const { call } = await openTestServer()
    const headers = { 'content-type': 'application/json' }
    expect(await refusal(await call('/user/login', { method: 'POST', body, headers }))).toBe(
      '400 malformed_body',
    )
  })

  test('[S78] may hold one name in several objects, in another case, and as a value', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const body = JSON.stringify({ ...ada, Password: 'password', x: [{ password: 1 }, { password: ':' }] })
    const headers = { 'content-type': 'application/json' }
    expect((await call('/user/login', { method: 'POST', body, headers })).status).toBe(200)
  })
})

describe('an address', () => {
  test.each([
    '/.well-known/jwks.json?a=1&a=2',
    '/reset?token=lko_a&token=lko_b',
    '/verify?token=lko_a&token=lko_b',
    '/register?invitation=lko_a&invitation=lko_b',
  ])('[S78] with a parameter twice is refused: %s', async path => {
    const { call } = await openTestServer()
    expect((await call(path)).status).toBe(400)
  })

  test('[S78] with a parameter twice is refused on lists and writes, and unknown parameters are passed over', async () => {
    const { call } = await openTestServer()
    const { access_token } = await signIn(call)
    const headers = bearer(access_token).headers as Record<string, string>
    expect(await refusal(await call('/user/sessions?limit=1&limit=2', { headers }))).toBe(
      '400 invalid_request',
    )
    expect(await refusal(await post(call, '/user/login?a=1&a=2', ada))).toBe('400 invalid_request')
    expect((await call('/user/sessions?what=ever&limit=', { headers })).status).toBe(200)
    expect((await post(call, '/user/login?what=ever', { ...ada, what: 'ever' })).status).toBe(200)
  })
})

describe('an OAuth endpoint', () => {
  async function withClient() {
    const { call, latchkey } = await openTestServer()
    const { client, secret } = await latchkey.clients.add({ name: 'a', scopes: ['a', 'b'], audiences: [] })
    const authorization = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`
    return async (path: string, body: string) => {
      const answer = await call(path, {
        method: 'POST',
        body,
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
  }

  test('[S78] takes an empty parameter for an absent one', async () => {
    const ask = await withClient()
    expect(await ask('/oauth/token', 'grant_type=')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'grant_type is missing.' },
    })
    expect(await ask('/oauth/token', 'grant_type=client_credentials&scope=')).toMatchObject({
      status: 200,
      body: { scope: 'a b' },
    })
    expect(await ask('/oauth/introspect', 'token=')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test('[S78] passes an unknown parameter over and refuses one that comes twice', async () => {
    const ask = await withClient()
    expect((await ask('/oauth/token', 'grant_type=client_credentials&what=ever')).status).toBe(200)
    for (const twice of [
      'grant_type=client_credentials&grant_type=client_credentials',
      'grant_type=client_credentials&what=1&what=2',
    ])
      expect((await ask('/oauth/token', twice)).status).toBe(400)
  })
})
