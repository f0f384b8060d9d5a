// What each route does when somebody comes too often: who is refused, who passes all the same, and what is not told.
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refresh, refusal, signIn } from '../../../../test/account.ts'
import { linkIn } from '../link-in.ts'
import { openTestServer } from '../open-test-server.ts'

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

/** Repeats a refused request until it is refused for coming too often: after how many. */
async function countUntilLimited(ask: () => Promise<Response>): Promise<number> {
  for (let count = 0; ; count++) {
    const answer = await ask()
    if (answer.status !== 429) continue
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refusal(answer)).toBe('429 rate_limited')
    return count
  }
}

describe('failures by address, of what nobody can guess', () => {
  test('refreshes: twelve hundred, and whoever shares the address still renews', async () => {
    const { call } = await openTestServer()
    const { refresh_token } = await signIn(call)
    expect(await countUntilLimited(() => refresh(call, 'lkr_junk'))).toBe(1_200)
    expect((await refresh(call, refresh_token)).status).toBe(200)
  })

  test('API keys: three hundred, and a right one passes', async () => {
    const { call } = await openTestServer()
    const { access_token } = await signIn(call)
    const made = await post(
      call,
      '/user/keys',
      { name: 'a key', scopes: ['user:read'] },
      {
        authorization: `Bearer ${access_token}`,
      },
    )
    const { key } = (await made.json()) as { key: string }
    expect(await countUntilLimited(() => call('/user', bearer(`${key.slice(0, -2)}xx`)))).toBe(300)
    expect((await call('/user', bearer(key))).status).toBe(200)
    // A token that has expired is no API key.
    expect((await call('/user', bearer('junk'))).status).toBe(403)
  })

  test('links: twelve hundred', async () => {
    const { call } = await openTestServer()
    const wrong = () => post(call, '/user/email/verify', { token: 'lko_junk' })
    expect(await countUntilLimited(wrong)).toBe(1_200)
  })
})

test('[S112] a client’s secret: ten failures are told as such, then waits; the right one passes', async () => {
  const { call, latchkey, time } = await openTestServer()
  const { client, secret } = await latchkey.clients.add({ name: 'a service' })
  const ask = (given: string) =>
    call('/oauth/token', {
      method: 'POST',
      headers: basic(client.id, given),
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
  expect(await countUntilLimited(() => ask('a guess'))).toBe(10)
  expect((await ask(secret)).status).toBe(200)
  time.nowMs += 1_000
  expect((await ask('a guess')).status).toBe(401)
  expect((await ask('a guess')).status).toBe(429)
})

test('registrations: three hundred from one address, from another as many', async () => {
  const { call } = await openTestServer()
  const junk = () => post(call, '/user/register', { username: 'ab', password: 'a lantern on the sill' })
  expect(await countUntilLimited(junk)).toBe(300)
})

describe('mails that are asked for', () => {
  const email = 'ada@example.com'
  /** The link that was made last: a newer one takes its place. */
  const linkNow = (folder: string): unknown => {
    const database = new DatabaseSync(`${folder}/latchkey.db`, { readOnly: true })
    try {
      return database
        .prepare("SELECT id FROM one_time WHERE purpose = 'reset' AND user_id IS NOT NULL")
        .get()?.['id']
    } finally {
      database.close()
    }
  }

  test('[S111] go to an address five times, and nobody is told that the sixth did not', async () => {
    const { call, folder, time } = await openTestServer()
    await post(call, '/user/register', { ...ada, email })
    await post(call, '/user/email/verify', { token: linkIn(folder, 'verify') })
    const shown = async (address: string) => {
      const answer = await post(call, '/user/password/forgot', { email: address })
      const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
      return [answer.status, headers, await answer.text()]
    }
    const unknown = await shown('nobody@example.com')
    const links = new Set<unknown>()
    for (let i = 0; i < 9; i++) {
      expect(await shown(email)).toEqual(unknown)
      links.add(linkNow(folder))
    }
    // The mail that verified the address was the first of the five.
    expect(links.size).toBe(4)
    time.nowMs += 3_600_000
    await shown(email)
    expect(links).not.toContain(linkNow(folder))
  })

  test('are limited by who asks, too: sixty in an hour, whoever is asked about', async () => {
    const { call } = await openTestServer()
    let number = 0
    const ask = () => post(call, '/user/password/forgot', { email: `nobody-${number++}@example.com` })
    expect(await countUntilLimited(ask)).toBe(60)
  })
})

test('with the limits off nothing is counted', async () => {
  const { call } = await openTestServer({ limits: 'off' })
  for (let i = 0; i < 70; i++)
    expect((await post(call, '/user/password/forgot', { email: 'ada@example.com' })).status).toBe(202)
})
