// Headers that a caller writes and a proxy should have: none of them chooses a link, a user, or a privilege.
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, signIn } from '../../../../test/account.ts'
import { routes } from '../../src/http/routes.ts'
import { startMailServer } from '../mail-server.ts'
import { openTestServer } from '../open-test-server.ts'
import { nameOf, rowOf, theSharedCopy, theTemplate } from './open-cast.ts'

const issuer = 'http://localhost:4000'
const email = 'ada@example.com'
const forged = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '666',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-server': 'evil.example',
  'x-original-host': 'evil.example',
  'x-host': 'evil.example',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
  forwarded: 'host=evil.example;proto=https',
  origin: 'https://evil.example',
  referer: 'https://evil.example/',
}

describe('a link in a mail', () => {
  test('[S90] is built from the issuer, whatever the request that asked for it says', async () => {
    const mailServer = await startMailServer()
    const { latchkey } = await openTestServer({ smtpUrl: mailServer.url, mailFrom: 'no-reply@example.com' })
    // The Host header of a request is the host of its URL here.
    const call = (path: string, init: RequestInit = {}) =>
      latchkey.handler(new Request(`http://evil.example:81${path}`, init), { address: '127.0.0.1' })
    const send = (path: string, body: unknown) => post(call, path, body, forged)
    const linkOf = async (): Promise<string> => {
      const { text } = await mailServer.next(email)
      expect(text).not.toContain('evil.example')
      return /http:\/\/[^\s"<]+token=lko_[\w-]+/.exec(text)?.[0] ?? ''
    }
    await send('/user/register', { ...ada, email })
    const verify = await linkOf()
    expect(verify.startsWith(`${issuer}/verify?token=lko_`)).toBe(true)
    await post(call, '/user/email/verify', { token: /lko_[\w-]+/.exec(verify)?.[0] })
    await send('/user/password/forgot', { email })
    expect((await linkOf()).startsWith(`${issuer}/reset?token=lko_`)).toBe(true)
  })

  test('[S90] nor do documents, pages and redirects take an address from a request', async () => {
    const { latchkey } = await openTestServer()
    const pages = routes.filter(
      route => route.method === 'GET' && route.access === 'public' && !route.path.includes(':'),
    )
    for (const { path } of pages) {
      const answer = await latchkey.handler(
        new Request(`http://evil.example:81${path}`, { headers: forged }),
        {
          address: '127.0.0.1',
        },
      )
      const told = `${JSON.stringify([...answer.headers])}${await answer.text()}`
      expect(told.includes('evil'), path).toBe(false)
    }
  })

  test('[S90] an access token’s issuer is the configured one', async () => {
    const { latchkey } = await openTestServer()
    const call = (path: string, init: RequestInit = {}) =>
      latchkey.handler(new Request(`http://evil.example:81${path}`, init), { address: '127.0.0.1' })
    await post(call, '/user/register', ada, forged)
    const answer = await post(call, '/user/login', ada, forged)
    const { access_token } = (await answer.json()) as { access_token: string }
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
    expect([claims.iss, claims.aud]).toEqual([issuer, issuer])
  })
})

/** How proxies and gateways name the user whom they let through. */
const identityHeaders = (name: string, id: string): Record<string, string> => ({
  'x-user': name,
  'x-user-id': id,
  'x-username': name,
  'x-remote-user': name,
  'remote-user': name,
  'x-forwarded-user': name,
  'x-forwarded-email': `${name}@example.com`,
  'x-forwarded-preferred-username': name,
  'x-forwarded-groups': 'admin',
  'x-forwarded-access-token': name,
  'x-auth-request-user': name,
  'x-auth-request-groups': 'admin',
  'x-authenticated-userid': id,
  'x-authentik-username': name,
  'x-webauth-user': name,
  'x-ssl-client-verify': 'SUCCESS',
  'x-ssl-client-s-dn': `CN=${name}`,
  'x-client-cert': name,
  'cf-access-authenticated-user-email': `${name}@example.com`,
  'tailscale-user-login': name,
  'x-goog-authenticated-user-email': `accounts.google.com:${name}@example.com`,
  'x-ms-client-principal-name': name,
  'x-roles': 'admin',
  'x-scope': '*',
})

describe.each(
  routes
    .filter(({ access }) => access !== 'loopback' && access !== 'operator')
    .map(route => [nameOf(route), route] as const),
)('%s', (_name, route) => {
  test('[S91] answers alike with headers by which a proxy would name an administrator', async () => {
    const template = await theTemplate()
    const path = rowOf(route).path?.(template.cast) ?? route.path
    const server = await theSharedCopy(template)
    const said = async (headers: Record<string, string>) => {
      const isWrite = route.method !== 'GET'
      const answer = await server.call(path, {
        method: route.method,
        headers: { origin: issuer, ...(isWrite && { 'content-type': 'application/json' }), ...headers },
        ...(isWrite && { body: '{}' }),
      })
      const kept = [...answer.headers].filter(([header]) => header !== 'x-request-id')
      return [answer.status, kept, await answer.text()]
    }
    expect(await said(identityHeaders('root', template.cast.ada.user.id))).toEqual(await said({}))
  })
})

test('[S91] a token’s user stays who they are beside such headers', async () => {
  const { call } = await openTestServer()
  const { access_token, user } = await signIn(call)
  const headers = {
    ...identityHeaders('root', 'other'),
    ...(bearer(access_token).headers as Record<string, string>),
  }
  expect(await (await call('/user', { headers })).json()).toMatchObject({
    user: { id: user.id, username: 'ada' },
  })
})

describe('the privileges of the loopback', () => {
  const local = routes.filter(({ access }) => access === 'loopback' || access === 'operator')

  test.each(local.map(route => [nameOf(route), route] as const))(
    '%s is not there for a name that was rebound to this machine, or behind a proxy [S90]',
    async (_name, { path, method, access }) => {
      const away = access === 'loopback' ? 404 : 403
      const { latchkey } = await openTestServer()
      const ask = (host: string, headers: Record<string, string> = {}, address = '127.0.0.1') =>
        latchkey.handler(new Request(`http://${host}${path}`, { method, headers }), { address })
      expect((await ask('localhost:4000')).status).toBe(200)
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        '127.0.0.1.nip.io',
        '0.0.0.0',
        '[::ffff:7f00:1]',
      ])
        expect((await ask(host)).status, host).toBe(away)
      for (const [name, value] of Object.entries(forged))
        if (/^(x-forwarded-(host|proto)|forwarded)$/.test(name))
          expect((await ask('localhost:4000', { [name]: value })).status, name).toBe(away)
      expect((await ask('localhost:4000', {}, '192.0.2.1')).status).toBe(away)
    },
  )
})
