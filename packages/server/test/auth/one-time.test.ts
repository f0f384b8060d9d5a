// One-time links of every kind: once however many use them together, for nothing else, for nobody else, for a while.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { ada, type Caller, post, refusal, signIn } from '../../../../test/account.ts'
import type { OneTimePurpose } from '../../src/store/records.ts'
import { linkIn } from '../link-in.ts'
import { openAdministrator, sendAs } from '../open-administrator.ts'
import { openTestServer, type TestServer } from '../open-test-server.ts'

const email = 'ada@example.com'

interface Kind {
  /** Makes a link in a new server. */
  issue(): Promise<TestServer>
  /** The route it is for; `i` keeps parallel uses apart. */
  use(call: Caller, token: string, i?: number): Promise<Response>
  lifetimeSeconds: number
  refused: string
}

const uses = {
  reset: (call: Caller, token: string, i = 0) =>
    post(call, '/user/password/reset', { token, new_password: `lantern number ${i} here` }),
  verify: (call: Caller, token: string) => post(call, '/user/email/verify', { token }),
  register: (call: Caller, invitation: string, i = 0) =>
    post(call, '/user/register', { username: `newcomer${i}`, password: ada.password, invitation }),
}

const kinds: Record<OneTimePurpose, Kind> = {
  reset: {
    async issue() {
      const server = await openTestServer()
      await post(server.call, '/user/register', { ...ada, email })
      await post(server.call, '/user/email/verify', { token: linkIn(server.folder, 'verify') })
      await post(server.call, '/user/password/forgot', { email })
      return server
    },
    use: uses.reset,
    lifetimeSeconds: 3_600,
    refused: '400 invalid_link',
  },
  welcome: {
    async issue() {
      const server = await openAdministrator()
      await server.ask('POST', 'users', { username: 'ada', email })
      return server
    },
    use: uses.reset,
    lifetimeSeconds: 7 * 86_400,
    refused: '400 invalid_link',
  },
  verify: {
    async issue() {
      const server = await openTestServer()
      await post(server.call, '/user/register', { ...ada, email })
      return server
    },
    use: uses.verify,
    lifetimeSeconds: 3_600,
    refused: '400 invalid_link',
  },
  invite: {
    async issue() {
      const server = await openTestServer({ registration: 'invite' })
      await server.latchkey.users.invite()
      return server
    },
    use: uses.register,
    lifetimeSeconds: 7 * 86_400,
    refused: '422 invitation_invalid',
  },
  first_admin: {
    async issue() {
      const server = await openTestServer({ registration: 'invite' })
      await server.latchkey.users.inviteFirstAdministrator()
      return server
    },
    use: uses.register,
    lifetimeSeconds: 3_600,
    refused: '422 invitation_invalid',
  },
}

const purposes = Object.keys(kinds) as OneTimePurpose[]

describe.each(purposes)('a link of the purpose %s', purpose => {
  const { issue, use, lifetimeSeconds, refused } = kinds[purpose]

  test('[S116] counts once, however many use it at once', async () => {
    const { call, folder } = await issue()
    const token = linkIn(folder, purpose)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => use(call, token, i)))
    expect(answers.filter(answer => answer.ok)).toHaveLength(1)
    expect(await refusal(await use(call, token, 100))).toBe(refused)
  })

  test('[S116] is dead to the second when its time is over', async () => {
    const { call, folder, time } = await issue()
    const token = linkIn(folder, purpose)
    time.nowMs += lifetimeSeconds * 1000
    expect(await refusal(await use(call, token))).toBe(refused)
    time.nowMs -= 1_000
    expect((await use(call, token)).ok).toBe(true)
  })

  test('[S116] is good for its own purpose only', async () => {
    const { call, folder } = await issue()
    // Even where the same address is verified and waits, so that nothing but the purpose tells links apart.
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    database.exec(
      'UPDATE users SET email = COALESCE(email, unverified_email), unverified_email = COALESCE(unverified_email, email)',
    )
    database.close()
    const token = linkIn(folder, purpose)
    for (const other of Object.values(uses)) {
      if (other === use) continue
      const answer = await other(call, token)
      expect(answer.ok).toBe(false)
      expect(await refusal(answer)).toMatch(/invalid_link|invitation_invalid/)
    }
    expect((await use(call, token)).ok).toBe(true)
  })

  test('[S116] holds 256 bits that are compared, each of them', async () => {
    const { call, folder } = await issue()
    const token = linkIn(folder, purpose)
    const bytes = Buffer.from(token.slice(4), 'base64url')
    expect(bytes.length).toBe(1 + 16 + 32)
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((bytes[at] ?? 0) ^ 1, at)
      expect((await use(call, `lko_${changed.toString('base64url')}`)).ok, `byte ${at}`).toBe(false)
    }
    for (const odd of [`${token}=`, `${token}A`, token.slice(0, -1), token.slice(4), `LKO_${token.slice(4)}`])
      expect((await use(call, odd)).ok, odd.slice(0, 8)).toBe(false)
    expect((await use(call, token)).ok).toBe(true)
  })

  test('is not in the database, in no form', async () => {
    const { folder } = await issue()
    const token = linkIn(folder, purpose)
    const mac = Buffer.from(token.slice(4), 'base64url').subarray(17)
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const values = tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap(row => Object.values(row)),
    )
    database.close()
    const shown = values.map(value =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value),
    )
    for (const form of [mac.toString('hex'), mac.toString('base64url'), token])
      expect(shown.some(value => value.includes(form))).toBe(false)
  })
})

describe('an old link', () => {
  test('[S116] to reset is worth nothing after the address was changed', async () => {
    const { call, folder } = await kinds.reset.issue()
    const old = linkIn(folder, 'reset')
    const { access_token } = await signIn(call)
    await sendAs(call, access_token, 'POST', '/user/email', {
      email: 'new@example.com',
      current_password: ada.password,
    })
    await post(call, '/user/email/verify', { token: linkIn(folder, 'verify') })
    expect(await refusal(await uses.reset(call, old))).toBe('400 invalid_link')
  })

  test('[S116] to verify is worth nothing once another address is asked for', async () => {
    const { call, folder } = await kinds.verify.issue()
    const old = linkIn(folder, 'verify')
    const { access_token } = await signIn(call)
    await sendAs(call, access_token, 'POST', '/user/email', {
      email: 'new@example.com',
      current_password: ada.password,
    })
    expect(await refusal(await uses.verify(call, old))).toBe('400 invalid_link')
  })

  test('[S116] to reset dies when the password is changed', async () => {
    const { call, folder } = await kinds.reset.issue()
    const old = linkIn(folder, 'reset')
    const { access_token } = await signIn(call)
    const change = { current_password: ada.password, new_password: 'a new lantern here' }
    expect((await sendAs(call, access_token, 'POST', '/user/password', change)).status).toBe(204)
    expect(await refusal(await uses.reset(call, old))).toBe('400 invalid_link')
  })
})
