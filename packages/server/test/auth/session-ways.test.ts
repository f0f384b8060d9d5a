// Every way to a session by what its holder has, after it ended; and who is not a holder at all.
import { readdirSync, readFileSync } from 'node:fs'
import { decode } from 'latchkey'
import { expect, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { openTestServer, type TestServer } from '../open-test-server.ts'

const origin = 'http://localhost:4000'

/** A session in a cookie and one in a body, of the same user. */
async function withSessions() {
  const server = await openTestServer()
  const inBody = await signIn(server.call)
  const answer = await post(server.call, '/user/login', { ...ada, session: 'cookie' }, { origin })
  const cookies = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0] ?? '')
  return { server, inBody, cookie: cookies.join('; ') }
}

async function askAs(server: TestServer, fields: Record<string, string>): Promise<unknown> {
  const { client, secret } = await server.latchkey.clients.add({
    name: 'gateway',
    scopes: ['introspect:any'],
  })
  const answer = await server.call('/oauth/introspect', {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams(fields),
  })
  return answer.json()
}

test('[S99] an ended session is refused on every way in', async () => {
  const { server, inBody, cookie } = await withSessions()
  const { call } = server
  const withCookie = { method: 'POST', headers: { cookie, origin } }
  const out = await post(call, '/user/logout', { refresh_token: inBody.refresh_token, all: true })
  expect(out.status).toBe(204)

  expect(await refusal(await refresh(call, inBody.refresh_token))).toBe('403 session_revoked')
  expect(await refusal(await refresh(call, inBody.refresh_token, 'A'.repeat(22)))).toBe('403 session_revoked')
  expect(await refusal(await call('/user/refresh', withCookie))).toBe('403 session_revoked')
  expect(await refusal(await call('/user/data', bearer(inBody.access_token)))).toBe('403 token_revoked')
  expect(await askAs(server, { token: inBody.access_token })).toEqual({ active: false })
  expect(await askAs(server, { token: inBody.refresh_token })).toEqual({ active: false })
  // It was ended before: it must not end its owner's next session.
  const next = await signIn(call)
  const again = await post(call, '/user/logout', { refresh_token: inBody.refresh_token, all: true })
  expect(again.status).toBe(204)
  expect((await call('/user/data', bearer(next.access_token))).status).toBe(200)
})

test('[S99] one function leads from a refresh token to its session', () => {
  const folder = new URL('../../src/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
    /\.tsx?$/.test(file),
  )
  const readers = files.filter(file =>
    /import[^;]*?\breadRefreshToken\b/.test(readFileSync(new URL(file, folder), 'utf8')),
  )
  expect(readers).toEqual(['auth/refresh.ts'])
})

test('[S98] a refresh that asks for more gets what its session has', async () => {
  const { call } = await openTestServer({ roles: { reader: ['posts:read'] } })
  const first = await signIn(call)
  const wishes = { scope: '*', audience: 'https://other.example', client_id: 'other', roles: ['admin'] }
  const next = await tokens(
    await post(call, '/user/refresh', { refresh_token: first.refresh_token, ...wishes }),
  )
  const [before, after] = [decode(first.access_token), decode(next.access_token)] as [object, object]
  const rights = (claims: object) =>
    ['scope', 'aud', 'client_id', 'sub', 'sid', 'user'].map(name => (claims as Record<string, unknown>)[name])
  expect(rights(after)).toEqual(rights(before))
})

test('[S46] another issuer’s token with the same subject is nobody here', async () => {
  const here = await openTestServer()
  const there = await openTestServer({ issuer: 'https://other.example' })
  await signIn(here.call)
  const other = await signIn(there.call)
  expect((await there.call('/user/data', bearer(other.access_token))).status).toBe(200)
  expect(await refusal(await here.call('/user/data', bearer(other.access_token)))).toBe('403 invalid_token')
  expect(await refusal(await refresh(here.call, other.refresh_token))).toBe('403 invalid_token')
})
