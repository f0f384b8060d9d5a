// Clients through the routes: tokens of their own, questions about other tokens, revoking them.
import { decode } from 'latchkey'
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn } from '../../../../test/account.ts'
import { type AdministeredServer, openAdministrator } from '../open-administrator.ts'
import { openTestServer, type TestServer } from '../open-test-server.ts'

type Client = Awaited<ReturnType<TestServer['latchkey']['clients']['add']>>

const basic = ({ client, secret }: Client): string =>
  `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`

async function form(
  server: TestServer,
  path: string,
  client: Client | string,
  fields: Record<string, string>,
) {
  const authorization = typeof client === 'string' ? client : basic(client)
  const answer = await server.call(path, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  const text = await answer.text()
  return { answer, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
}

const issuer = 'http://localhost:4000'

async function withClient(scopes: string[] = ['orders:read', 'revocations:read'], audiences: string[] = []) {
  const server = await openTestServer()
  const client = await server.latchkey.clients.add({ name: 'orders', scopes, audiences })
  const tokenOf = async (fields: Record<string, string> = {}) => {
    const { body } = await form(server, '/oauth/token', client, {
      grant_type: 'client_credentials',
      ...fields,
    })
    return String(body?.['access_token'])
  }
  return { server, client, tokenOf }
}

describe('the routes of OAuth', () => {
  const formType = 'application/x-www-form-urlencoded'
  const json = 'application/json'
  const names = { '/oauth/token': 'grant_type', '/oauth/introspect': 'token', '/oauth/revoke': 'token' }
  test.each([
    ['a field that comes twice', formType, (name: string) => `${name}=a&${name}=b`],
    ['text that is no JSON', json, () => '{'],
    ['a list', json, () => '[]'],
    ['a field that is no text', json, (name: string) => JSON.stringify({ [name]: 7 })],
    ['a media type of another kind', 'text/xml', () => '<a/>'],
    ['more than is taken', formType, (name: string) => `${name}=${'a'.repeat(20_000)}`],
    ['a name with quotes and letters of elsewhere', formType, () => '"é\\=1&"é\\=2'],
  ])('tell %s as RFC 6749 5.2 has it', async (_, type, bodyFor) => {
    const { server, client } = await withClient()
    for (const [path, name] of Object.entries(names)) {
      const answer = await server.call(path, {
        method: 'POST',
        headers: { authorization: basic(client), 'content-type': type },
        body: bodyFor(name),
      })
      expect(answer.status, path).toBe(400)
      expect(answer.headers.get('content-type')).toBe('application/json')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const body = (await answer.json()) as { error_description: string }
      expect(body).toEqual({ error: 'invalid_request', error_description: expect.any(String) })
      expect(body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
    }
  })
})

describe('POST /oauth/token', () => {
  test('[S44] gives a client a token of its own, with what RFC 9068 asks for', async () => {
    const { server, client } = await withClient()
    const { answer, body } = await form(server, '/oauth/token', client, { grant_type: 'client_credentials' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'orders:read revocations:read',
    })
    const { header, payload } = decode(String(body?.['access_token']), { complete: true }) ?? {}
    expect(header).toMatchObject({ typ: 'at+jwt' })
    expect(payload).toMatchObject({
      iss: issuer,
      aud: issuer,
      sub: `client:${client.client.id}`,
      client_id: `client:${client.client.id}`,
      scope: 'orders:read revocations:read',
      jti: expect.any(String),
    })
    expect(payload).not.toHaveProperty('user')
  })

  test('[S74] narrows the scope as asked, and never widens it', async () => {
    const { server, client } = await withClient()
    const asked = { grant_type: 'client_credentials', scope: 'orders:read' }
    expect((await form(server, '/oauth/token', client, asked)).body).toMatchObject({ scope: 'orders:read' })
    const { answer, body } = await form(server, '/oauth/token', client, {
      ...asked,
      scope: 'orders:read admin',
    })
    expect([answer.status, body?.['error']]).toEqual([400, 'invalid_scope'])
  })

  test.each([
    ['the password grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [
      'a code, as the implicit grant’s better half',
      { grant_type: 'authorization_code' },
      400,
      'unsupported_grant_type',
    ],
    ['no grant', {}, 400, 'invalid_request'],
  ])('[S72] refuses %s', async (_, fields, status, error) => {
    const { server, client } = await withClient()
    const { answer, body } = await form(server, '/oauth/token', client, fields as Record<string, string>)
    expect([answer.status, body?.['error']]).toEqual([status, error])
  })

  test('[S75] refuses a wrong secret, an unknown id, a disabled client and no credentials alike', async () => {
    const { server, client } = await withClient()
    const disabled = await server.latchkey.clients.add({ name: 'gone' })
    await server.latchkey.clients.disable(disabled.client.id)
    const answers = []
    for (const credentials of [
      basic({ ...client, secret: 'wrong' }),
      basic({ client: { ...client.client, id: 'nobody' }, secret: client.secret }),
      basic(disabled),
      'Bearer token',
      'Basic !',
    ]) {
      const { answer, body } = await form(server, '/oauth/token', credentials, {
        grant_type: 'client_credentials',
      })
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      answers.push([answer.status, body])
    }
    expect(new Set(answers.map(one => JSON.stringify(one))).size).toBe(1)
    expect(answers[0]).toMatchObject([401, { error: 'invalid_client' }])
  })

  test('[S47] the token is good on no route of a user', async () => {
    const { server, tokenOf } = await withClient(['*'])
    const token = await tokenOf()
    for (const path of ['/user/data', '/user', '/user/sessions', '/admin/api/users'])
      expect((await server.call(path, bearer(token))).status, path).toBe(403)
  })

  test('a disabled client’s tokens are dead at once', async () => {
    const { server, client, tokenOf } = await withClient()
    const token = await tokenOf()
    const listening = await server.call('/revocations', bearer(token))
    expect(listening.status).toBe(200)
    await listening.body?.cancel()
    await server.latchkey.clients.disable(client.client.id)
    expect(await refusal(await server.call('/revocations', bearer(token)))).toBe('403 token_revoked')
  })
})

describe('POST /oauth/introspect', () => {
  test('tells a client about tokens for its audiences, and nothing about others', async () => {
    const { server, client: own } = await withClient([], [issuer])
    const stranger = await server.latchkey.clients.add({
      name: 'another',
      audiences: ['https://elsewhere.example'],
    })
    const anybody = await server.latchkey.clients.add({ name: 'gateway', scopes: ['introspect:any'] })
    const { access_token: token, user } = await signIn(server.call)
    const ask = async (client: Client) => (await form(server, '/oauth/introspect', client, { token })).body
    expect(await ask(own)).toMatchObject({ active: true, sub: user.id, token_type: 'Bearer', iss: issuer })
    expect(await ask(anybody)).toMatchObject({ active: true })
    expect(await ask(stranger)).toEqual({ active: false })
  })

  // Each row: what happens to a good token of a user, after which it is called inactive and nothing more is said.
  test.each<[string, (server: TestServer, token: string, userId: string) => unknown]>([
    ['it expires', server => (server.time.nowMs += 3_600_000)],
    [
      'its session is signed out',
      (server, token) => server.call('/user/logout', { method: 'POST', ...bearer(token) }),
    ],
    ['all sessions of its user end', (server, _, userId) => server.latchkey.sessions.endAll(userId)],
    [
      'its user is deleted',
      (server, token) => server.call('/user', { method: 'DELETE', ...withPassword(token) }),
    ],
    ['its session is unused for too long', server => (server.time.nowMs += 2_000_000)],
  ])('[S83] calls a token inactive once %s', async (name, happen) => {
    const server = await openTestServer(name.includes('unused') ? { sessionIdle: '30m' } : {})
    const client = await server.latchkey.clients.add({ name: 'gateway', scopes: ['introspect:any'] })
    const { access_token: token, user } = await signIn(server.call)
    const ask = async () => (await form(server, '/oauth/introspect', client, { token })).body
    expect(await ask()).toMatchObject({ active: true })
    await happen(server, token, user.id)
    expect(await ask()).toEqual({ active: false })
  })

  test.each<[string, (server: AdministeredServer, userId: string) => Promise<unknown>]>([
    ['its user is disabled', (server, userId) => server.ask('PATCH', `users/${userId}`, { disabled: true })],
    [
      'an administrator ends the user’s sessions',
      (server, userId) => server.ask('DELETE', `users/${userId}/sessions`),
    ],
    [
      'the key that signed it is revoked',
      async server => {
        const { items } = await server.read<{ items: { kid: string; state: string }[] }>('keys')
        return server.ask('POST', `keys/${items.find(key => key.state === 'active')?.kid}/revoke`)
      },
    ],
  ])('[S83] calls a token inactive once %s', async (_, happen) => {
    const server = await openAdministrator()
    const client = await server.latchkey.clients.add({ name: 'gateway', scopes: ['introspect:any'] })
    const { access_token: token, user } = await signIn(server.call)
    const ask = async () => (await form(server, '/oauth/introspect', client, { token })).body
    expect(await ask()).toMatchObject({ active: true })
    await happen(server, user.id)
    expect(await ask()).toEqual({ active: false })
  })

  test('[S83] calls junk, a refresh token and another server’s token inactive', async () => {
    const { server, client } = await withClient(['introspect:any'])
    const other = await openTestServer()
    const mine = await signIn(server.call)
    const theirs = await signIn(other.call)
    for (const token of ['junk', mine.refresh_token, theirs.access_token, `${mine.access_token}x`])
      expect((await form(server, '/oauth/introspect', client, { token })).body).toEqual({ active: false })
  })

  test('knows an API key and a client’s token, while they are good', async () => {
    const { server, client, tokenOf } = await withClient(['introspect:any', 'orders:read'])
    const { access_token: token } = await signIn(server.call)
    const made = await post(
      server.call,
      '/user/keys',
      { name: 'ci', scopes: ['user:read'] },
      {
        authorization: `Bearer ${token}`,
      },
    )
    const { key } = (await made.json()) as { key: string }
    const ask = async (text: string) =>
      (await form(server, '/oauth/introspect', client, { token: text })).body
    expect(await ask(key)).toMatchObject({ active: true, scope: 'user:read' })
    expect(await ask(await tokenOf())).toMatchObject({ active: true, sub: `client:${client.client.id}` })
    const other = await server.latchkey.clients.add({ name: 'gone', scopes: [] })
    const { body } = await form(server, '/oauth/token', other, { grant_type: 'client_credentials' })
    expect(await ask(String(body?.['access_token']))).toMatchObject({ active: true })
    await server.latchkey.clients.disable(other.client.id)
    expect(await ask(String(body?.['access_token']))).toEqual({ active: false })
  })
})

describe('POST /oauth/revoke', () => {
  test('[S84] a client’s own token dies alone; an unknown one is answered the same', async () => {
    const { server, client, tokenOf } = await withClient()
    const [one, two] = [await tokenOf(), await tokenOf()]
    for (const token of [one, one, 'junk']) {
      const { answer, body } = await form(server, '/oauth/revoke', client, { token })
      expect([answer.status, body]).toEqual([200, undefined])
    }
    expect(await refusal(await server.call('/revocations', bearer(one)))).toBe('403 token_revoked')
    const still = await server.call('/revocations', bearer(two))
    expect(still.status).toBe(200)
    await still.body?.cancel()
  })

  test('[S84] another’s token is left alone, unless the client may touch any', async () => {
    const { server, client } = await withClient()
    const any = await server.latchkey.clients.add({ name: 'operator', scopes: ['introspect:any'] })
    const { access_token: access, refresh_token: renewal } = await signIn(server.call)
    await form(server, '/oauth/revoke', client, { token: access })
    await form(server, '/oauth/revoke', client, { token: renewal })
    expect((await server.call('/user/data', bearer(access))).status).toBe(200)
    await form(server, '/oauth/revoke', any, { token: renewal })
    expect(await refusal(await server.call('/user/data', bearer(access)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(server.call, renewal))).toBe('403 session_revoked')
  })
})

test('the metadata tells what is served, and every address in it answers', async () => {
  const { server } = await withClient()
  const documents = await Promise.all(
    ['oauth-authorization-server', 'openid-configuration'].map(async name =>
      (await server.call(`/.well-known/${name}`)).json(),
    ),
  )
  expect(documents[0]).toEqual(documents[1])
  const document = documents[0] as Record<string, string>
  expect(document).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  for (const [name, address] of Object.entries(document).filter(([key]) => key.endsWith('_endpoint'))) {
    const answer = await server.call(address.slice(issuer.length), { method: 'POST' })
    expect(answer.status, name).toBe(401)
  }
})

function withPassword(token: string): RequestInit {
  return {
    body: JSON.stringify({ current_password: ada.password }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  }
}
