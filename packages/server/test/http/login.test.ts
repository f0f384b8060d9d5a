// Signing up, signing in and reading the guarded route, in each form a client may use.
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, refusal, signIn, tokens } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

function multipart(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const bodies = {
  json: { body: JSON.stringify(ada), headers: { 'content-type': 'application/json' } },
  urlencoded: { body: new URLSearchParams(ada) },
  multipart: { body: multipart(ada) },
}

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

describe('signing up', () => {
  test.each(Object.entries(bodies))('takes %s', async (_form, body) => {
    const { call } = await openTestServer()
    const answer = await call('/user/register', { method: 'POST', ...body })
    expect(answer.status).toBe(201)
    const { user } = (await answer.json()) as { user: Record<string, unknown> }
    expect(user).toEqual({ id: expect.any(String), username: 'ada', roles: [] })
  })

  test('refuses a name that is taken, in any spelling of it', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    for (const username of ['ada', 'ADA', 'Ada', ' ada ', 'ａｄａ']) {
      expect(await refusal(await post(call, '/user/register', { ...ada, username }))).toBe(
        '409 username_taken',
      )
    }
  })

  test.each(['ab', 'a'.repeat(65), 'ada@example.com', 'ada lovelace', 'ada/..', 'ad\u0000a', '\u202eada'])(
    'refuses %j as a name and says what a name is',
    async username => {
      const { call } = await openTestServer()
      const answer = await post(call, '/user/register', { ...ada, username })
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({
        code: 'validation_failed',
        errors: [{ path: 'username', message: expect.stringContaining('3 to 64') }],
      })
    },
  )

  test.each([
    'short',
    'password123',
    'aaaaaaaaaaaa',
    'abcdefghijkl',
    'adaadaada',
    'localhost1',
    'x'.repeat(1025),
  ])('[S107] refuses %j as a password', async password => {
    const { call } = await openTestServer()
    expect(await refusal(await post(call, '/user/register', { ...ada, password }))).toBe('422 weak_password')
  })

  test('[S106] takes long passwords whole: a change in the last byte counts', async () => {
    const { call } = await openTestServer()
    const password = `${'ü9 '.repeat(255)}end`
    await post(call, '/user/register', { username: 'ada', password })
    await tokens(await post(call, '/user/login', { username: 'ada', password }))
    const changed = `${password.slice(0, -1)}x`
    expect(await refusal(await post(call, '/user/login', { username: 'ada', password: changed }))).toBe(
      '403 invalid_credentials',
    )
  })

  test('[S106] measures a password at a sign-in as when it was chosen: in the form that is hashed', async () => {
    const { call } = await openTestServer()
    // Full-width letters: three bytes each as they are sent, one byte each as they are hashed.
    const password = 'ｌａｎｔｅｒｎ０１２３'.repeat(40)
    expect((await post(call, '/user/register', { username: 'ada', password })).status).toBe(201)
    await tokens(await post(call, '/user/login', { username: 'ada', password }))
  })

  test('is refused when registration is closed, and by invitation only when it says so', async () => {
    const closed = await openTestServer({ registration: 'closed' })
    expect(await refusal(await post(closed.call, '/user/register', ada))).toBe('403 registration_closed')
    const invite = await openTestServer({ registration: 'invite' })
    expect(await refusal(await post(invite.call, '/user/register', ada))).toBe('422 invitation_invalid')
  })

  test('tells nothing about an e-mail address that somebody else has', async () => {
    const { call } = await openTestServer()
    const email = 'ada@example.com'
    await post(call, '/user/register', { ...ada, email })
    const answer = await post(call, '/user/register', { ...ada, username: 'grace', email })
    expect(answer.status).toBe(201)
    expect(JSON.stringify(await answer.json())).not.toContain(email)
  })

  test('[S117] takes no role, id or state from its caller', async () => {
    const { call } = await openTestServer()
    const claimed = { ...ada, roles: ['admin'], id: 'chosen', disabledAt: null, email_verified: true }
    await post(call, '/user/register', claimed)
    const { user } = await signIn(call)
    expect(user.roles).toEqual([])
    expect(user.id).not.toBe('chosen')
  })
})

describe('signing in', () => {
  test.each(Object.entries(bodies))('takes %s', async (_form, body) => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const answer = await call('/user/login', { method: 'POST', ...body })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await tokens(answer)).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^lkr_[\w-]+$/),
      refresh_expires_in: 30 * 86_400,
      device_token: expect.stringMatching(/^lkd_[\w-]+$/),
      user: { id: expect.any(String), username: 'ada', roles: [] },
    })
  })

  test('gives the bare token where text/plain is preferred, and JSON to everybody else', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const plain = await post(call, '/user/login', ada, { accept: 'text/plain' })
    const token = await plain.text()
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(plain.headers.get('cache-control')).toBe('no-store')
    expect((await call('/user/data', bearer(token))).status).toBe(200)
    for (const accept of [
      '*/*',
      'text/*',
      'application/json, text/plain',
      'text/plain;q=0.5, application/json',
      'text/html',
    ]) {
      const answer = await post(call, '/user/login', ada, { accept })
      expect(answer.headers.get('content-type'), accept).toBe('application/json')
    }
  })

  test('[S111] answers a wrong password and an unknown user with the same bytes and headers', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', ada)
    const wrong = await post(call, '/user/login', { ...ada, password: 'not a lantern' })
    const unknown = await post(call, '/user/login', { ...ada, username: 'grace' })
    const shown = async (answer: Response) => [
      answer.status,
      [...answer.headers].filter(([name]) => name !== 'x-request-id'),
      await answer.text(),
    ]
    expect(await shown(wrong)).toEqual(await shown(unknown))
    expect(wrong.status).toBe(403)
  })

  test('gives tokens that live exactly an hour and say nothing secret', async () => {
    const { call } = await openTestServer()
    await post(call, '/user/register', { ...ada, email: 'ada@example.com' })
    const { access_token } = await tokens(await post(call, '/user/login', ada))
    const claims = payloadOf(access_token)
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(3600)
    expect(Object.keys(claims).sort()).toEqual(
      [
        'amr',
        'aud',
        'auth_time',
        'client_id',
        'exp',
        'iat',
        'iss',
        'jti',
        'scope',
        'sid',
        'sub',
        'user',
      ].sort(),
    )
    expect(claims['user']).toEqual({ id: claims['sub'], username: 'ada', roles: [] })
    const header = JSON.parse(
      Buffer.from(access_token.split('.')[0] ?? '', 'base64url').toString(),
    ) as unknown
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    const shown = JSON.stringify(claims)
    for (const secret of [ada.password, '$argon2', 'example.com']) expect(shown).not.toContain(secret)
  })

  test('signs with the shared secret under HS256, and publishes no key then', async () => {
    const { call } = await openTestServer({
      signingAlg: 'HS256',
      jwtSecret: 'a secret that services share, 32 bytes and more',
    })
    const { access_token } = await signIn(call)
    expect(access_token.startsWith(Buffer.from('{"alg":"HS256"').toString('base64url').slice(0, 18))).toBe(
      true,
    )
    expect((await call('/user/data', bearer(access_token))).status).toBe(200)
    expect(await (await call('/.well-known/jwks.json')).json()).toEqual({ keys: [] })
  })
})

describe('the guarded route', () => {
  test.each(['/user/data', '/user/login'])('answers the verified claims at GET %s', async path => {
    const { call } = await openTestServer()
    const { access_token, user } = await signIn(call)
    const answer = await call(path, bearer(access_token))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      message: 'Successful log in',
      authorizedData: payloadOf(access_token),
    })
    expect(payloadOf(access_token)['sub']).toBe(user.id)
  })

  test('publishes public keys only, with the age they may be kept', async () => {
    const { call } = await openTestServer()
    const answer = await call('/.well-known/jwks.json')
    expect(answer.headers.get('cache-control')).toContain('max-age=300')
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] }
    expect(keys, 'the one that signs and the next one').toHaveLength(2)
    for (const key of keys)
      expect(Object.keys(key).filter(name => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name))).toEqual(
        [],
      )
  })

  test('goes on verifying tokens of the algorithm that was configured before', async () => {
    const before = await openTestServer()
    const { access_token } = await signIn(before.call)
    await before.latchkey.close()
    const after = await openTestServer({ signingAlg: 'Ed25519' }, { folder: before.folder })
    expect((await after.call('/user/data', bearer(access_token))).status).toBe(200)
    expect((await after.call('/user/data', bearer((await signIn(after.call)).access_token))).status).toBe(200)
  })
})
