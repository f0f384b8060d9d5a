// Changing the master key under living sessions, and losing one to others.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  ada,
  bearer,
  type Caller,
  post,
  refresh,
  refusal,
  signIn,
  type TokenAnswer,
  tokens,
} from '../../../../test/account.ts'
import { rewrap, rewrapCompromised } from '../../src/cli/keys.ts'
import { type ConfigInput, loadConfig } from '../../src/config.ts'
import { openTestServer, temporaryFolder } from '../open-test-server.ts'

const newKey = (): string => randomBytes(32).toString('base64url')
const graceMs = 30_000

/** Servers one after the other on one database; the command line beside them. */
function onOneDatabase() {
  const folder = temporaryFolder()
  const databaseUrl = `sqlite:${join(folder, 'latchkey.db')}`
  return {
    config: (keys: ConfigInput) => loadConfig({ env: {}, input: { databaseUrl, ...keys } }).config,
    // The command line has the real clock: they have to agree on what is due.
    server: (keys: ConfigInput) => openTestServer(keys, { folder, nowMs: Date.now() }),
  }
}

/** The key version that a refresh token names: the byte after the mark. */
const versionOf = ({ refresh_token }: TokenAnswer): number | undefined =>
  Buffer.from(refresh_token.slice(4), 'base64url')[8]

async function makeApiKey(call: Caller, { access_token }: TokenAnswer): Promise<string> {
  const wanted = { name: 'script', scopes: ['user:read'] }
  const made = await post(call, '/user/keys', wanted, { authorization: `Bearer ${access_token}` })
  const { key } = (await made.json()) as { key: string }
  return key
}

describe('a change of the master key', () => {
  test('keeps everybody signed in: the old key is accepted, the new one derives', async () => {
    const [first, second] = [newKey(), newKey()]
    const place = onOneDatabase()
    const before = await place.server({ masterKey: first })
    const [active, asleep] = [await signIn(before.call), await signIn(before.call)]
    const key = await makeApiKey(before.call, active)
    expect(versionOf(active)).toBe(1)
    await before.latchkey.close()

    const keys = { masterKey: second, masterKeyPrevious: first }
    const during = await place.server(keys)
    expect((await during.call('/user/data', bearer(active.access_token))).status).toBe(200)
    expect((await during.call('/user/data', bearer(key))).status).toBe(200)
    const moved = await tokens(await refresh(during.call, active.refresh_token))
    expect(versionOf(moved)).toBe(2)
    expect((await tokens(await refresh(during.call, active.refresh_token))).refresh_token).toBe(
      moved.refresh_token,
    )
    expect(versionOf(await signIn(during.call))).toBe(2)

    const told = (await rewrap(place.config(keys))).json
    expect(told).toMatchObject({ rewrapped: 2, previous_needed: true })
    expect(told).toMatchObject({
      usage: [
        { master_key: 1, present: false, signing_keys: 0, sessions: 1, api_keys: 0, links: 0 },
        { master_key: 2, present: true, signing_keys: 2, sessions: 2, api_keys: 1, links: 0 },
      ],
    })
    await during.latchkey.close()

    const after = await place.server({ masterKey: second })
    expect((await after.call('/user/data', bearer(active.access_token))).status).toBe(200)
    expect((await after.call('/user/data', bearer(key))).status).toBe(200)
    after.time.nowMs += graceMs + 1
    await tokens(await refresh(after.call, moved.refresh_token))
    expect(await refusal(await refresh(after.call, asleep.refresh_token))).toBe('403 invalid_token')
  })

  test('goes over a time when both are accepted and the old one still derives', async () => {
    const [first, second] = [newKey(), newKey()]
    const place = onOneDatabase()
    const early = await place.server({ masterKey: first, masterKeyPrevious: second })
    const late = await place.server({ masterKey: second, masterKeyPrevious: first })
    late.time.nowMs = early.time.nowMs
    let held = await signIn(early.call)
    for (const server of [late, early, late, early]) {
      held = await tokens(await refresh(server.call, held.refresh_token))
      for (const one of [early, late]) one.time.nowMs += graceMs + 1
    }
    expect(versionOf(held)).toBe(1)
  })

  test('refuses a token of the old key for a session that has moved on, and for one that never had it', async () => {
    const [first, second] = [newKey(), newKey()]
    const place = onOneDatabase()
    const before = await place.server({ masterKey: first })
    const held = await signIn(before.call)
    await before.latchkey.close()
    const during = await place.server({ masterKey: second, masterKeyPrevious: first })
    const moved = await tokens(await refresh(during.call, held.refresh_token))
    during.time.nowMs += graceMs + 1
    await tokens(await refresh(during.call, moved.refresh_token))
    // Two behind: spent under either key.
    expect(await refusal(await refresh(during.call, held.refresh_token))).toBe('403 refresh_reused')
  })

  test.each([
    ['another key alone', () => ({ masterKey: newKey() }), /another master key/],
    ['the same key twice', (key: string) => ({ masterKey: key, masterKeyPrevious: key }), /the same key/],
    ['no key at all', () => ({}), /is not there/],
  ])('refuses to start with %s', async (_, keys, message) => {
    const place = onOneDatabase()
    const key = newKey()
    await (await place.server({ masterKey: key })).latchkey.close()
    await expect(place.server(keys(key))).rejects.toThrow(message)
  })

  test('refuses to drop the old key while a signing key is wrapped under it, and says what to do', async () => {
    const place = onOneDatabase()
    const [first, second] = [newKey(), newKey()]
    await (await place.server({ masterKey: first })).latchkey.close()
    await (await place.server({ masterKey: second, masterKeyPrevious: first })).latchkey.close()
    await expect(place.server({ masterKey: second })).rejects.toThrow(
      /LATCHKEY_MASTER_KEY_PREVIOUS.*keys rewrap/,
    )
  })
})

describe('a master key that others know', () => {
  test('takes every session and every signing key with it, and is never accepted again', async () => {
    const [first, second] = [newKey(), newKey()]
    const place = onOneDatabase()
    const before = await place.server({ masterKey: first })
    const held = await signIn(before.call)
    const key = await makeApiKey(before.call, held)
    await expect(rewrapCompromised(place.config({ masterKey: first }))).rejects.toThrow(/the only one/)
    await before.latchkey.close()

    const keys = { masterKey: second, masterKeyPrevious: first }
    await place.server(keys).then(server => server.latchkey.close())
    expect((await rewrapCompromised(place.config(keys))).json).toEqual({
      sessions_ended: 1,
      signing_keys_revoked: 2,
    })

    const after = await place.server(keys)
    expect(await refusal(await refresh(after.call, held.refresh_token))).toBe('403 invalid_token')
    expect(await refusal(await after.call('/user/data', bearer(held.access_token)))).toMatch(
      /^403 (invalid_token|token_revoked)$/,
    )
    const fresh = await tokens(await post(after.call, '/user/login', ada))
    expect((await after.call('/user/data', bearer(fresh.access_token))).status).toBe(200)
    expect(versionOf(fresh)).toBe(2)
    // What is kept of an API key tells its secret to nobody: it stays good, and moves over with its next use.
    expect((await after.call('/user/data', bearer(key))).status).toBe(200)
    expect(JSON.stringify((await rewrap(place.config(keys))).json)).toContain('"previous_needed":false')
    await after.latchkey.close()
    await expect(place.server({ masterKey: first })).rejects.toThrow(/declared compromised/)
    await expect(place.server({ masterKey: first, masterKeyPrevious: second })).rejects.toThrow(
      /declared compromised/,
    )
  })
})
