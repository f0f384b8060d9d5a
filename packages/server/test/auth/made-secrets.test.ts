// [S79] Whatever opens something is made by the system's generator, 128 bits or more of it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { post, refresh, tokens } from '../../../../test/account.ts'
import { linkIn } from '../link-in.ts'
import { openAdministrator, sendAs } from '../open-administrator.ts'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

const sources = ['latchkey/src', 'server/src'].flatMap(folder =>
  readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(packages, folder, name)),
)

test('[S79] no source draws from Math.random', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter(file => readFileSync(file, 'utf8').includes('Math.random('))).toEqual([])
})

/** Bytes of base64url behind a prefix. */
const bytesOf = (text: string, prefix: RegExp): Buffer => Buffer.from(text.replace(prefix, ''), 'base64url')

/** Bits that are neither fixed nor counted, by looking at many: a place that is always the same tells nothing. */
function movingBits(samples: readonly Buffer[]): number {
  const [first = Buffer.alloc(0)] = samples
  let moving = 0
  for (let bit = 0; bit < first.length * 8; bit++) {
    const of = (one: Buffer): number => ((one[bit >> 3] ?? 0) >> (bit & 7)) & 1
    const ones = samples.reduce((sum, one) => sum + of(one), 0)
    // A fair coin leaves these bounds once in millions of tries.
    if (ones > samples.length * 0.1 && ones < samples.length * 0.9) moving++
  }
  return moving
}

describe('what is made', () => {
  test('[S79] refresh tokens, access tokens’ ids, links, API keys and clients’ secrets have 128 random bits or more', async () => {
    const { call, admin, ask, folder } = await openAdministrator()
    const times = 40
    const made: Record<string, Buffer[]> = { refresh: [], jti: [], link: [], key: [], client: [] }
    for (let time = 0; time < times; time++) {
      const session = await tokens(
        await post(call, '/user/login', { username: 'root', password: 'a lantern on the sill' }),
      )
      // Mark, key version, session and counter stand before the MAC.
      made['refresh']?.push(bytesOf(session.refresh_token, /^lkr_/).subarray(-32))
      const renewed = await tokens(await refresh(call, session.refresh_token))
      const claims = JSON.parse(Buffer.from(renewed.access_token.split('.')[1] ?? '', 'base64url').toString())
      made['jti']?.push(Buffer.from(claims.jti, 'base64url'))
      const invited = (await (await ask('POST', 'invitations', {})).json()) as { invitation: string }
      made['link']?.push(bytesOf(invited.invitation, /^lko_/).subarray(-32))
      const key = (await (
        await sendAs(call, admin.access_token, 'POST', '/user/keys', { name: 'k' })
      ).json()) as { key: string }
      made['key']?.push(bytesOf(key.key, /^lk_[\w-]{22}_/))
      const client = (await (await ask('POST', 'clients', { name: 'c' })).json()) as { client_secret: string }
      made['client']?.push(Buffer.from(client.client_secret, 'base64url'))
    }
    for (const [what, samples] of Object.entries(made)) {
      expect(new Set(samples.map(one => one.toString('hex'))).size, what).toBe(times)
      expect(movingBits(samples), what).toBeGreaterThanOrEqual(what === 'jti' ? 126 : 250)
    }
    expect(linkIn(folder, 'invite')).toMatch(/^lko_/)
  })

  test('[S79] salts have 128 bits, and the master key 256', async () => {
    const { folder } = await openAdministrator()
    const database = new DatabaseSync(join(folder, 'latchkey.db'))
    const rows = database.prepare('SELECT salt FROM sessions UNION ALL SELECT salt FROM one_time').all()
    database.close()
    expect(rows.length).toBeGreaterThan(1)
    for (const { salt } of rows) expect((salt as Uint8Array).length).toBe(16)
    expect(Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8').trim(), 'base64url').length).toBe(32)
  })
})
