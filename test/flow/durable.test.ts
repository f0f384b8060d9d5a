// What was answered holds: over kill -9 and restart, and when many processes open one empty database at once.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { bearer, callerAt, post, refresh, refusal, signIn, tokens } from '../account.ts'
import { newFolder, startServer } from '../server-process.ts'

const issuer = { LATCHKEY_ISSUER: 'http://localhost:4000' }

describe('after kill -9 and a restart', () => {
  test('[S95] the answered pair works, a spent token is still spent, and what was revoked stays revoked', async () => {
    const folder = newFolder()
    const env = { ...issuer, LATCHKEY_REFRESH_GRACE: '1s' }
    for (let round = 0; round < 3; round++) {
      const before = await startServer({ folder, env })
      const gone = await signIn(callerAt(before.url))
      await post(callerAt(before.url), '/user/logout', { refresh_token: gone.refresh_token })
      const first = await signIn(callerAt(before.url))
      const kept = await tokens(await refresh(callerAt(before.url), first.refresh_token))
      expect(await before.end('SIGKILL')).toBe('SIGKILL')

      const after = await startServer({ folder, env })
      const call = callerAt(after.url)
      expect((await call('/user/data', bearer(kept.access_token))).status).toBe(200)
      expect(await refusal(await call('/user/data', bearer(gone.access_token)))).toBe('403 token_revoked')
      expect(await refusal(await refresh(call, gone.refresh_token))).toBe('403 session_revoked')
      // The successor works until its predecessor comes back after the grace: then somebody has stolen one of them.
      await tokens(await refresh(call, kept.refresh_token))
      await expect
        .poll(async () => refusal(await refresh(call, first.refresh_token)), {
          timeout: 5_000,
          interval: 300,
        })
        .toMatch(/403 (refresh_reused|session_revoked)/)
      expect(await refusal(await call('/user/data', bearer(kept.access_token)))).toBe('403 token_revoked')
      await after.end()
    }
  })
})

describe('16 processes on one empty database', () => {
  test('make one master key, one key that signs and one that waits, and take each other’s tokens', async () => {
    const folder = newFolder()
    const servers = await Promise.all(Array.from({ length: 16 }, () => startServer({ folder, env: issuer })))
    const calls = servers.map(server => callerAt(server.url))
    const keySets = await Promise.all(calls.map(async call => (await call('/.well-known/jwks.json')).text()))
    expect(new Set(keySets).size).toBe(1)
    expect((JSON.parse(keySets[0] ?? '') as { keys: unknown[] }).keys).toHaveLength(2)

    const [first, second] = calls
    if (first === undefined || second === undefined) throw new Error('there are sixteen')
    const { access_token } = await signIn(first)
    for (const call of calls) expect((await call('/user/data', bearer(access_token))).status).toBe(200)
    await post(first, '/user/logout', {}, { authorization: `Bearer ${access_token}` })
    await expect
      .poll(async () => (await second('/user/data', bearer(access_token))).status, {
        timeout: 2_000,
        interval: 20,
      })
      .toBe(403)

    await Promise.all(servers.map(server => server.end()))
    expect(readdirSync(join(folder, 'data')).filter(name => name.startsWith('master.key'))).toEqual([
      'master.key',
    ])
    const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true })
    expect(database.prepare('SELECT state FROM signing_keys ORDER BY state').all()).toEqual([
      { state: 'active' },
      { state: 'next' },
    ])
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    database.close()
  }, 120_000)
})
