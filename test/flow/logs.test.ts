// The log of a real server, from its stderr: every line is one JSON object, every line of a request names it, and
// nothing that could be presented is in any of them. Pages and cookies here; the API's flows are in
// attack/redaction.test.ts.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linkIn } from '../../packages/server/test/link-in.ts'
import { ada, bearer, post, refresh, signIn } from '../account.ts'
import { inviteAdministrator } from '../invite-administrator.ts'
import { startServer } from '../server-process.ts'

interface Line {
  level: string
  time: string
  msg: string
  requestId?: string
  route?: string
  status?: number
}

const typed = 'a password typed as a name'

test('[S15] pages, cookies and links leave nothing in the log, whose lines are JSON and name their request', async () => {
  const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'trace' } })
  const secrets = new Set<string>([ada.password, typed])
  const ids = new Set<string>()
  const jar = new Map<string, string>()
  const data = join(server.folder, 'data')
  /** As a browser: with its cookies, from our own pages. */
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('origin', server.url)
    headers.set('accept', headers.get('accept') ?? 'text/html')
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await fetch(server.url + path, { ...init, headers, redirect: 'manual' })
    ids.add(answer.headers.get('x-request-id') ?? 'an answer without an id')
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      jar.set(name, value)
      if (value.length > 10) secrets.add(value)
    }
    return answer
  }
  const form = (path: string, fields: Record<string, string>): Promise<Response> =>
    call(path, { method: 'POST', body: new URLSearchParams(fields) })
  const link = (purpose: Parameters<typeof linkIn>[1]): string => {
    const token = linkIn(data, purpose)
    secrets.add(token)
    return token
  }

  const invitation = await inviteAdministrator(server)
  secrets.add(invitation)
  expect((await call(`/register?invitation=${invitation}`)).status).toBe(200)
  const signedUp = await form('/register', {
    username: 'root',
    email: 'root@example.com',
    password: ada.password,
    invitation,
  })
  expect(signedUp.status).toBe(303)
  const verify = link('verify')
  expect((await call(`/verify?token=${verify}`)).status).toBe(200)
  expect((await form('/verify', { token: verify })).status).toBe(200)
  expect((await call('/outbox')).status).toBe(200)

  // In and out, rightly and wrongly.
  expect((await form('/login', { username: 'root', password: typed })).status).toBe(403)
  expect((await form('/login', { username: typed, password: typed })).status).toBe(403)
  expect((await form('/login', { username: 'root', password: ada.password })).status).toBe(303)

  // What a page shows once.
  const made = await (
    await form('/account/keys', { name: 'a key', scopes: 'user:read', expires: 'day' })
  ).text()
  const [key = ''] = /lk_[\w-]{40,}/.exec(made) ?? []
  expect(key).not.toBe('')
  secrets.add(key)
  await call('/user/data', bearer(key))
  const inviting = await (await form('/admin/invitations', { email: '' })).text()
  const [invite = ''] = /lko_[\w-]{20,}/.exec(inviting) ?? []
  expect(invite).not.toBe('')
  secrets.add(invite)
  await form('/admin/clients', { name: 'reports', scopes: 'metrics:read', audiences: '' })
  await form('/forgot', { email: 'root@example.com' })
  const reset = link('reset')
  await call(`/reset?token=${reset}`)
  expect((await form('/reset', { token: reset, new_password: `${ada.password} and a half` })).status).toBe(
    200,
  )

  // Tokens where they do not belong, an id that is a secret, and a session that renews and ends.
  jar.clear()
  const grant = await signIn((path, init) =>
    call(path, { ...init, headers: { ...(init?.headers as object), accept: '*/*' } }),
  )
  secrets.add(grant.access_token).add(grant.refresh_token)
  await call(`/user/data?access_token=${grant.access_token}`, bearer(grant.access_token))
  await call(`/${grant.refresh_token}`, { headers: { 'x-request-id': grant.refresh_token } })
  await call('/inspect', { method: 'POST', body: new URLSearchParams({ token: grant.access_token }) })
  await refresh(call, grant.refresh_token)
  await post(call, '/user/logout', { refresh_token: grant.refresh_token })
  expect(await server.end()).toBe(0)

  const log = server
    .output()
    .split('\n')
    .filter(line => line.startsWith('{'))
  const others = server
    .output()
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('{'))
  // What is not of the log is what it prints for a newcomer.
  expect(
    others.filter(
      line => !/^(Latchkey is running|Paste these|There is no administrator|curl |TOKEN=)/.test(line),
    ),
  ).toEqual([])
  const lines = log.map(line => JSON.parse(line) as Line)
  expect(lines.length).toBeGreaterThan(20)
  for (const line of lines) {
    expect(line).toMatchObject({
      level: expect.any(String),
      time: expect.any(String),
      msg: expect.any(String),
    })
    expect(new Date(line.time).toISOString()).toBe(line.time)
  }
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests.map(({ requestId }) => requestId).toSorted()).toEqual([...ids].toSorted())
  for (const secret of secrets)
    expect(
      log.some(line => line.includes(secret)),
      `a secret of ${secret.length} signs`,
    ).toBe(false)
  expect(log.join('\n')).not.toMatch(/eyJ[\w-]{6,}|lk[ropv]?_[\w-]{10,}|\$argon2|@example\.com/)
}, 60_000)
