// API keys that are remembered: asked for once, forgotten at once when anything about them changes, here or elsewhere.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createGuard } from 'latchkey/guard'
import { describe, expect, test } from 'vitest'
import { bearer, type Caller, refusal, signIn } from '../../../../test/account.ts'
import { openAdministrator, root, sendAs } from '../open-administrator.ts'
import { openTestServer } from '../open-test-server.ts'

async function makeKey(call: Caller, token: string, body: object = {}): Promise<{ id: string; key: string }> {
  const wanted = { name: 'script', scopes: ['user:read'], ...body }
  return (await (await sendAs(call, token, 'POST', '/user/keys', wanted)).json()) as {
    id: string
    key: string
  }
}

describe('an API key', () => {
  test('is read from the store once, and again after an access lifetime', async () => {
    const { call, folder, time } = await openTestServer()
    const { access_token } = await signIn(call)
    const { key } = await makeKey(call, access_token)
    expect((await call('/user/data', bearer(key))).status).toBe(200)
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    database.exec('DELETE FROM api_keys')
    database.close()
    expect((await call('/user/data', bearer(key))).status).toBe(200)
    expect(await refusal(await call('/user/data', bearer(`${key.slice(0, -2)}AA`)))).toBe('403 invalid_token')
    time.nowMs += 3_600_000
    expect(await refusal(await call('/user/data', bearer(key)))).toBe('403 invalid_token')
  })

  test('that is revoked here is dead at once, and one revoked by another process as soon as its log is read', async () => {
    const here = await openTestServer()
    const elsewhere = await openTestServer({}, { folder: here.folder })
    const { access_token } = await signIn(here.call)
    const [one, other] = [await makeKey(here.call, access_token), await makeKey(here.call, access_token)]
    for (const { key } of [one, other]) expect((await here.call('/user/data', bearer(key))).status).toBe(200)
    await sendAs(here.call, access_token, 'DELETE', `/user/keys/${one.id}`)
    expect(await refusal(await here.call('/user/data', bearer(one.key)))).toBe('403 invalid_token')
    await sendAs(elsewhere.call, access_token, 'DELETE', `/user/keys/${other.id}`)
    await expect.poll(async () => (await here.call('/user/data', bearer(other.key))).status).toBe(403)
  })

  test('has a role of its user’s only with every scope that the role gives', async () => {
    const roles = { admin: ['*'], editor: ['posts:read', 'posts:write'], mark: [] }
    const { call, latchkey, ask, admin } = await openAdministrator({ roles })
    await ask('PATCH', `users/${admin.user.id}`, { roles: ['admin', 'editor', 'mark'] })
    const { access_token } = await signIn(call, root)
    const rolesOf = async (scopes: string[]) => {
      const { key } = await makeKey(call, access_token, { scopes })
      const verdict = await createGuard(latchkey.guard).check({ authorization: `Bearer ${key}` })
      return verdict.kind === 'admitted' ? verdict.auth.roles : verdict.kind
    }
    expect(await rolesOf(['user:read'])).toEqual([])
    expect(await rolesOf(['posts:write'])).toEqual([])
    expect(await rolesOf(['posts:read', 'posts:write'])).toEqual(['editor'])
    expect(await rolesOf(['*'])).toEqual(['admin', 'editor', 'mark'])

    const { key } = await makeKey(call, access_token, { scopes: ['user:read'] })
    const forAdmins = createGuard({ ...latchkey.guard, role: 'admin' })
    expect(await forAdmins.check({ authorization: `Bearer ${key}` })).toMatchObject({ status: 403 })
    expect(await forAdmins.check({ authorization: `Bearer ${access_token}` })).toMatchObject({
      kind: 'admitted',
    })
  })

  test('is taken by the guard that an application makes of it, within its scopes', async () => {
    const { call, latchkey } = await openTestServer()
    const { access_token, user } = await signIn(call)
    const { key, id } = await makeKey(call, access_token, { scopes: ['user:read'], expires_in: 3600 })
    const check = (scope: string, token: string) =>
      createGuard({ ...latchkey.guard, scope }).check({
        authorization: `Bearer ${token}`,
        method: 'GET',
        url: 'http://localhost/',
      })
    const verdict = await check('user:read', key)
    expect(verdict).toMatchObject({ kind: 'admitted', auth: { subject: user.id, scopes: ['user:read'] } })
    expect(JSON.stringify(verdict)).toContain(`key:${id}`)
    expect(await check('posts:write', key)).toMatchObject({ kind: 'refused', status: 403 })
    await sendAs(call, access_token, 'DELETE', `/user/keys/${id}`)
    expect(await check('user:read', key)).toMatchObject({ kind: 'refused', status: 401 })
  })
})

describe('refused API keys at an in-app guard', () => {
  /** Asks with junk until it is told to wait: how often it was not. Each request claims another address for itself. */
  async function countUntilLimited(trustProxy: string, claimed: (i: number) => string): Promise<number> {
    const { latchkey } = await openTestServer({ trustProxy })
    const guard = createGuard(latchkey.guard)
    for (let i = 0; i < 1_000; i++) {
      const header = (name: string) => (name === 'x-forwarded-for' ? claimed(i) : undefined)
      const verdict = await guard.check({ authorization: 'Bearer lk_junk', address: '127.0.0.1', header })
      if (verdict.kind !== 'refused') throw new Error(`junk was ${verdict.kind}`)
      if (verdict.status === 429) return i
    }
    return 1_000
  }

  test('[S113] [S90] are counted by the socket’s address, whatever stands in forwarding headers', async () => {
    expect(await countUntilLimited('0', i => `198.51.100.${i}`)).toBe(300)
  })

  test('[S113] are counted by what a trusted proxy says, and by nothing further out', async () => {
    expect(await countUntilLimited('1', i => `198.51.100.${i}, 203.0.113.7`)).toBe(300)
    expect(await countUntilLimited('1', i => `203.0.113.${i % 4}`)).toBe(1_000)
  })

  test('without a socket to see are not counted', async () => {
    const { latchkey } = await openTestServer()
    const guard = createGuard(latchkey.guard)
    const statuses = new Set<unknown>()
    for (let i = 0; i < 301; i++) {
      const verdict = await guard.check({ authorization: 'Bearer lk_junk' })
      statuses.add(verdict.kind === 'refused' && verdict.status)
    }
    expect([...statuses]).toEqual([401])
  })
})
