// Whoever reads /openapi.json and nothing else can use the whole API: a user's way, a browser's and an administrator's.
import { expect, test } from 'vitest'
import type { OpenApiDocument } from '../../src/api/openapi.ts'
import { openAdministrator } from '../open-administrator.ts'
import { openTestServer, type TestServer } from '../open-test-server.ts'
import { type DescribedClient, describedClient, type Told } from './described-client.ts'

const credentials = { username: 'ada', password: 'a lantern on the sill' }

async function clientOf({ call }: Pick<TestServer, 'call'>): Promise<() => DescribedClient> {
  const document = (await (await call('/openapi.json')).json()) as OpenApiDocument
  return () => describedClient(document, call)
}

/** A member of an answer that is JSON. */
function member<T = string>({ body }: Told, ...path: (string | number)[]): T {
  return path.reduce<unknown>((value, name) => Object(value)[name], body) as T
}

const refused = (told: Told): string => `${told.status} ${member(told, 'code')}`

test('a user registers, signs in, reads, renews, ends a device, signs out, and is refused', async () => {
  const open = await clientOf(await openTestServer())
  const client = open()
  expect(refused(await client.ask('readData'))).toBe('403 missing_token')
  expect((await client.ask('register', { body: credentials })).status).toBe(201)

  const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']
  const grants: Told[] = []
  for (const media of types) grants.push(await client.ask('signIn', { body: credentials, media }))
  const [phone, , laptop] = grants as [Told, Told, Told]
  const bare = await client.ask('signIn', { body: credentials, accept: 'text/plain' })
  expect(bare.body).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)

  client.held.set('accessToken', member(laptop, 'access_token'))
  const data = await client.ask('readData')
  expect(member(data, 'authorizedData', 'user', 'username')).toBe('ada')

  const renewed = await client.ask('refresh', { body: { refresh_token: member(laptop, 'refresh_token') } })
  client.held.set('accessToken', member(renewed, 'access_token'))
  expect(member(renewed, 'refresh_token')).not.toBe(member(laptop, 'refresh_token'))

  const devices = await client.ask('listSessions')
  const others = member<{ id: string; current: boolean }[]>(devices, 'items').filter(one => !one.current)
  expect(others).toHaveLength(3)
  for (const { id } of others) expect((await client.ask('endSession', { path: { id } })).status).toBe(204)
  const dead = open()
  dead.held.set('accessToken', member(phone, 'access_token'))
  expect(refused(await dead.ask('readData'))).toBe('403 token_revoked')

  const key = await client.ask('makeApiKey', { body: { name: 'script', scopes: ['user:read'] } })
  const script = open()
  script.held.set('apiKey', member(key, 'key'))
  expect(member(await script.ask('readProfile'), 'user', 'username')).toBe('ada')

  expect((await client.ask('signOut')).status).toBe(204)
  expect(refused(await client.ask('readData'))).toBe('403 token_revoked')
  const again = await client.ask('refresh', { body: { refresh_token: member(renewed, 'refresh_token') } })
  expect(refused(again)).toBe('403 session_revoked')
})

test('a browser keeps the session in the cookie that is described', async () => {
  const server = await openTestServer()
  const open = await clientOf(server)
  const client = open()
  await client.ask('register', { body: credentials })
  const document = (await (await server.call('/openapi.json')).json()) as OpenApiDocument
  const { name = '' } = document.components.securitySchemes['sessionCookie'] ?? {}
  const origin = new URL(document.servers[0]?.url ?? '').origin
  const answer = await server.call('/user/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ ...credentials, session: 'cookie' }),
  })
  const cookie = answer.headers.getSetCookie().find(one => one.startsWith(`${name}=`)) ?? ''
  client.held.set('sessionCookie', cookie.slice(name.length + 1).split(';')[0] ?? '')
  const renewed = await client.ask('refresh')
  expect(renewed.status).toBe(200)
  expect(member(renewed, 'refresh_token')).toBeUndefined()
  const next = renewed.headers.getSetCookie().find(one => one.startsWith(`${name}=`)) ?? ''
  client.held.set('sessionCookie', next.slice(name.length + 1).split(';')[0] ?? '')
  expect((await client.ask('signOut')).status).toBe(204)
  expect(refused(await client.ask('refresh'))).toBe('403 session_revoked')
})

test('an administrator makes a user, changes them, serves a client, and turns the keys', async () => {
  const server = await openAdministrator({ roles: { admin: ['*'], editor: ['posts:write'] } })
  const open = await clientOf(server)
  const administrator = open()
  administrator.held.set('accessToken', server.admin.access_token)

  const made = await administrator.ask('addUser', { body: { username: 'grace', roles: ['editor'] } })
  const id = member(made, 'user', 'id')
  const token = new URL(member(made, 'link')).searchParams.get('token')
  const grace = open()
  const password = 'a moth in the relay'
  expect((await grace.ask('resetPassword', { body: { token, new_password: password } })).status).toBe(204)
  const signedIn = await grace.ask('signIn', { body: { username: 'grace', password } })
  grace.held.set('accessToken', member(signedIn, 'access_token'))
  expect(member(signedIn, 'user', 'roles')).toEqual(['editor'])
  expect(refused(await grace.ask('listUsers'))).toBe('403 forbidden')

  const found = await administrator.ask('listUsers', { query: { q: 'gra', limit: '1' } })
  expect(member(found, 'items', 0, 'id')).toBe(id)
  const disabled = await administrator.ask('changeUser', { path: { id }, body: { disabled: true } })
  expect(member<number>(disabled, 'user', 'disabled_at')).toBeGreaterThan(0)
  expect(refused(await grace.ask('readData'))).toBe('403 token_revoked')
  expect(refused(await grace.ask('signIn', { body: { username: 'grace', password } }))).toBe(
    '403 account_disabled',
  )

  const issuer = 'http://localhost:4000'
  const body = { name: 'reports', scopes: ['orders:read'], audiences: [issuer] }
  const client = await administrator.ask('addClient', { body })
  const service = open()
  service.held.set('clientSecret', `${member(client, 'client', 'id')}:${member(client, 'client_secret')}`)
  const given = await service.ask('getClientToken', { body: { grant_type: 'client_credentials' } })
  const question = { body: { token: member(given, 'access_token') } }
  expect(member(await service.ask('introspect', question), 'active')).toBe(true)
  expect((await service.ask('revoke', question)).status).toBe(200)
  expect(member(await service.ask('introspect', question), 'active')).toBe(false)

  const keys = await administrator.ask('rotateKeys')
  expect(member<{ state: string }[]>(keys, 'items').map(({ state }) => state)).toContain('next')
  const audit = await administrator.ask('listAudit', { query: { event: 'user_disabled' } })
  expect(member(audit, 'items', 0, 'user')).toBe(id)

  server.time.nowMs += 16 * 60_000
  expect(refused(await administrator.ask('rotateKeys'))).toBe('401 insufficient_user_authentication')
})

test('what the description does not have, the client cannot ask', async () => {
  const client = (await clientOf(await openTestServer()))()
  await expect(client.ask('signIn', { body: credentials, media: 'text/csv' })).rejects.toThrow(/takes no/)
  await expect(client.ask('readProfile', { query: { verbose: '1' } })).rejects.toThrow(/no parameter/)
  await expect(client.ask('endSession')).rejects.toThrow(/needs id/)
})
