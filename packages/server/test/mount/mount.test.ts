// The login server inside an application of each framework: its routes with every kind of body, the application's own
// routes beside them, and one guard for both.
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ada, bearer, callerAt, post, refusal, signIn } from '../../../../test/account.ts'
import { mount as mountExpress } from '../../src/mount/express.ts'
import { mount as mountFastify } from '../../src/mount/fastify.ts'
import { mount as mountKoa } from '../../src/mount/koa.ts'
import { mount as mountNode } from '../../src/mount/node.ts'
import { openTestServer } from '../open-test-server.ts'
import { mountedApps } from './mounted-apps.ts'

const roles = { admin: ['*'], reader: ['notes:read'] }

describe.each(mountedApps)('$name', ({ name, serve }) => {
  const open = async () => {
    const { latchkey } = await openTestServer({ roles })
    return { latchkey, call: callerAt(await serve(latchkey)) }
  }

  test('takes JSON, urlencoded and multipart bodies', async () => {
    const { call } = await open()
    expect((await post(call, '/user/register', ada)).status).toBe(201)
    expect((await post(call, '/user/login', ada)).status).toBe(200)
    const urlencoded = await call('/user/login', { method: 'POST', body: new URLSearchParams(ada) })
    expect(urlencoded.status, await urlencoded.text()).toBe(200)
    const form = new FormData()
    for (const [name, value] of Object.entries(ada)) form.set(name, value)
    const multipart = await call('/user/login', {
      method: 'POST',
      body: form,
      headers: { accept: 'text/plain' },
    })
    expect(await multipart.text()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test('answers its own refusals and keeps what the application has put on the answer', async () => {
    const { call } = await open()
    const wrong = await post(call, '/user/login', { ...ada, password: 'not this one' })
    expect(wrong.headers.get('x-from-the-app')).toBe('yes')
    expect(wrong.headers.get('cache-control')).toBe('no-store')
    expect(await refusal(wrong)).toBe('403 invalid_credentials')
    expect(await refusal(await call('/user/data'))).toBe('403 missing_token')
    expect((await post(call, '/user/logout', {})).status).toBeLessThan(500)
  })

  test("leaves the application's own paths to it", async () => {
    const { call } = await open()
    const answer = await call('/open')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ open: true })
    if (name !== 'hono') expect(await (await call('/')).text()).not.toContain('login server is running')
  })

  test('guards with what createLatchkey hands out: keys, scopes, revocation, API keys', async () => {
    const { latchkey, call } = await open()
    expect(await refusal(await call('/notes'))).toBe('401 missing_token')
    const plain = await signIn(call)
    const short = await call('/notes', bearer(plain.access_token))
    expect(short.headers.get('www-authenticate')).toContain('scope="notes:read"')
    expect(await refusal(short)).toBe('403 insufficient_scope')

    const made = await post(
      call,
      '/user/keys',
      { name: 'laptop', scopes: ['user:read'] },
      tokenOf(plain.access_token),
    )
    // The route's own shape is tested where it stands.
    const { key, id } = (await made.json()) as { key: string; id: string }
    expect(await refusal(await call('/notes', bearer(key)))).toBe('403 insufficient_scope')
    expect((await call('/user/data', bearer(key))).status).toBe(200)
    await call(`/user/keys/${id}`, { method: 'DELETE', headers: tokenOf(plain.access_token) })
    expect(await refusal(await call('/notes', bearer(key)))).toBe('401 invalid_token')

    await latchkey.sessions.endAll(plain.user.id)
    expect(await refusal(await call('/notes', bearer(plain.access_token)))).toBe('401 token_revoked')
  })
})

test('API keys that are refused by guards of every framework are counted by where they come from, a right one passes', async () => {
  const { latchkey } = await openTestServer({ roles })
  const calls = await Promise.all(mountedApps.map(async ({ serve }) => callerAt(await serve(latchkey))))
  const [first] = calls
  if (first === undefined) throw new Error('no application is mounted')
  const { access_token } = await signIn(first)
  const wanted = { name: 'laptop', scopes: ['user:read'] }
  const { key } = (await (await post(first, '/user/keys', wanted, tokenOf(access_token))).json()) as {
    key: string
  }
  const wrong = bearer(`${key.slice(0, -2)}AA`)
  for (let i = 0; i < 300; i++)
    expect(await refusal(await (calls[i % calls.length] ?? first)('/notes', wrong))).toBe('401 invalid_token')
  for (const call of calls) {
    const answer = await call('/notes', wrong)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refusal(answer)).toBe('429 rate_limited')
    // Refused for its scope, and not for coming too often.
    expect(await refusal(await call('/notes', bearer(key)))).toBe('403 insufficient_scope')
  }
})

const tokenOf = (token: string) => ({ authorization: `Bearer ${token}` })

describe('a mount', () => {
  test.each([
    ['express', mountExpress],
    ['fastify', mountFastify],
    ['koa', mountKoa],
    ['node', mountNode],
  ])('of %s refuses what createLatchkey has not given', (_name, mount) => {
    // What people hand over by mistake: the promise, and a request.
    const mountAnything = mount as unknown as (auth: unknown) => unknown
    expect(() => mountAnything(Promise.resolve({}))).toThrow(/mount takes what createLatchkey gives/)
    expect(() => mountAnything({ url: '/', headers: {} })).toThrow(TypeError)
  })

  test('of node serves nothing but the login server without a third argument', async () => {
    const { latchkey } = await openTestServer()
    const server = createServer(mountNode(latchkey))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      expect(await refusal(await fetch(`http://127.0.0.1:${port}/nowhere`))).toBe('404 not_found')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
