// GET /metrics: what it says is of the format, is exactly what was done, tells nothing of anybody, and is for operators.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { ada, bearer, type Caller, post, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { countedMetrics, type MetricRow, readMetrics } from '../../src/figures/metric-table.ts'
import type { Connection } from '../../src/http/connection.ts'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { type ParsedMetric, parseExposition } from '../figures/parse-exposition.ts'
import { startMailServer } from '../mail-server.ts'
import { openAdministrator, sendAs } from '../open-administrator.ts'
import { openTestServer, temporaryFolder } from '../open-test-server.ts'
import { callRoute, openCopy, rowOf, theTemplate } from './open-cast.ts'
import { openConsole, wordsOf } from './open-console.ts'
import { type CallerName, callerNames } from './route-rows.ts'

const rows: readonly MetricRow[] = [...Object.values(countedMetrics), ...Object.values(readMetrics)]
const elsewhere: Connection = { address: '192.0.2.1', encrypted: true }

async function textOf(call: Caller): Promise<string> {
  const answer = await call('/metrics')
  expect(answer.status).toBe(200)
  return answer.text()
}

class Scrape {
  readonly metrics: Map<string, ParsedMetric>
  constructor(text: string) {
    this.metrics = parseExposition(text)
  }

  /** The value of one sample; 0 where there is none. */
  value(name: string, labels: Record<string, string> = {}): number {
    const family = this.metrics.get(name) ?? this.metrics.get(name.replace(/_(sum|count|bucket)$/, ''))
    if (family === undefined) throw new Error(`there is no ${name}`)
    const found = family.samples.filter(
      one => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text),
    )
    return found.reduce((sum, one) => sum + one.value, 0)
  }
}

const scrape = async (call: Caller): Promise<Scrape> => new Scrape(await textOf(call))

describe('the answer', () => {
  test('is of the format, has every metric of the table with its words and its type, and no other', async () => {
    const { call } = await openTestServer()
    await signIn(call)
    const answer = await call('/metrics')
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const metrics = parseExposition(await answer.text())
    expect([...metrics.keys()]).toEqual(rows.map(row => row.name))
    for (const { name, type, help, labels = [] } of rows) {
      const metric = metrics.get(name)
      expect([metric?.type, metric?.help], name).toEqual([type, help])
      for (const sample of metric?.samples ?? []) {
        const { le: _le, ...own } = sample.labels
        expect(Object.keys(own), name).toEqual([...labels])
      }
    }
  })

  test('names everything as Prometheus asks', () => {
    for (const { name, type, labels = [], bounds = [] } of rows) {
      expect(name).toMatch(/^(latchkey|process|nodejs)_[a-z]+(_[a-z]+)*$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb|percent)(_|$)/)
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
      expect(
        bounds.toSorted((a, b) => a - b),
        name,
      ).toEqual([...bounds])
      for (const label of labels) expect(label).toMatch(/^[a-z][a-z_]*$/)
    }
    expect(new Set(rows.map(row => row.name)).size).toBe(rows.length)
  })

  test('says of this process what is so', async () => {
    const { call, time } = await openTestServer()
    const one = await scrape(call)
    expect(one.value('latchkey_build_info', { node: process.versions.node })).toBe(1)
    expect(one.value('latchkey_signing_keys', { state: 'active' })).toBe(1)
    expect(one.value('latchkey_signing_keys', { state: 'next' })).toBe(1)
    const keys = ((await (await call('/.well-known/jwks.json')).json()) as { keys: { kid: string }[] }).keys
    for (const { kid } of keys)
      expect(one.value('latchkey_signing_key_published_timestamp_seconds', { kid })).toBe(time.nowMs / 1000)
    expect(one.value('latchkey_signing_key_rotation_timestamp_seconds')).toBe(time.nowMs / 1000 + 90 * 86_400)
    expect(one.value('process_resident_memory_bytes')).toBeGreaterThan(20e6)
    expect(one.value('latchkey_hash_queue_capacity')).toBeGreaterThanOrEqual(64)
    expect(one.metrics.get('latchkey_tls_certificate_expiry_timestamp_seconds')?.samples).toEqual([])
    await expect
      .poll(async () => (await scrape(call)).value('latchkey_store_size_bytes'))
      .toBeGreaterThan(10_000)
  })

  test('says when the certificate that was loaded ends', async () => {
    const folder = temporaryFolder()
    const endsAt = new Date('2031-05-06T07:08:09Z')
    const { cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      notAfterDate: endsAt,
    })
    const file = join(folder, 'cert.pem')
    writeFileSync(file, cert)
    const { latchkey } = await openTestServer({ tlsCert: file, tlsKey: file })
    const one = new Scrape(latchkey.metrics())
    expect(one.value('latchkey_tls_certificate_expiry_timestamp_seconds')).toBe(endsAt.getTime() / 1000)
  })
})

describe('what is counted', () => {
  test('is exactly what was done: sign-ins good and bad, registrations, refusals, requests', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    await post(call, '/user/register', ada)
    for (let i = 0; i < 3; i++) await tokens(await post(call, '/user/login', ada))
    for (const username of ['ada', 'nobody'])
      await post(call, '/user/login', { username, password: 'a wrong lantern here' })
    await call('/user/data')
    await call('/user/data', bearer('no.token.here'))
    await call('/nowhere')
    const one = await scrape(call)
    const logins = (outcome: string) => one.value('latchkey_logins_total', { outcome })
    expect([logins('success'), logins('invalid_credentials')]).toEqual([3, 2])
    expect(one.value('latchkey_logins_total')).toBe(5)
    expect(one.value('latchkey_registrations_total', { outcome: 'success' })).toBe(1)
    expect(one.value('latchkey_registrations_total', { outcome: 'username_taken' })).toBe(1)
    const refusals = (code: string) => one.value('latchkey_refusals_total', { code })
    expect([
      refusals('invalid_credentials'),
      refusals('username_taken'),
      refusals('missing_token'),
      refusals('invalid_token'),
      refusals('not_found'),
    ]).toEqual([2, 1, 1, 1, 1])
    const requests = (method: string, route: string, status: string) =>
      one.value('latchkey_http_requests_total', { method, route, status })
    expect(requests('POST', '/user/login', '2xx')).toBe(3)
    expect(requests('POST', '/user/login', '4xx')).toBe(2)
    expect(requests('GET', '/user/data', '4xx')).toBe(2)
    expect(requests('GET', 'none', '4xx')).toBe(1)
    expect(one.value('latchkey_http_requests_total')).toBe(10)
    expect(one.value('latchkey_http_request_duration_seconds_count')).toBe(10)
    // The first registration's hash; five comparisons. A name that is taken is found out after its hash.
    expect(one.value('latchkey_hash_duration_seconds_count', { kind: 'check' })).toBe(5)
    expect(one.value('latchkey_hash_duration_seconds_count', { kind: 'hash' })).toBe(2)
    expect(one.value('latchkey_store_call_duration_seconds_count', { verb: 'startSession' })).toBe(3)
    expect(one.value('latchkey_store_failures_total')).toBe(0)
    expect((await scrape(call)).value('latchkey_http_requests_total', { route: '/metrics' })).toBe(1)
  })

  test('is each refresh by what it was found to be, a reuse among them', async () => {
    const { call, time } = await openTestServer({ refreshGrace: '1s' })
    const first = await signIn(call)
    const outcomes = async () => {
      const metric = (await scrape(call)).metrics.get('latchkey_refreshes_total')
      return Object.fromEntries(
        (metric?.samples ?? [])
          .filter(({ value }) => value > 0)
          .map(({ labels, value }) => [labels['outcome'], value]),
      )
    }
    expect(await outcomes()).toEqual({})
    const second = await tokens(await refresh(call, first.refresh_token))
    await refresh(call, second.refresh_token)
    await refresh(call, first.refresh_token)
    await refresh(call, 'lkr_junk')
    time.nowMs += 5_000
    await refresh(call, second.refresh_token)
    time.nowMs += 5_000
    expect((await refresh(call, first.refresh_token)).status).toBe(403)
    expect((await refresh(call, first.refresh_token)).status).toBe(403)
    expect(await outcomes()).toEqual({ rotated: 2, kept: 1, repeated: 1, invalid: 1, reused: 1, revoked: 1 })
  })

  test('is every attempt that came too often, and what it was about', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const limited = async (limit: string) =>
      (await scrape(call)).value('latchkey_rate_limited_total', { limit })
    let refused = 0
    for (let i = 0; i < 25; i++) {
      const answer = await post(call, '/user/login', { ...ada, password: `a wrong lantern ${i}` })
      if (answer.status === 429) refused++
    }
    expect(refused).toBeGreaterThan(0)
    expect(await limited('account')).toBe(refused)
    expect((await scrape(call)).value('latchkey_logins_total', { outcome: 'rate_limited' })).toBe(refused)
    expect(await limited('password')).toBe(0)
  })

  test('is each mail: one that left, one that is tried again, one that is given up', async () => {
    let answer: { code: number; message: string } | undefined
    const { url } = await startMailServer(() => answer)
    const { call } = await openTestServer({ smtpUrl: url, mailFrom: 'no-reply@example.com' })
    const outcomes = async () => {
      const one = await scrape(call)
      return ['sent', 'retried', 'given_up'].map(outcome => one.value('latchkey_mails_total', { outcome }))
    }
    const cases = [
      { told: undefined, counts: [1, 0, 0] },
      { told: { code: 451, message: 'later' }, counts: [1, 1, 0] },
      { told: { code: 550, message: 'never' }, counts: [1, 1, 1] },
    ]
    for (const [at, { told, counts }] of cases.entries()) {
      answer = told
      await post(call, '/user/register', { ...ada, username: `ada-${at}`, email: `ada-${at}@example.com` })
      await expect.poll(outcomes, { timeout: 10_000, interval: 50 }).toEqual(counts)
    }
  })

  test('is a store that fails, and the answer comes without it', async () => {
    const { call, latchkey } = await openTestServer()
    const { access_token } = await signIn(call)
    await latchkey.close()
    expect((await call('/user', bearer(access_token))).status).toBe(503)
    const one = await scrape(call)
    expect(one.value('latchkey_store_failures_total')).toBe(1)
    expect(one.value('latchkey_refusals_total', { code: 'store_unavailable' })).toBe(1)
  })

  test('agrees with what the console shows', async () => {
    const { call, page, read } = await openConsole({ refreshGrace: '1s' })
    const grant = await signIn(call)
    await post(call, '/user/login', { ...ada, password: 'a wrong lantern here' })
    await refresh(call, grant.refresh_token)
    await post(call, '/user/logout', { refresh_token: grant.refresh_token })
    await refresh(call, grant.refresh_token)
    const figures = await read<{
      revocations: number
      revocation_listeners: number
      events: Record<string, number>
    }>('figures')
    const one = await scrape(call)
    expect(one.value('latchkey_logins_total', { outcome: 'success' })).toBe(figures.events['login'])
    expect(one.value('latchkey_logins_total', { outcome: 'invalid_credentials' })).toBe(
      figures.events['login_refused'],
    )
    expect(one.value('latchkey_revoked_ids')).toBe(figures.revocations)
    expect(one.value('latchkey_revocation_subscribers')).toBe(figures.revocation_listeners)
    const words = wordsOf(await page('/admin'))
    const outcome = (name: string) => one.value('latchkey_refreshes_total', { outcome: name })
    const renewed = outcome('rotated') + outcome('kept') + outcome('repeated') + outcome('ahead')
    expect([renewed, outcome('revoked'), outcome('reused')]).toEqual([1, 1, 0])
    expect(words).toContain(`Renewed ${renewed} Refused ${outcome('revoked')} Reused ${outcome('reused')}`)
    expect(words).toContain(
      `Signed in ${one.value('latchkey_logins_total', { outcome: 'success' })} Refused 1`,
    )
  })
})

describe('what callers send', () => {
  test('makes no series: a thousand paths, methods and names later there is one more for each kind of answer', async () => {
    const { call } = await openTestServer()
    await signIn(call)
    await post(call, '/user/login', { username: 'nobody', password: 'a wrong lantern here' })
    await call('/nowhere')
    await call('/user/sessions/none', { method: 'DELETE' })
    await call('/user/data?x=1', { method: 'PUT' })
    for (let i = 0; i < 30; i++) await post(call, '/user/login', { username: `early-${i}`, password: 'x' })
    const seriesOf = (one: Scrape) => [...one.metrics.values()].flatMap(metric => metric.samples).length
    await scrape(call)
    const before = await scrape(call)
    for (let i = 0; i < 1_000; i++) {
      await call(`/nowhere/${i}-${'x'.repeat(i % 50)}`)
      await call(`/user/sessions/id-${i}`, { method: 'DELETE', ...bearer(`token-${i}`) })
      await post(call, '/user/login', { username: `user-${i}`, password: '' }, { 'x-request-id': `id-${i}` })
    }
    await call('/nowhere', { method: 'BREW' })
    const after = await scrape(call)
    const added = seriesOf(after) - seriesOf(before)
    // invalid_token, validation_failed, and the stray method with its histogram.
    expect(added).toBeLessThan(25)
    expect(after.value('latchkey_http_requests_total', { route: 'none', method: 'other' })).toBe(1)
    expect(after.value('latchkey_http_requests_total', { route: '/user/sessions/:id' })).toBe(1_001)
    const patterns = new Set(['none', ...routes.map(({ path }) => path)])
    for (const { labels } of after.metrics.get('latchkey_http_requests_total')?.samples ?? [])
      expect(patterns).toContain(labels['route'])
  })

  test('is not in it: no name, no address, no id, nothing that can be presented', async () => {
    const { call, admin, folder } = await openAdministrator()
    const user = { username: 'augusta.ada', password: ada.password }
    const grant = await signIn(call, user)
    const email = 'countess@example.com'
    await sendAs(call, grant.access_token, 'POST', '/user/email', { email, current_password: user.password })
    const made = await sendAs(call, grant.access_token, 'POST', '/user/keys', {
      name: 'my own key',
      scopes: [],
    })
    const { key, id } = (await made.json()) as { key: string; id: string }
    await call('/user/data', bearer(key))
    await post(
      call,
      '/user/login',
      { username: 'typed-as-a-name', password: 'x' },
      { 'user-agent': 'Mosaic' },
    )
    const client = await sendAs(call, admin.access_token, 'POST', '/admin/api/clients', { name: 'reports' })
    const { client: shown } = (await client.json()) as { client: { id: string } }
    const text = await textOf(call)
    for (const word of [
      user.username,
      'root',
      email,
      'typed-as-a-name',
      'Mosaic',
      'reports',
      'my own key',
      '127.0.0.1',
      grant.user.id,
      admin.user.id,
      id,
      shown.id,
      folder,
      'lk_',
      'lkr_',
      'lko_',
      'eyJ',
    ])
      expect(text.includes(word), word).toBe(false)
  })
})

describe('who may read it', () => {
  const route = routes.find(({ path }) => path === '/metrics') as Route

  /** What it answers to each caller from another machine. */
  const answers: Record<CallerName, string> = {
    anonymous: '403 missing_token',
    user: '403 forbidden',
    'other user': '403 forbidden',
    'disabled user': '403 token_revoked',
    administrator: '200',
    'API key with the scope': '403 insufficient_scope',
    'API key without it': '403 insufficient_scope',
  }

  test('from another machine administrators only', async () => {
    const template = await theTemplate()
    const server = await openCopy(template, { connection: elsewhere })
    for (const caller of callerNames) {
      const answer = await callRoute(server, { route, row: rowOf(route), caller }, template)
      const code = answer.ok ? '' : ` ${((await answer.json()) as { code: string }).code}`
      expect(`${answer.status}${code}`, caller).toBe(answers[caller])
      if (!answer.ok) expect(answer.headers.get('www-authenticate'), caller).toMatch(/^Bearer/)
    }
  })

  test('a client with the scope, as Prometheus signs in by itself; and one without is refused', async () => {
    const server = await openAdministrator({}, { connection: elsewhere })
    const { call, admin } = server
    const readWith = async (scopes: readonly string[], asked: string): Promise<string> => {
      const made = await sendAs(call, admin.access_token, 'POST', '/admin/api/clients', { name: 'p', scopes })
      const { client, client_secret } = (await made.json()) as {
        client: { id: string }
        client_secret: string
      }
      const answer = await call('/oauth/token', {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${client.id}:${client_secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `grant_type=client_credentials&scope=${encodeURIComponent(asked)}`,
      })
      const { access_token } = (await answer.json()) as { access_token: string }
      const read = await call('/metrics', bearer(access_token))
      return read.ok ? '200' : `${read.status} ${((await read.json()) as { code: string }).code}`
    }
    expect(await readWith(['metrics:read'], 'metrics:read')).toBe('200')
    expect(await readWith(['revocations:read'], 'revocations:read')).toBe('403 insufficient_scope')
  })

  test('an API key of an administrator with the scope, while they are one; nobody else can make such a key', async () => {
    const { call, admin, ask } = await openAdministrator(
      { roles: { admin: ['admin'], root: ['*'], editor: ['metrics:read'] } },
      { connection: elsewhere },
    )
    const status = async (key: string): Promise<string> => {
      const read = await call('/metrics', bearer(key))
      return read.ok ? '200' : `${read.status} ${((await read.json()) as { code: string }).code}`
    }
    const keyOf = async (token: string): Promise<Response> =>
      sendAs(call, token, 'POST', '/user/keys', { name: 'prometheus', scopes: ['metrics:read'] })
    // The first administrator has the scope "admin" alone: that reads the metrics, and makes no such key.
    expect(await status(admin.access_token)).toBe('200')
    expect((await keyOf(admin.access_token)).status).toBe(403)

    const user = await signIn(call)
    await ask('PATCH', `users/${user.user.id}`, { roles: ['root'] })
    const { key } = (await (await keyOf((await signIn(call)).access_token)).json()) as { key: string }
    expect(await status(key)).toBe('200')
    await ask('PATCH', `users/${user.user.id}`, { roles: ['editor'] })
    expect(await status(key)).toBe('403 forbidden')
  })

  test('this machine, unless the request came by way of a proxy, for another name, or for a public issuer', async () => {
    const { latchkey } = await openTestServer()
    const ask = async (
      {
        headers = {},
        host = 'localhost:4000',
        address = '127.0.0.1',
      }: {
        headers?: Record<string, string>
        host?: string
        address?: string
      },
      server = latchkey,
    ): Promise<number> =>
      (await server.handler(new Request(`http://${host}/metrics`, { headers }), { address })).status
    expect(await ask({})).toBe(200)
    expect(await ask({ address: '::1', host: '[::1]:4000' })).toBe(200)
    for (const name of [
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-real-ip',
      'via',
    ])
      expect(await ask({ headers: { [name]: '127.0.0.1' } }), name).toBe(403)
    for (const host of ['evil.example', '127.0.0.1.nip.io', 'login.example.com'])
      expect(await ask({ host }), host).toBe(403)
    for (const address of ['192.0.2.1', '10.0.0.7']) expect(await ask({ address }), address).toBe(403)
    const behind = await openTestServer({ issuer: 'https://login.example.com', trustProxy: '1' })
    const headers = { 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' }
    expect(await ask({ headers }, behind.latchkey)).toBe(403)
    // Prometheus, which comes past the proxy, says what the proxy would: then it is asked for its token.
    const past = (headers: Record<string, string>) =>
      behind.latchkey.handler(new Request('http://10.0.0.5:4000/metrics', { headers }), {
        address: '10.0.0.7',
      })
    expect(await refusal(await past({}))).toBe('403 https_required')
    expect(await refusal(await past({ 'x-forwarded-proto': 'https' }))).toBe('403 missing_token')
    const { latchkey: open } = await openTestServer({ issuer: 'https://login.example.com' })
    expect(await ask({}, open)).toBe(403)
  })
})
