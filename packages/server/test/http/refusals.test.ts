// What is refused, with which status, code and headers.
import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ada, bearer, type Caller, post, refusal, signIn } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with right claims, signed by a key that is not ours. */
function foreignToken(token: string): string {
  const [header = '', payload = ''] = token.split('.')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signature = signBytes('sha256', Buffer.from(`${header}.${payload}`), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${header}.${payload}.${signature.toString('base64url')}`
}

/** A character in the middle of the signature replaced by another. */
function altered(token: string): string {
  const at = token.length - 40
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

async function refusalOf(call: Caller, authorization: string | undefined): Promise<[string, string]> {
  const answer = await call('/user/data', authorization === undefined ? {} : { headers: { authorization } })
  const challenge = answer.headers.get('www-authenticate') ?? ''
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return [await refusal(answer), challenge]
}

describe.each([403, 401] as const)('with deny status %i, the guarded route', status => {
  test('refuses a missing token with a challenge that names no error', async () => {
    const { call } = await openTestServer({ denyStatus: status })
    const [code, challenge] = await refusalOf(call, undefined)
    expect(code).toBe(`${status} missing_token`)
    expect(challenge).toMatch(/^Bearer(?!.*error=)/)
  })

  test('explains the missing space', async () => {
    const { call } = await openTestServer({ denyStatus: status })
    const { access_token } = await signIn(call)
    const answer = await call('/user/data', { headers: { authorization: `Bearer${access_token}` } })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({
      code: 'missing_token',
      detail: "Write 'Bearer ' with a space before the token.",
    })
  })

  test('says that the token has no scheme before it, or that the whole answer was sent', async () => {
    const { call } = await openTestServer({ denyStatus: status })
    const answer = await signIn(call)
    for (const [authorization, code, detail] of [
      [answer.access_token, 'missing_token', "Write 'Bearer ' before the token."],
      [
        `Bearer ${JSON.stringify(answer)}`,
        'invalid_token',
        'That is the whole answer of a sign-in. Send the text of its access_token alone.',
      ],
    ] as const) {
      const refused = await call('/user/data', { headers: { authorization } })
      expect(refused.status).toBe(status)
      expect(await refused.json()).toMatchObject({ code, detail })
    }
  })

  test('refuses malformed, foreign, altered, unsigned, expired and revoked tokens, each with a challenge', async () => {
    const { call, time } = await openTestServer({ denyStatus: status })
    const { access_token } = await signIn(call)
    const [, payload = ''] = access_token.split('.')
    const cases: [string, string, string][] = [
      ['malformed', 'x.y.z', 'invalid_token'],
      ['foreign', foreignToken(access_token), 'invalid_token'],
      ['altered', altered(access_token), 'invalid_token'],
      ['unsigned', `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`, 'invalid_token'],
    ]
    for (const [name, token, code] of cases) {
      const [shown, challenge] = await refusalOf(call, `Bearer ${token}`)
      expect(shown, name).toBe(`${status} ${code}`)
      expect(challenge, name).toContain('error="invalid_token"')
    }
    await post(call, '/user/logout', {}, { authorization: `Bearer ${access_token}` })
    expect((await refusalOf(call, `Bearer ${access_token}`))[0]).toBe(`${status} token_revoked`)

    const expiring = await signIn(call)
    time.nowMs += 3600_000
    expect((await refusalOf(call, `Bearer ${expiring.access_token}`))[0]).toBe(`${status} token_expired`)
  })
})

describe('a request', () => {
  test('with a method that the path has not is 405 with Allow', async () => {
    const { call } = await openTestServer()
    for (const [method, path, allow] of [
      ['GET', '/user/register', 'POST, OPTIONS'],
      ['DELETE', '/user/login', 'POST, GET, HEAD, OPTIONS'],
      ['POST', '/.well-known/jwks.json', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const answer = await call(path, { method })
      expect(answer.headers.get('allow')).toBe(allow)
      expect(await refusal(answer)).toBe('405 method_not_allowed')
    }
  })

  test('with JSON that calls itself a form is told which header to send', async () => {
    const { call } = await openTestServer()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await call('/user/login', { method: 'POST', headers, body: JSON.stringify(ada) })
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'malformed_body', detail: 'The body is JSON: send the header Content-Type: application/json.' },
    ])
  })

  test('for an unknown path is 404', async () => {
    const { call } = await openTestServer()
    expect(await refusal(await call('/nowhere'))).toBe('404 not_found')
    expect(await refusal(await call('/user/login/'))).toBe('404 not_found')
  })

  test.each<[string, RequestInit, string]>([
    [
      'broken JSON',
      { body: '{"username":', headers: { 'content-type': 'application/json' } },
      '400 malformed_body',
    ],
    ['a JSON list', { body: '[]', headers: { 'content-type': 'application/json' } }, '400 malformed_body'],
    [
      'bytes that are no UTF-8',
      { body: new Uint8Array([0x7b, 0xff, 0x7d]), headers: { 'content-type': 'application/json' } },
      '400 malformed_body',
    ],
    [
      'a repeated field',
      { body: 'username=a&username=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      '400 malformed_body',
    ],
    [
      'multipart without a boundary',
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      '400 malformed_body',
    ],
    ['another type', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, '415 unsupported_media_type'],
    [
      '17 KiB',
      { body: `{"username":"${'x'.repeat(17 * 1024)}"}`, headers: { 'content-type': 'application/json' } },
      '413 body_too_large',
    ],
    [
      'a number for a name',
      { body: '{"username":1,"password":"x"}', headers: { 'content-type': 'application/json' } },
      '422 validation_failed',
    ],
    ['no body at all', {}, '422 validation_failed'],
  ])('with %s is refused', async (_name, init, expected) => {
    const { call } = await openTestServer()
    expect(await refusal(await call('/user/login', { method: 'POST', ...init }))).toBe(expected)
  })

  test('with a file among its fields is refused', async () => {
    const { call } = await openTestServer()
    const form = new FormData()
    form.set('username', 'ada')
    form.set('password', new Blob(['x']), 'password.txt')
    expect(await refusal(await call('/user/login', { method: 'POST', body: form }))).toBe(
      '400 malformed_body',
    )
  })

  test('with a body that grows past the cap without saying so is cut', async () => {
    const { call } = await openTestServer()
    const endless = new ReadableStream({
      pull: controller => controller.enqueue(new Uint8Array(4096).fill(0x20)),
    })
    const init = {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    }
    expect(await refusal(await call('/user/login', init as RequestInit))).toBe('413 body_too_large')
  })

  test('in the clear behind a trusted proxy is refused before its body is read', async () => {
    const { call } = await openTestServer(
      { trustProxy: '1', issuer: 'https://login.example.com' },
      { connection: { address: '10.0.0.2' } },
    )
    const unread = new ReadableStream(
      { pull: () => Promise.reject(new Error('the body was read')) },
      { highWaterMark: 0 },
    )
    const init = {
      method: 'POST',
      body: unread,
      duplex: 'half',
      headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'http' },
    }
    expect(await refusal(await call('/user/login', init as RequestInit))).toBe('403 https_required')
    expect(await refusal(await post(call, '/user/login', ada))).toBe('403 https_required')
    const secure = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }
    expect((await post(call, '/user/register', ada, secure)).status).toBe(201)
    expect((await call('/health/live')).status).toBe(200)
  })

  test('names the field and the reason when a shape is wrong', async () => {
    const { call } = await openTestServer()
    const answer = await post(call, '/user/login', { username: 'ada' })
    expect(await answer.json()).toMatchObject({
      type: 'urn:latchkey:problem:validation_failed',
      status: 422,
      code: 'validation_failed',
      errors: [{ path: 'password', message: 'The password is missing.' }],
    })
  })

  test('with two bearer tokens is 400, whichever is good', async () => {
    const { call } = await openTestServer()
    const { access_token } = await signIn(call)
    const two = `Bearer ${access_token}, Bearer ${access_token}`
    expect(await refusal(await call('/user/data', { headers: { authorization: two } }))).toBe(
      '400 invalid_request',
    )
    expect((await call('/user/data', bearer(access_token))).status).toBe(200)
  })
})
