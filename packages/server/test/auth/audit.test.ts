// The audit log: rows are only added, say who by an id and never by a name, and lose where it was with the account.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, signIn } from '../../../../test/account.ts'
import type { AuditEntry } from '../../src/hooks.ts'
import { openAdministrator, sendAs } from '../open-administrator.ts'

const store = fileURLToPath(new URL('../../src/store', import.meta.url))

interface Listed {
  items: Omit<AuditEntry, 'id'>[]
  next: string | null
}

const address = { address: '192.0.2.7' }
const phone = { 'user-agent': 'a phone' }

/** Ada signs in with a phone from somewhere; the administrator has a hand in it. */
async function withHistory() {
  const server = await openAdministrator({}, { connection: address })
  const user = await signIn(server.call, ada)
  await post(server.call, '/user/login', ada, phone)
  await post(server.call, '/user/login', { ...ada, password: 'not the lantern' }, phone)
  await server.ask('PATCH', `users/${user.user.id}`, { roles: [] })
  return { ...server, user }
}

test('[S122] no statement changes or deletes a row but the retention and the deletion of an account', () => {
  const found = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .flatMap(name =>
      readFileSync(join(store, name), 'utf8')
        .split('\n')
        .filter(line => /(UPDATE|DELETE FROM|REPLACE INTO) audit\b|clear\('audit'/.test(line))
        .map(line => `${name}: ${line.trim().replace(/\).*/, '')}`),
    )
  expect(found.toSorted()).toEqual([
    "postgres/sweep.ts: 'UPDATE audit SET address = NULL, device = NULL WHERE seq IN ' +",
    'postgres/sweep.ts: if (rowsSeconds !== undefined',
    "postgres/users.ts: await query('UPDATE audit SET address = NULL, device = NULL WHERE actor = $1', [id]",
    "postgres/users.ts: await query('UPDATE audit SET address = NULL, device = NULL, detail = NULL WHERE user_id = $1', [id]",
    "sqlite/sweep.ts: 'UPDATE audit SET address = NULL, device = NULL WHERE seq IN ' +",
    'sqlite/sweep.ts: if (rowsSeconds !== undefined',
    "sqlite/users.ts: db.prepare('UPDATE audit SET address = NULL, device = NULL WHERE actor = ?'",
    "sqlite/users.ts: db.prepare('UPDATE audit SET address = NULL, device = NULL, detail = NULL WHERE user_id = ?'",
  ])
})

describe('a row', () => {
  test('[S122] says whose it is, where from and by what, and the session by its hash', async () => {
    const { read, user, folder } = await withHistory()
    const { items } = await read<Listed>(`audit?user=${user.user.id}&event=login`)
    expect(items[0]).toMatchObject({ user: user.user.id, address: '192.0.2.7', device: 'a phone' })
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    const ids = database.prepare('SELECT id FROM sessions WHERE user_id = ?').all(user.user.id)
    database.close()
    const hashes = ids.map(({ id }) => createHash('sha256').update(String(id)).digest('base64url'))
    expect(hashes).toContain(items[0]?.session)
  })

  test('[S122] of a failed sign-in tells neither the name nor the password that were tried', async () => {
    const { call, read } = await withHistory()
    await post(call, '/user/login', { username: 'my-password-by-mistake', password: 'hunter2-of-mine' })
    const { items } = await read<Listed>('audit?event=login_refused')
    expect(items[0]).toMatchObject({ user: null, detail: null })
    expect(JSON.stringify(items)).not.toMatch(/mistake|hunter2|ada|lantern/)
  })
})

describe('the list', () => {
  test('[S122] is filtered by user, event and time, and refuses an instant that is none', async () => {
    const { read, ask, user, time, call } = await withHistory()
    time.nowMs += 30 * 60_000
    await post(call, '/user/login', ada)
    const { items } = await read<Listed>(`audit?user=${user.user.id}&event=login`)
    expect(items).toHaveLength(3)
    const at = new Date(time.nowMs).toISOString()
    const since = await read<Listed>(`audit?event=login&since=${encodeURIComponent(at)}`)
    expect(since.items.map(row => row.at)).toEqual([at])
    const until = await read<Listed>(`audit?user=${user.user.id}&event=login&until=${encodeURIComponent(at)}`)
    expect(until.items).toHaveLength(2)
    expect((await read<Listed>('audit?until=2026-01-01')).items).toEqual([])
    expect((await read<Listed>('audit?since=2026-01-01')).items.length).toBeGreaterThan(3)
    for (const wrong of ['yesterday', '1', '2026-13-01', '2026-01-01T00:00:00', '-1', 'NaN'])
      expect((await ask('GET', `audit?since=${wrong}`)).status, wrong).toBe(422)
  })
})

describe('the deletion of an account', () => {
  test('[S122] blanks where its rows came from, what it did to others too, and keeps the rows', async () => {
    const { call, read, user, folder, admin, ask } = await withHistory()
    const { access_token } = await signIn(call, ada)
    const count = (await read<Listed>(`audit?user=${user.user.id}`)).items.length
    await sendAs(call, access_token, 'DELETE', '/user', { current_password: ada.password })
    const { items } = await read<Listed>(`audit?user=${user.user.id}`)
    expect(items).toHaveLength(count + 1)
    expect(items.filter(row => row.address ?? row.device ?? row.detail)).toEqual([])

    // The administrator did something to somebody, and goes too.
    const other = await signIn(call, { ...ada, username: 'grace' })
    await ask('POST', `users/${other.user.id}/reset`)
    await ask('PATCH', `users/${other.user.id}`, { disabled: true })
    const answer = await call('/user', {
      method: 'DELETE',
      headers: { 'content-type': 'application/json', ...(bearer(admin.access_token).headers as object) },
      body: JSON.stringify({ current_password: ada.password }),
    })
    expect(answer.status).toBe(204)
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    const deeds = database.prepare('SELECT * FROM audit WHERE actor = ?').all(admin.user.id)
    database.close()
    expect(deeds.length).toBeGreaterThan(1)
    expect(deeds.filter(row => row['address'] !== null || row['device'] !== null)).toEqual([])
  })
})

test('[S122] what a user takes along does not tell where others were who had a hand in it', async () => {
  const { call, user, admin } = await withHistory()
  const headers = {
    ...(bearer(admin.access_token).headers as Record<string, string>),
    'content-type': 'application/json',
    'user-agent': 'an administrator',
  }
  for (const disabled of [true, false])
    await call(`/admin/api/users/${user.user.id}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ disabled }),
    })
  const { access_token } = await signIn(call, ada)
  const { audit } = (await (await call('/user/export', bearer(access_token))).json()) as {
    audit: AuditEntry[]
  }
  const of = (event: string) => audit.filter(row => row.event === event)
  expect(of('user_enabled')).toHaveLength(1)
  for (const row of [...of('user_enabled'), ...of('roles_changed')])
    expect(row).toMatchObject({ address: null, device: null })
  // Their own places are theirs to know, and whoever tried their password as well.
  expect(of('login')[0]).toMatchObject({ address: '192.0.2.7' })
  expect(of('login_refused')[0]).toMatchObject({ address: '192.0.2.7', device: 'a phone' })
})

describe('the retention', () => {
  test('[S122] blanks where and with what somebody was, and the rows stay', async () => {
    const { folder, latchkey, time } = await withHistory()
    await latchkey.close()
    const { openStore } = await import('../../src/store/open.ts')
    const again = await openStore(`sqlite:${join(folder, 'latchkey.db')}`)
    const placesSeconds = 365 * 86_400
    const now = Math.floor(time.nowMs / 1000) + placesSeconds
    const rows = async () =>
      (await again.listAudit({ cursor: undefined, limit: 100, userId: undefined, event: undefined })).items
    const before = await rows()
    await again.sweep({ now: now - 1, placesSeconds, rowsSeconds: undefined })
    expect(await rows()).toEqual(before)
    await again.sweep({ now: now + 1, placesSeconds, rowsSeconds: undefined })
    expect(before.some(row => row.device === 'a phone')).toBe(true)
    expect(await rows()).toEqual(before.map(row => ({ ...row, address: undefined, device: undefined })))
    await again.close()
  })
})

describe('the sink', () => {
  test('[S122] is given the rows that the list shows, in their order', async () => {
    const given: AuditEntry[] = []
    const server = await openAdministrator(
      { hooks: { audit: entries => void given.push(...entries) } },
      { connection: address },
    )
    await signIn(server.call, ada)
    await expect.poll(() => given.map(row => row.event), { timeout: 10_000 }).toContain('login')
    const { items } = await server.read<Listed>('audit?limit=200')
    await expect.poll(() => given.length, { timeout: 10_000 }).toBe(items.length)
    expect(given.map(({ id: _id, ...row }) => row)).toEqual(items.toReversed())
  })
})
