// A stolen database (main file, log, backup, the mail queue in each) holds nothing that is accepted as a credential.
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { deriveMasterKey } from '../../packages/server/src/auth/master-key.ts'
import { oneTimeToken } from '../../packages/server/src/auth/one-time.ts'
import type { OneTimePurpose } from '../../packages/server/src/store/records.ts'
import { openSqlite } from '../../packages/server/src/store/sqlite/engine.ts'
import {
  openTestServer,
  type TestServer,
  temporaryFolder,
} from '../../packages/server/test/open-test-server.ts'
import { ada, bearer, type Caller, post, refresh, signIn, tokens } from '../account.ts'
import { asCredentials, holdsSecret, valuesIn } from './stolen-values.ts'

const origin = 'http://localhost:4000'
const cookieName = 'latchkey-4000'

/** Each way to present something; true when it was taken for a credential. */
const presentations: Record<string, (call: Caller, value: string) => Promise<Response>> = {
  bearer: (call, value) => call('/user/data', bearer(value)),
  refresh: (call, value) => refresh(call, value),
  cookie: (call, value) => post(call, '/user/refresh', {}, { cookie: `${cookieName}=${value}`, origin }),
  logout: (call, value) => post(call, '/user/logout', { refresh_token: value }),
  reset: (call, value) =>
    post(call, '/user/password/reset', { token: value, new_password: 'another lantern, another sill' }),
  verify: (call, value) => post(call, '/user/email/verify', { token: value }),
  invitation: (call, value) =>
    post(call, '/user/register', {
      username: `mallory${Math.random().toString(36).slice(2)}`,
      password: 'a ladder in the night',
      invitation: value,
    }),
}

/** Presents a value every way there is. Gives the ways that took it. */
async function acceptedAs(call: Caller, value: string): Promise<string[]> {
  // What no header can carry is presented without it: HTTP would refuse the request before we see it.
  const plain = value.replace(/[^\x21-\x7e]/g, '').slice(0, 4_000)
  if (plain === '') return []
  const taken: string[] = []
  for (const [name, present] of Object.entries(presentations)) {
    const answer = await present(call, name === 'cookie' ? plain.replaceAll(/[;,"\\]/g, '') : plain)
    if (answer.status >= 500) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`)
    // Signing out answers 204 to junk as well: it is idempotent, and tells nothing.
    if (answer.status < 300 && name !== 'logout') taken.push(name)
  }
  return taken
}

interface Loot {
  /** Every way in that exists, as their owners hold them. */
  secrets: Record<string, string>
  apiKeyIds: string[]
  /** The main file alone, the main file with its log, a backup. */
  files: Record<'main' | 'log' | 'backup', string>
}

/** A server with one of everything, and copies of its files. */
async function steal({ call, folder, time }: TestServer): Promise<Loot> {
  const file = join(folder, 'latchkey.db')
  const held = await signIn(call)
  const authorized = { authorization: `Bearer ${held.access_token}` }
  await post(call, '/user/email', { email: 'ada@example.com', current_password: ada.password }, authorized)
  const rotated = await tokens(await refresh(call, held.refresh_token, 'A'.repeat(22)))
  const cookie = await post(call, '/user/login', { ...ada, session: 'cookie', device: 'a phone' }, { origin })
  const [, cookieToken = ''] =
    new RegExp(`${cookieName}=([^;]+)`).exec(cookie.headers.get('set-cookie') ?? '') ?? []
  const made = await post(call, '/user/keys', { name: 'script', scopes: ['user:read'] }, authorized)
  const { id, key } = (await made.json()) as { id: string; key: string }

  // The links, as the mails would bring them. The store is asked as an administrator's page would ask it.
  const store = await openSqlite(file)
  const master = deriveMasterKey(
    Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8').trim(), 'base64url'),
  )
  const verify = oneTimeOf(file, 'verify')
  const verifyThing = await store.findOneTime(verify)
  if (verifyThing === undefined) throw new Error('a link was asked for')
  const verifyToken = oneTimeToken(master, verifyThing)
  await post(call, '/user/email/verify', { token: verifyToken })
  await post(call, '/user/password/forgot', { email: 'ada@example.com' })
  await post(
    call,
    '/user/email',
    { email: 'countess@example.com', current_password: ada.password },
    authorized,
  )
  await post(call, '/user/logout', { refresh_token: (await signIn(call)).refresh_token })
  const invite = {
    ...verifyThing,
    id: Buffer.alloc(16, 5).toString('base64url') as typeof verifyThing.id,
    purpose: 'invite' as const,
    userId: undefined,
    address: undefined,
    roles: ['admin'],
    consumedAt: undefined,
  }
  await store.issueOneTime(invite, undefined, undefined)
  const links: Record<string, string> = {}
  for (const purpose of ['reset', 'verify', 'invite'] as const) {
    const thing = await store.findOneTime(oneTimeOf(file, purpose))
    if (thing === undefined) throw new Error(`there is a ${purpose} link`)
    links[purpose] = oneTimeToken(master, thing)
    // Its mail waits in the queue: one that is not due yet is not sent while the files are copied.
    const createdAt = Math.floor(time.nowMs / 1000) + 86_400
    const address = thing.address ?? 'grace@example.com'
    await store.queueMail({ purpose, userId: thing.userId, address, oneTimeId: thing.id, createdAt })
  }

  const loot = temporaryFolder()
  const files = { main: join(loot, 'main.db'), log: join(loot, 'log.db'), backup: join(loot, 'backup.db') }
  await store.backup(files.backup)
  copyFileSync(file, files.log)
  copyFileSync(`${file}-wal`, `${files.log}-wal`)
  await store.close()
  copyFileSync(file, files.main)
  return {
    secrets: {
      access: rotated.access_token,
      refresh: rotated.refresh_token,
      spent: held.refresh_token,
      cookie: cookieToken,
      api_key: key,
      ...links,
      password: ada.password,
      master: readFileSync(join(folder, 'master.key'), 'utf8').trim(),
    },
    apiKeyIds: [id],
    files,
  }
}

/** The newest unused link of a purpose. */
function oneTimeOf(file: string, purpose: OneTimePurpose) {
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database
    .prepare('SELECT id FROM one_time WHERE purpose = ? AND consumed_at IS NULL ORDER BY id DESC')
    .get(purpose)
  database.close()
  return String(row?.['id']) as Parameters<Awaited<ReturnType<typeof openSqlite>>['findOneTime']>[0]
}

function mailsIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database.prepare('SELECT count(*) AS n FROM mails').get()
  database.close()
  return Number(row?.['n'])
}

describe('a stolen database', () => {
  test('[S96] holds no value that is accepted as bearer, refresh token, cookie, link, invitation or API key', async () => {
    const server = await openTestServer({ limits: 'off' })
    const loot = await steal(server)
    const values = new Set(Object.values(loot.files).flatMap(file => [...valuesIn(file)]))
    expect(values.size).toBeGreaterThan(150)

    const accepted: string[] = []
    for (const value of values) {
      for (const credential of asCredentials(value, loot.apiKeyIds)) {
        const ways = await acceptedAs(server.call, credential)
        if (ways.length > 0) accepted.push(`${credential} as ${ways.join(', ')}`)
      }
    }
    expect(accepted).toEqual([])
    expect(mailsIn(loot.files.backup)).toBeGreaterThanOrEqual(3)

    const hashes = [...values].filter(value => value.startsWith('$argon2id$'))
    expect(hashes).toHaveLength(1)
    for (const password of hashes)
      expect((await post(server.call, '/user/login', { username: 'ada', password })).status).toBe(403)
  }, 180_000)

  test('[S96] holds no secret in its raw bytes, those of deleted and older rows included', async () => {
    const server = await openTestServer({ limits: 'off' })
    const { secrets, files } = await steal(server)
    for (const [name, secret] of Object.entries(secrets)) {
      for (const file of [files.main, files.log, `${files.log}-wal`, files.backup])
        expect(holdsSecret(file, secret), `${name} in ${file}`).toBe(false)
    }
  }, 60_000)

  test.each([
    ['access', 'bearer'],
    ['refresh', 'refresh'],
    ['cookie', 'cookie'],
    ['api_key', 'bearer'],
    ['reset', 'reset'],
    ['verify', 'verify'],
    ['invite', 'invitation'],
  ])('would be found out if it held the %s in plain: taken as %s', async (name, way) => {
    const server = await openTestServer({ limits: 'off' })
    const loot = await steal(server)
    const secret = loot.secrets[name] ?? ''
    const database = new DatabaseSync(loot.files.backup)
    database.prepare('UPDATE audit SET detail = ? WHERE seq = 1').run(secret)
    database.close()
    expect(holdsSecret(loot.files.backup, secret)).toBe(true)
    const planted = [...valuesIn(loot.files.backup)].filter(value => value === secret)
    expect(planted).toHaveLength(1)
    expect(await acceptedAs(server.call, planted[0] ?? '')).toEqual([way])
  })
})
