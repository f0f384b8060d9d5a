// The console without a browser: what its pages say, what its forms do, and how both refuse.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refusal, signIn } from '../../../../test/account.ts'
import { type ConsoleServer, openConsole, wordsOf } from './open-console.ts'

/** Everything that has an address, on a server with one of each kind. */
async function pathsOf({ page, send, call, ask }: ConsoleServer): Promise<string[]> {
  const { user } = await signIn(call, ada)
  await send('/admin/clients', { name: 'reports', scopes: 'revocations:read', audiences: '' })
  await ask('PATCH', `users/${user.id}`, { roles: ['editor'] })
  const linked = async (path: string, under: string): Promise<string> =>
    new RegExp(`href="(${under}/[\\w-]{22,})"`).exec(await page(path))?.[1] ?? `nothing under ${under}`
  const kid = await linked('/admin/keys', '/admin/keys')
  return [
    '/admin',
    '/admin/users',
    '/admin/users?q=nobody-has-this',
    '/admin/users/new',
    `/admin/users/${user.id}`,
    '/admin/sessions',
    await linked('/admin/sessions', '/admin/sessions'),
    '/admin/keys',
    kid,
    `${kid}/revoke`,
    '/admin/clients',
    '/admin/clients/new',
    await linked('/admin/clients', '/admin/clients'),
    '/admin/invitations',
    '/admin/audit',
    '/admin/settings',
  ]
}

test('every page names itself once, says where it is, and holds nothing that its policy forbids', async () => {
  const server = await openConsole()
  const titles = new Set<string>()
  for (const path of await pathsOf(server)) {
    const answer = await server.get(path)
    expect(answer.status, path).toBe(200)
    expect(answer.headers.get('content-security-policy'), path).toContain("default-src 'none'")
    expect(answer.headers.get('cache-control'), path).toBe('no-store')
    const page = await answer.text()
    expect(page.match(/<h1>/g), path).toHaveLength(1)
    expect(page.match(/aria-current="(page|true)"/g), path).toHaveLength(1)
    expect(page, path).not.toMatch(/ style=| on[a-z]+="|<style|<script(?![^>]* src="\/assets\/)/)
    expect(page, path).not.toMatch(/undefined|NaN|\[object/)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size, `${path}: ids come once`).toBe(ids.length)
    titles.add(/<title>(.*?)<\/title>/.exec(page)?.[1] ?? '')
  }
  expect(titles.size).toBeGreaterThanOrEqual(15)
})

test('devices are called what their users see, and open invitations are there to see', async () => {
  const { call, page, ask } = await openConsole()
  const device = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  await post(call, '/user/register', ada)
  await post(call, '/user/login', { ...ada, device })
  const list = await page('/admin/sessions?user=ada')
  expect(list).toContain('Firefox on Linux')
  expect(list).not.toContain('Gecko')
  const own = await page(/href="(\/admin\/sessions\/[\w-]{22})"/.exec(list)?.[1] ?? '')
  expect(wordsOf(own)).toContain('Firefox on Linux')
  expect(wordsOf(own)).toMatch(/Calls itself\s+Mozilla\/5\.0/)
  expect(wordsOf(await page('/admin/invitations'))).toContain('No invitation waits to be used.')
  await ask('POST', 'invitations', { email: 'grace@example.com', roles: ['editor'] })
  const open = wordsOf(await page('/admin/invitations'))
  expect(open).toMatch(/Open.*grace@example\.com\s+editor/s)
  expect(open).not.toContain('lko_')
})

test('what people call themselves is text on every page', async () => {
  const server = await openConsole()
  const { call, page, send } = server
  const evil = '<img src=x onerror=alert(1)>"\'&'
  const eve = await signIn(call, { ...ada, username: 'eve' })
  await call('/user', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...(bearer(eve.access_token).headers as object) },
    body: JSON.stringify({ name: evil }),
  })
  await post(call, '/user/login', { ...ada, username: 'eve', device: evil })
  await send('/admin/clients', { name: evil, scopes: '', audiences: '' })
  const paths = ['/admin/users', `/admin/users/${eve.user.id}`, '/admin/sessions', '/admin/clients']
  for (const path of [...paths, `/admin/users?q=${encodeURIComponent(evil)}`]) {
    const shown = await page(path)
    expect(shown, path).not.toContain('<img')
    expect(wordsOf(shown) + shown, path).toContain('&lt;img src=x onerror=alert(1)&gt;')
  }
})

test('a write takes a fresh login, a look does not; and forms of other origins are refused', async () => {
  const { time, page, send, call, ask } = await openConsole()
  const { user } = await signIn(call, ada)
  const foreign = await call(`/admin/users/${user.id}/state`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'disabled=true',
  })
  expect(await refusal(foreign)).toBe('403 origin_refused')
  time.nowMs += 16 * 60_000
  expect(wordsOf(await page('/admin/users'))).toContain('ada')
  const stale = await send(`/admin/users/${user.id}/state`, { disabled: 'true' })
  expect(stale.status).toBe(303)
  expect(stale.headers.get('location')).toMatch(/^\/login\?return_to=.*&again=1$/)
  time.nowMs -= 16 * 60_000
  const shown = (await (await ask('GET', `users/${user.id}`)).json()) as { user: { disabled_at: unknown } }
  expect(shown.user.disabled_at).toBeNull()
})

describe('a form that is refused', () => {
  test('says why, keeps what was typed, and changes nothing', async () => {
    const { send, ask } = await openConsole()
    const cases: [string, Record<string, string>, RegExp, string[]][] = [
      [
        '/admin/users',
        { username: 'a b', email: 'x@example.com', 'role.editor': 'on' },
        /3 to 64|3–64|letters/,
        ['a b', 'x@example.com'],
      ],
      ['/admin/users', { username: 'ada', email: 'no address' }, /address/i, ['no address']],
      ['/admin/users', { username: 'root', email: '' }, /taken/, ['root']],
      ['/admin/users', { username: 'ada', email: '', 'role.king': 'on' }, /no role "king"/, ['ada']],
      ['/admin/clients', { name: ' ', scopes: 'a', audiences: 'b' }, /name is empty/i, []],
      ['/admin/clients', { name: 'n', scopes: 'with"quote', audiences: 'b' }, /scope/, ['with&quot;quote']],
      ['/admin/invitations', { email: 'no address' }, /address/i, ['no address']],
    ]
    for (const [path, fields, why, kept] of cases) {
      const answer = await send(path, fields)
      const page = await answer.text()
      const about = JSON.stringify(fields)
      expect([409, 422], about).toContain(answer.status)
      expect(wordsOf(/role="alert">([\s\S]*?)<\/p>/.exec(page)?.[1] ?? ''), about).toMatch(why)
      for (const value of kept) expect(page, about).toContain(value)
      if (fields['role.editor'] !== undefined) expect(page).toMatch(/name="role.editor" checked/)
    }
    const users = (await (await ask('GET', 'users')).json()) as { items: unknown[] }
    expect(users.items).toHaveLength(1)
  })

  test('keeps an administrator from shutting themselves out', async () => {
    const { send, admin, page } = await openConsole()
    const { id } = admin.user
    const disabled = await send(`/admin/users/${id}/state`, { disabled: 'true' })
    expect([disabled.status, wordsOf(await disabled.text())]).toEqual([
      422,
      expect.stringContaining('You cannot disable yourself.'),
    ])
    const roles = await send(`/admin/users/${id}/roles`, { 'role.editor': 'on' })
    expect([roles.status, wordsOf(await roles.text())]).toEqual([
      422,
      expect.stringContaining('You cannot take your own administration away.'),
    ])
    expect(wordsOf(await page(`/admin/users/${id}`))).toMatch(/You .*admin/)
  })

  test('for somebody who is gone is not found', async () => {
    const { send, get } = await openConsole()
    for (const path of ['users/nobody', 'sessions/nothing', 'keys/none', 'clients/none'])
      expect((await get(`/admin/${path}`)).status, path).toBe(404)
    for (const path of [
      'users/nobody/reset',
      'sessions/nothing/end',
      'keys/none/revoke',
      'clients/none/disable',
    ])
      expect((await send(`/admin/${path}`)).status, path).toBe(404)
  })
})

test('lists are walked page by page, without a gap or a double, and keep their filters', async () => {
  const { page, folder } = await openConsole()
  const database = new DatabaseSync(join(folder, 'latchkey.db'))
  const add = database.prepare(
    "INSERT INTO users (id, username, canonical_name, password_hash, roles, created_at, password_changed_at) VALUES (?, ?, ?, 'x', ?, ?, 1)",
  )
  for (let i = 0; i < 120; i++) add.run(`id-${i}`, `user-${i}`, `user-${i}`, i % 2 ? '["editor"]' : '[]', i)
  database.close()
  const walk = async (path: string): Promise<string[]> => {
    const seen: string[] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const shown: string = await page(next)
      seen.push(
        ...[...shown.matchAll(/class="row" href="\/admin\/users\/[^"]+">([^<]+)</g)].map(
          ([, name]) => name ?? '',
        ),
      )
      next = /href="([^"]+)" rel="next"/.exec(shown)?.[1]?.replaceAll('&amp;', '&')
    }
    return seen
  }
  const everybody = await walk('/admin/users?sort=name')
  expect(everybody).toHaveLength(121)
  expect(everybody).toEqual(everybody.toSorted())
  const editors = await walk('/admin/users?role=editor')
  expect(editors).toEqual(Array.from({ length: 60 }, (_, i) => `user-${119 - 2 * i}`))
  expect(await walk('/admin/users?q=USER-11&role=editor')).toEqual([
    'user-11',
    'user-111',
    'user-113',
    'user-115',
    'user-117',
    'user-119',
  ])
  expect(await walk('/admin/users?q=user-7')).toHaveLength(11)
})

describe('the audit log', () => {
  test('is exported whole, as CSV that no spreadsheet runs and as JSON lines', async () => {
    const { get, folder, time } = await openConsole()
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    const add = database.prepare(
      'INSERT INTO audit (at_ms, event, user_id, address, detail) VALUES (?, ?, ?, ?, ?)',
    )
    const details = ['=1+1', '+1', '-1', '@SUM(A1)', 'a "quoted", part', 'two\nlines', 'plain']
    for (let i = 0; i < 1_300; i++)
      add.run(time.nowMs + i, 'key_rotated', `user-${i}`, null, details[i % details.length] ?? null)
    database.close()
    const lines = await get('/admin/audit/export?format=jsonl&event=key_rotated')
    expect(lines.headers.get('content-type')).toBe('application/jsonl')
    expect(lines.headers.get('content-disposition')).toBe('attachment; filename="audit-2026-01-01.jsonl"')
    const rows = (await lines.text())
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { user: string; detail: string })
    expect(rows.map(row => row.user)).toEqual(Array.from({ length: 1_300 }, (_, i) => `user-${1_299 - i}`))
    expect(rows.at(-1)?.detail).toBe('=1+1')

    const csv = await (await get('/admin/audit/export?format=csv&event=key_rotated&user=user-4')).text()
    expect(csv).toBe(
      'at,event,user,actor,session,address,detail\r\n' +
        '2026-01-01T00:00:00.004Z,key_rotated,user-4,,,,"a ""quoted"", part"\r\n',
    )
    const all = await (await get('/admin/audit/export?event=key_rotated')).text()
    for (const cell of ["'=1+1", "'+1", "'-1", "'@SUM(A1)", '"two\nlines"', 'plain'])
      expect(all).toContain(`,${cell}\r\n`)
    expect(all).not.toMatch(/,[=+\-@]/)
  })

  test('is filtered by user, event and days, and says when nothing is left', async () => {
    const { page, call, admin } = await openConsole()
    await signIn(call, ada)
    await post(call, '/user/login', { ...ada, password: 'wrong' })
    const shown = async (query: string): Promise<string> =>
      wordsOf(/<tbody>[\s\S]*<\/tbody>/.exec(await page(`/admin/audit?${query}`))?.[0] ?? 'nothing')
    expect(await shown('user=ADA')).toMatch(/^.*Sign-in refused.*Signed in.*Account created/)
    expect(await shown('user=ADA&event=login')).not.toMatch(/refused|created/)
    expect(await shown(`user=${admin.user.id}`)).toMatch(/Signed in root/)
    expect(await shown('from=2026-01-01&to=2026-01-01')).toContain('Signed in')
    expect(await shown('to=2025-12-31')).toBe('nothing')
    expect(await shown('from=2026-01-02')).toBe('nothing')
    expect(await shown('user=nobody')).toBe('nothing')
    expect(await shown('from=nonsense&event=nonsense')).toContain('Signed in')
    expect(wordsOf(await page('/admin/audit?user=nobody'))).toContain('Nothing like that is in the log')
  })
})

test('the settings in force hide every secret', async () => {
  const secret = 'a secret of more than thirty-two bytes, shared'
  const { page } = await openConsole({ signingAlg: 'HS256', jwtSecret: secret, accessTtl: '20m' })
  const words = wordsOf(await page('/admin/settings'))
  expect(words).toContain('LATCHKEY_ACCESS_TTL How long an access token lives, exactly. 20m')
  expect(words).toMatch(/LATCHKEY_JWT_SECRET [^_]*hidden/)
  expect(words).not.toContain(secret)
  expect(words).toContain('admin * editor posts:write')
  expect(wordsOf(await page('/admin/keys'))).toContain('There are no key pairs')
})

test('the overview tells the last day against the day before', async () => {
  const { page, call, time } = await openConsole()
  const words = async () => wordsOf(await page('/admin'))
  await signIn(call, ada)
  await post(call, '/user/login', { ...ada, password: 'wrong' })
  time.nowMs += 60_000
  const today = await words()
  expect(today).toContain('Users 2 ▲ 2 on yesterday')
  // root by password twice, ada once.
  expect(today).toContain('Live sessions 3 ▲ 3 on yesterday')
  expect(today).toContain('Sign-ins 3 ▲ 3 on yesterday')
  expect(today).toContain('Sign-ins refused 1 ▲ 1 on yesterday')
  expect(today).toContain('No session was renewed here in the last 24 hours.')
  time.nowMs += 86_400_000
  await post(call, '/user/login', ada)
  time.nowMs += 60_000
  const tomorrow = await words()
  expect(tomorrow).toContain('Users 2 as yesterday')
  expect(tomorrow).toContain('Sign-ins 1 ▼ 2 (66.7%) on yesterday')
  expect(tomorrow).toContain('Live sessions 4 ▲ 1 (33.3%) on yesterday')
  expect(tomorrow).toContain('Sign-ins refused 0 ▼ 1 (100%) on yesterday')
})
