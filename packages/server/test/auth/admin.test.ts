// What administrators do over /admin/api, and what the audit log says of it.
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { startMailServer, tokenIn } from '../mail-server.ts'
import { openAdministrator, root, sendAs } from '../open-administrator.ts'

interface List<T> {
  items: T[]
  next: string | null
}
interface ShownUser {
  id: string
  username: string
  roles: string[]
  disabled_at: number | null
}
interface ShownAudit {
  event: string
  user: string | null
  actor: string | null
  detail: string | null
}

describe('users', () => {
  test('are listed page by page, each once, and found by the beginning of a name or by an address', async () => {
    const { read, ask } = await openAdministrator()
    for (let i = 0; i < 7; i++) await ask('POST', 'users', { username: `User${i}` })
    const seen: string[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null; pages++) {
      const page: List<ShownUser> = await read(`users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map(user => user.username))
      cursor = page.next
      expect(pages).toBeLessThan(4)
    }
    expect(seen.toSorted()).toEqual(['User0', 'User1', 'User2', 'User3', 'User4', 'User5', 'User6', 'root'])
    const found = await read<List<ShownUser>>('users?q=uSEr&limit=5')
    expect([found.items.length, found.next === null]).toEqual([5, false])
    expect((await read<List<ShownUser>>('users?q=ro')).items.map(user => user.username)).toEqual(['root'])
    expect((await read<List<ShownUser>>('users?q=nobody')).items).toEqual([])
    for (const limit of ['0', '201', 'x', '1.5'])
      expect(await refusal(await ask('GET', `users?limit=${limit}`))).toBe('422 validation_failed')
  })

  test.each([
    [{ roles: [] }, { roles: [] }],
    [{ disabled: true }, { roles: [] }],
    [{ disabled: true }, { disabled: true }],
  ])('of two administrators who put each other out at once (%j, %j) one stays', async (first, second) => {
    const { ask, call, admin } = await openAdministrator()
    await signIn(call)
    const { items } = (await (await ask('GET', 'users?q=ada')).json()) as List<ShownUser>
    const { id = '' } = items[0] ?? {}
    expect((await ask('PATCH', `users/${id}`, { roles: ['admin'] })).status).toBe(200)
    const other = await signIn(call)
    const answers = await Promise.all([
      ask('PATCH', `users/${id}`, first),
      sendAs(call, other.access_token, 'PATCH', `/admin/api/users/${admin.user.id}`, second),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403])
  })

  test('[S121] are made without a password, which they choose by a link that an administrator passes on', async () => {
    const { ask, call } = await openAdministrator({ roles: { admin: ['*'], editor: ['posts:write'] } })
    expect(await refusal(await ask('POST', 'users', { ...ada }))).toBe('422 validation_failed')
    const made = await ask('POST', 'users', { username: 'ada', roles: ['editor', 'editor'] })
    expect(made.status).toBe(201)
    const { user, link } = (await made.json()) as { user: ShownUser; link: string }
    expect(user).toMatchObject({ username: 'ada', roles: ['editor'], disabled_at: null })
    for (const password of ['', ' ', 'x'])
      expect((await post(call, '/user/login', { username: 'ada', password })).ok).toBe(false)
    const token = /lko_[\w-]+$/.exec(link)?.[0]
    expect((await post(call, '/user/password/reset', { token, new_password: ada.password })).status).toBe(204)
    expect((await tokens(await post(call, '/user/login', ada))).user.roles).toEqual(['editor'])
    expect(
      await refusal(await post(call, '/user/password/reset', { token, new_password: 'another lantern' })),
    ).toBe('400 invalid_link')
    expect(await refusal(await ask('POST', 'users', { username: 'ADA' }))).toBe('409 username_taken')
    expect(await refusal(await ask('POST', 'users', { username: 'x1x', roles: ['nobody'] }))).toBe(
      '422 validation_failed',
    )
  })

  test('whose first link was lost get another one, and the lost one dies', async () => {
    const { ask, call } = await openAdministrator()
    const made = await ask('POST', 'users', { username: 'ada' })
    const { user, link: lost } = (await made.json()) as { user: ShownUser; link: string }
    const again = await ask('POST', `users/${user.id}/reset`)
    expect(again.status).toBe(202)
    const { link } = (await again.json()) as { link: string }
    const choose = (from: string) =>
      post(call, '/user/password/reset', { token: /lko_[\w-]+$/.exec(from)?.[0], new_password: ada.password })
    expect(await refusal(await choose(lost))).toBe('400 invalid_link')
    expect((await choose(link)).status).toBe(204)
    // From now on a link needs an address that is theirs.
    expect(await refusal(await ask('POST', `users/${user.id}/reset`))).toBe('422 validation_failed')
  })

  test('with an address get their link by mail alone, and using it verifies the address', async () => {
    const mailServer = await startMailServer()
    const { ask, call } = await openAdministrator({
      smtpUrl: mailServer.url,
      mailFrom: 'no-reply@example.com',
    })
    const made = await ask('POST', 'users', { username: 'ada', email: 'ada@example.com' })
    expect(await made.text()).not.toContain('lko_')
    const token = tokenIn(await mailServer.next('ada@example.com'))
    expect((await post(call, '/user/password/reset', { token, new_password: ada.password })).status).toBe(204)
    await tokens(await post(call, '/user/login', { ...ada, username: 'ada@example.com' }))
    expect(await refusal(await ask('POST', 'users', { username: 'eve', email: 'ADA@example.com' }))).toBe(
      '422 validation_failed',
    )
    const [{ id } = { id: '' }] = (
      (await (await ask('GET', 'users?q=ada@example.com')).json()) as List<ShownUser>
    ).items
    expect((await ask('POST', `users/${id}/reset`)).status).toBe(202)
    expect(tokenIn(await mailServer.next('ada@example.com'))).toMatch(/^lko_/)
  })

  test('get other roles and are disabled by one request, or nothing happens', async () => {
    const { ask, call, read } = await openAdministrator({ roles: { admin: ['*'], editor: ['posts:write'] } })
    const { user, access_token: token } = await signIn(call)
    const path = `users/${user.id}`
    const refused = await ask('PATCH', path, { roles: ['nobody'], disabled: true })
    expect(await refusal(refused)).toBe('422 validation_failed')
    expect((await call('/user/data', bearer(token))).status).toBe(200)
    const both = await ask('PATCH', path, { roles: ['editor'], disabled: true })
    expect(((await both.json()) as { user: ShownUser }).user).toMatchObject({
      roles: ['editor'],
      disabled_at: expect.any(Number),
    })
    expect(await refusal(await call('/user/data', bearer(token)))).toBe('403 token_revoked')
    const { items } = await read<List<ShownAudit>>(`audit?user=${user.id}&limit=2`)
    expect(items.map(({ event }) => event)).toEqual(['user_disabled', 'roles_changed'])
    // Nothing to do is nothing done.
    expect((await ask('PATCH', path, { disabled: true })).status).toBe(200)
    expect((await read<List<ShownAudit>>(`audit?user=${user.id}&limit=2`)).items).toEqual(items)
  })

  test('[S101] that are disabled lose sessions and API keys at once, and come back when enabled', async () => {
    const { ask, call } = await openAdministrator()
    const { user, access_token, refresh_token } = await signIn(call)
    const made = await sendAs(call, access_token, 'POST', '/user/keys', { name: 'k', scopes: ['user:read'] })
    const { key } = (await made.json()) as { key: string }
    expect((await call('/user', bearer(key))).status).toBe(200)
    expect((await ask('PATCH', `users/${user.id}`, { disabled: true })).status).toBe(200)
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
    expect(await refusal(await refresh(call, refresh_token))).toBe('403 session_revoked')
    expect(await refusal(await call('/user', bearer(key)))).toBe('403 invalid_token')
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 account_disabled')
    expect(await refusal(await post(call, '/user/login', { ...ada, password: 'wrong' }))).toBe(
      '403 invalid_credentials',
    )
    await ask('PATCH', `users/${user.id}`, { disabled: false })
    await signIn(call)
    expect(await refusal(await call('/user', bearer(key))), 'a key that died stays dead').toBe(
      '403 invalid_token',
    )
  })

  test('[S100] whose roles change go on with new rights, and access tokens and API keys so far have none', async () => {
    const { ask, call } = await openAdministrator({ roles: { admin: ['*'], editor: ['posts:write'] } })
    const { user } = await signIn(call)
    await ask('PATCH', `users/${user.id}`, { roles: ['editor'] })
    const { access_token, refresh_token } = await signIn(call)
    const made = await sendAs(call, access_token, 'POST', '/user/keys', {
      name: 'k',
      scopes: ['posts:write', 'user:read'],
    })
    const { key } = (await made.json()) as { key: string }
    const scopeOf = async () =>
      ((await (await call('/user/data', bearer(key))).json()) as { authorizedData: { scope: string } })
        .authorizedData.scope
    expect(await scopeOf()).toBe('posts:write user:read')
    await ask('PATCH', `users/${user.id}`, { roles: [] })
    expect(await refusal(await call('/user/data', bearer(access_token)))).toBe('403 token_revoked')
    expect(await scopeOf()).toBe('user:read')
    expect((await tokens(await refresh(call, refresh_token))).user.roles).toEqual([])
  })

  test('an administrator cannot disable themselves or take their own administration away', async () => {
    const { ask, admin } = await openAdministrator()
    for (const change of [{ disabled: true }, { roles: [] }])
      expect(await refusal(await ask('PATCH', `users/${admin.user.id}`, change))).toBe(
        '422 validation_failed',
      )
  })

  test('sessions of others are listed in pages and ended, one or all', async () => {
    const { ask, read, call, time } = await openAdministrator()
    await post(call, '/user/register', ada)
    for (const device of ['phone', 'laptop', 'tablet']) {
      time.nowMs += 1_000
      await post(call, '/user/login', { ...ada, device })
    }
    const here = await signIn(call)
    const path = `users/${here.user.id}/sessions`
    const first = await read<List<{ id: string; device: string | null }>>(`${path}?limit=2`)
    const rest = await read<List<{ id: string }>>(`${path}?limit=2&cursor=${first.next}`)
    expect(new Set([...first.items, ...rest.items].map(item => item.id)).size).toBe(4)
    expect(rest.next).toBeNull()
    const [phone] = (await read<List<{ id: string; device: string }>>(`${path}?q=PHONE`)).items
    expect(phone?.device).toBe('phone')
    expect((await ask('DELETE', `sessions/${phone?.id}`)).status).toBe(204)
    expect((await read<List<object>>(path)).items).toHaveLength(3)
    expect((await ask('DELETE', path)).status).toBe(204)
    expect((await read<List<object>>(path)).items).toEqual([])
    expect(await refusal(await call('/user/data', bearer(here.access_token)))).toBe('403 token_revoked')
    expect(await refusal(await ask('DELETE', 'sessions/nothing'))).toBe('404 not_found')
  })
})

describe('an administrator', () => {
  test('[S110] writes within 15 minutes of signing in, and reads after that too', async () => {
    const { ask, time } = await openAdministrator()
    time.nowMs += 900_000
    expect((await ask('POST', 'invitations', {})).status).toBe(201)
    time.nowMs += 1_000
    expect((await ask('GET', 'users')).status).toBe(200)
    const stale = await ask('POST', 'invitations', {})
    expect(stale.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_user_authentication".*, max_age="900"$/,
    )
    expect(await refusal(stale)).toBe('401 insufficient_user_authentication')
  })

  test('is one by the store, whatever an older token says', async () => {
    const { ask, call, latchkey } = await openAdministrator()
    const second = await signIn(call)
    await ask('PATCH', `users/${second.user.id}`, { roles: ['admin'] })
    const fresh = await signIn(call)
    expect((await call('/admin/api/users', bearer(fresh.access_token))).status).toBe(200)
    await ask('PATCH', `users/${second.user.id}`, { roles: [] })
    const after = await signIn(call)
    expect(await refusal(await call('/admin/api/users', bearer(after.access_token)))).toBe('403 forbidden')
    expect(await latchkey.users.hasAdministrator()).toBe(true)
  })

  test('[S122] leaves a row for every change, which names who and whom and nothing secret', async () => {
    const { ask, read, call, admin } = await openAdministrator({
      roles: { admin: ['*'], editor: ['posts:write'] },
    })
    const { user } = await signIn(call)
    const { kid } = (await read<List<{ kid: string; state: string }>>('keys')).items[0] ?? { kid: '' }
    const changes: [string, () => Promise<Response>][] = [
      ['user_made', () => ask('POST', 'users', { username: 'grace' })],
      ['roles_changed', () => ask('PATCH', `users/${user.id}`, { roles: ['editor'] })],
      ['user_disabled', () => ask('PATCH', `users/${user.id}`, { disabled: true })],
      ['user_enabled', () => ask('PATCH', `users/${user.id}`, { disabled: false })],
      ['invitation_made', () => ask('POST', 'invitations', { roles: ['editor'] })],
      ['key_rotated', () => ask('POST', 'keys/rotate')],
    ]
    for (const [event, change] of changes) {
      const answer = await change()
      expect(answer.ok, event).toBe(true)
      const [row] = (await read<List<ShownAudit>>('audit?limit=1')).items
      expect(row, event).toMatchObject({ event, actor: admin.user.id })
    }
    await signIn(call)
    const [session] = (await read<List<{ id: string }>>(`users/${user.id}/sessions`)).items
    await ask('DELETE', `sessions/${session?.id}`)
    const text = await (await ask('GET', 'audit?limit=200')).text()
    expect(text).toContain('session_ended')
    for (const secret of [session?.id ?? '', ada.password, root.password, ada.username, '"root"', 'lko_'])
      expect(text, secret).not.toContain(secret)
    await ask('POST', `keys/${kid}/revoke`)
    // The token that asked was signed by the key that died.
    const again = await signIn(call, root)
    const log = await sendAs(call, again.access_token, 'GET', '/admin/api/audit?limit=1&event=key_revoked')
    expect(((await log.json()) as List<ShownAudit>).items[0]).toMatchObject({
      detail: kid,
      actor: admin.user.id,
    })
  })

  test('reads the audit log in pages, by user, by event and by a word', async () => {
    const { read, call, admin } = await openAdministrator()
    for (let i = 0; i < 4; i++) await signIn(call)
    const { user } = await signIn(call)
    const events: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: List<ShownAudit> = await read(
        `audit?user=${user.id}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      events.push(...page.items.map(row => row.event))
      cursor = page.next
    }
    expect(events.toReversed()).toEqual(['user_registered', 'login', 'login', 'login', 'login', 'login'])
    const all = async (query: string) => (await read<List<ShownAudit>>(`audit?${query}`)).items
    expect(await all('event=login&limit=200')).toHaveLength(6)
    expect(
      (await all(`q=${admin.user.id}`)).every(row => [row.user, row.actor].includes(admin.user.id)),
    ).toBe(true)
    expect(await all('q=nothing')).toEqual([])
  })

  test('sees keys without their secrets, and figures', async () => {
    const { ask, read } = await openAdministrator()
    const keys = await read<List<Record<string, unknown>>>('keys')
    expect(keys.items.map(key => key['state']).toSorted()).toEqual(['active', 'next'])
    expect(Object.keys(keys.items[0] ?? {})).not.toContain('wrapped')
    expect((await read<List<object>>('keys?limit=1')).next).not.toBeNull()
    expect((await read<List<object>>('keys?q=next')).items).toHaveLength(1)
    const active = keys.items.find(key => key['state'] === 'active')
    expect(await refusal(await ask('POST', `keys/${active?.['kid']}/retire`))).toBe('422 validation_failed')
    expect(await refusal(await ask('POST', 'keys/nothing/revoke'))).toBe('404 not_found')
    expect(await read('figures')).toMatchObject({
      users: 1,
      disabled_users: 0,
      live_sessions: 1,
      events: { login: 1 },
    })
  })
})

test('open invitations are listed without their links, clients in the order of their making', async () => {
  const { ask, call, read, time } = await openAdministrator()
  const made: string[] = []
  for (const email of ['one@example.com', undefined, 'three@example.com']) {
    const answer = await ask('POST', 'invitations', { ...(email && { email }) })
    made.push(((await answer.json()) as { invitation: string }).invitation)
    time.nowMs += 1_000
  }
  const listed = () => read<List<{ id: string; email: string | null; expires_at: number }>>('invitations')
  const { items } = await listed()
  expect(items.map(({ email }) => email)).toEqual(['three@example.com', null, 'one@example.com'])
  expect(JSON.stringify(items)).not.toContain('lko_')
  // One that is used is open no more, and none is after a week.
  await post(call, '/user/register', { ...ada, invitation: made[1] })
  expect((await listed()).items.map(({ email }) => email)).toEqual(['three@example.com', 'one@example.com'])
  time.nowMs = (items.at(-1)?.expires_at ?? 0) * 1_000

  const again = await tokens(await post(call, '/user/login', root))
  const asRoot = (method: string, path: string, body?: unknown) =>
    sendAs(call, again.access_token, method, `/admin/api/${path}`, body)
  const left = (await (await asRoot('GET', 'invitations')).json()) as List<{ email: string }>
  expect(left.items.map(({ email }) => email)).toEqual(['three@example.com'])
  for (const name of ['zebra', 'apple', 'mango']) {
    await asRoot('POST', 'clients', { name })
    time.nowMs += 1_000
  }
  const clients = (await (await asRoot('GET', 'clients')).json()) as List<{ name: string }>
  expect(clients.items.map(({ name }) => name)).toEqual(['zebra', 'apple', 'mango'])
})
