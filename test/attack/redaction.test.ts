// [S15] [S122] A server's whole life with everything logged: no line and no audit row holds what could be presented,
// and no audit row a name or an address of mail.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { linkIn } from '../../packages/server/test/link-in.ts'
import { ada, bearer, callerAt, post, refresh, signIn, type TokenAnswer, tokens } from '../account.ts'
import { inviteAdministrator } from '../invite-administrator.ts'
import { startServer } from '../server-process.ts'

/** Shapes of what can be presented, or guessed from. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['a JWT', /eyJ[\w-]{6,}/],
  ['a refresh token', /lkr_[\w-]{10,}/],
  ['a page’s handle', /lkp_[\w-]{10,}/],
  ['an API key', /lk_[\w-]{10,}/],
  ['a one-time token', /lko_[\w-]{10,}/],
  ['a password hash', /\$argon2/],
  ['a key', /BEGIN [A-Z ]*KEY|"d":"/],
]
const email = 'ada.lovelace@example.com'
const later = 'a lantern in the window'
const wrong = 'hunter2-but-not-here'
const mistake = 'Tr0ub4dor&3-typed-as-a-name'

test('[S15] [S122] a whole flow leaves no secret in the log, and no name in the audit log', async () => {
  const server = await startServer({
    env: { LATCHKEY_LOG_LEVEL: 'trace', LATCHKEY_LIMITS: 'off', LATCHKEY_REFRESH_GRACE: '1s' },
  })
  const call = callerAt(server.url)
  const data = join(server.folder, 'data')
  const secrets = new Set<string>([ada.password, later, wrong, mistake])
  const keep = (grant: TokenAnswer): TokenAnswer => {
    secrets.add(grant.access_token).add(grant.refresh_token)
    return grant
  }
  const as = ({ access_token }: TokenAnswer) => bearer(access_token).headers as Record<string, string>
  const link = (purpose: 'verify' | 'reset' | 'invite'): string => {
    const token = linkIn(data, purpose)
    secrets.add(token)
    return token
  }

  // An administrator, and ada with a verified address.
  const invitation = await inviteAdministrator(server)
  secrets.add(invitation)
  await post(call, '/user/register', { username: 'root', password: ada.password, invitation })
  const root = keep(await signIn(call, { username: 'root', password: ada.password }))
  await post(call, '/user/register', { ...ada, email })
  expect((await call(`/verify?token=${link('verify')}`)).status).toBe(200)
  await post(call, '/user/email/verify', { token: link('verify') })

  // Signing in, rightly and wrongly, and with the password in the wrong field.
  const user = keep(await signIn(call))
  await post(call, '/user/login', { ...ada, password: wrong })
  await post(call, '/user/login', { username: mistake, password: wrong })
  await post(call, '/user/login', { username: email, password: wrong })
  await call('/user/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"password":"${wrong}`,
  })
  await call(`/user/data?access_token=${user.access_token}`)
  await call(`/${user.refresh_token}`)
  await call('/user/data', { headers: { authorization: `Bearer${user.access_token}` } })
  await call('/user/data', {
    headers: { authorization: `Basic ${wrong}`, cookie: `a=${user.refresh_token}` },
  })

  // Renewing, and a reuse that ends the session.
  const next = keep(await tokens(await refresh(call, user.refresh_token)))
  await expect
    .poll(
      async () => {
        const grant = keep(await tokens(await refresh(call, next.refresh_token)))
        return grant.refresh_token === next.refresh_token
      },
      { timeout: 10_000, interval: 300 },
    )
    .toBe(false)
  await expect
    .poll(async () => (await refresh(call, user.refresh_token)).status, { timeout: 10_000 })
    .toBe(403)

  // Keys, clients, invitations, a reset, a change of password and of address, an export, a deletion.
  const again = keep(await signIn(call))
  const made = await post(call, '/user/keys', { name: 'my key', scopes: ['user:read'] }, as(again))
  const { key, id } = (await made.json()) as { key: string; id: string }
  secrets.add(key)
  await call('/user/data', bearer(key))
  await call(`/user/keys/${id}`, { method: 'DELETE', headers: as(again) })
  const client = (await (await post(call, '/admin/api/clients', { name: 'reports' }, as(root))).json()) as {
    client: { id: string }
    client_secret: string
  }
  secrets.add(client.client_secret)
  const basic = `Basic ${Buffer.from(`${client.client.id}:${client.client_secret}`).toString('base64')}`
  secrets.add(basic)
  const form = { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' }
  await call('/oauth/token', { method: 'POST', headers: form, body: 'grant_type=client_credentials' })
  await call('/oauth/revoke', { method: 'POST', headers: form, body: `token=${again.refresh_token}` })
  await post(call, '/admin/api/invitations', { email: 'grace@example.com' }, as(root))
  link('invite')
  await post(call, '/user/password/forgot', { email })
  await post(call, '/user/password/reset', { token: link('reset'), new_password: later })
  const ended = keep(await signIn(call, { ...ada, password: later }))
  await post(call, '/user/email', { email: 'countess@example.com', current_password: later }, as(ended))
  await post(call, '/user/password', { current_password: later, new_password: ada.password }, as(ended))
  await call('/user/export', { headers: as(ended) })
  await post(call, '/user/logout', { refresh_token: `lkr_${randomBytes(61).toString('base64url')}` })
  await call(`/admin/api/users/${ended.user.id}`, {
    method: 'PATCH',
    headers: { ...as(root), 'content-type': 'application/json' },
    body: JSON.stringify({ disabled: true }),
  })
  const listed = await (await call('/admin/api/audit?limit=200', { headers: as(root) })).text()
  expect(await server.end()).toBe(0)

  const log = server.output()
  const database = new DatabaseSync(join(data, 'latchkey.db'))
  const rows = database.prepare('SELECT * FROM audit').all()
  database.close()
  const audit = JSON.stringify(rows)
  expect(log.split('\n').filter(line => line.includes('"route"')).length).toBeGreaterThan(30)
  expect(new Set(rows.map(row => row['event'])).size).toBeGreaterThan(12)
  // The lines to paste hold a password that is nobody's, and no other line does.
  const lines = log.replaceAll(/^(curl|TOKEN=).*$/gm, '')
  for (const [where, text] of [
    ['the log', lines],
    ['the audit log', audit],
    ['the list', listed],
  ] as const) {
    for (const [what, shape] of shapes)
      expect(shape.exec(text)?.[0].slice(0, 8), `${where}: ${what}`).toBeUndefined()
    for (const secret of secrets)
      expect(text.includes(secret), `${where}: a secret of ${secret.length} signs`).toBe(false)
  }
  for (const name of ['ada', 'root', email, 'countess@', 'grace@', 'my key', 'reports'])
    expect(new RegExp(`"${name}|${name}"`).test(audit), `the audit log names ${name}`).toBe(false)
  for (const name of [email, 'countess@', 'grace@', mistake])
    expect(lines.includes(name), `the log names ${name}`).toBe(false)
}, 120_000)
