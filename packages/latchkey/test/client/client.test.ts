import { createClient, LatchkeyError } from 'latchkey/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, openStore, password, type Started, settled, signedIn, start } from './started.ts'

let started: Started
beforeAll(async () => {
  started = await start()
})
afterAll(() => started.end())

describe('a client', () => {
  test('signs up, signs in, says who is signed in, calls with the token, and signs out', async () => {
    const client = createClient({ url: started.network.url })
    const { user } = await client.signUp({ username: 'Ada', password })
    expect(user).toEqual({ id: expect.any(String), username: 'Ada', roles: [] })
    expect(await client.getSession()).toBeUndefined()
    expect(await client.getAccessToken()).toBeUndefined()

    const session = await client.signIn({ username: 'ada', password })
    expect(session.user).toEqual(user)
    expect(Math.abs(session.expiresAt - (Date.now() / 1000 + 3600))).toBeLessThan(60)
    expect(await client.getSession()).toEqual(session)

    const data = await client.fetch('/user/data')
    expect(await data.json()).toMatchObject({ message: 'Successful log in', authorizedData: { user } })

    const token = await client.getAccessToken()
    await client.signOut()
    expect(await client.getSession()).toBeUndefined()
    expect((await client.fetch('/user/data')).status).toBe(403)
    const headers = { authorization: `Bearer ${token}` }
    expect(await (await fetch(`${started.server.url}/user/data`, { headers })).json()).toMatchObject({
      code: 'token_revoked',
    })
    await client.signOut()
  })

  test('signs out every device with all', async () => {
    const { client, username } = await signedIn(started)
    const other = createClient({ url: started.network.url })
    await other.signIn({ username, password })
    await client.signOut({ all: true })
    expect(await codeOf(other.fetch('/user/data'))).toBe('session_revoked')
  })

  const refusals: [string, (client: ReturnType<typeof createClient>) => Promise<unknown>, string][] = [
    [
      'a wrong password',
      client => client.signIn({ username: 'ada', password: 'not it at all' }),
      'invalid_credentials',
    ],
    ['a taken name', client => client.signUp({ username: 'ada', password }), 'username_taken'],
    ['a weak password', client => client.signUp({ username: 'bob', password: 'password' }), 'weak_password'],
    ['a name that cannot be', client => client.signUp({ username: 'a@b', password }), 'validation_failed'],
  ]
  test.each(refusals)('throws the code of the server for %s', async (_what, act, code) => {
    const client = createClient({ url: started.network.url })
    await client.signUp({ username: 'ada', password }).catch(() => {})
    const error = await act(client).catch((thrown: unknown) => thrown)
    if (!(error instanceof LatchkeyError)) throw error
    expect(error.code).toBe(code)
    if (code === 'validation_failed')
      expect(error.errors).toEqual([expect.objectContaining({ path: 'username' })])
  })

  test('comes back to the session that its store keeps, and forgets it with the sign-out', async () => {
    const store = openStore()
    const { session } = await signedIn(started, { store })
    expect([...store.items.keys()].every(key => /^[\w.-]+$/.test(key))).toBe(true)
    const later = createClient({ url: started.network.url, store })
    expect((await later.getSession())?.user).toEqual(session.user)
    await later.signOut()
    expect([...store.items.values()].map(kept => Object.keys(JSON.parse(kept)))).toEqual([['deviceToken']])
  })

  test('is known to the server when its user comes back, whatever strangers do meanwhile', async () => {
    const limited = await start({ LATCHKEY_LIMITS: 'on' })
    try {
      const store = openStore()
      const { client, username } = await signedIn(limited, { store })
      await client.signOut()
      const { url } = limited.network
      const guess = () => codeOf(createClient({ url }).signIn({ username, password: 'a guess' }))
      while ((await guess()) !== 'rate_limited');
      const { user } = await createClient({ url, store }).signIn({ username, password })
      expect(user.username).toBe(username)
    } finally {
      await limited.end()
    }
  })

  test('takes junk in its store for no session', async () => {
    const store = openStore()
    await signedIn(started, { store })
    const [key = ''] = store.items.keys()
    for (const junk of ['', 'null', '{"refreshToken":7}', 'no json']) {
      store.items.set(key, junk)
      expect(await createClient({ url: started.network.url, store }).getSession()).toBeUndefined()
    }
  })
})

describe('the listeners', () => {
  test('hear what the session is, then each change of it, in order', async () => {
    const client = createClient({ url: started.network.url })
    await client.signUp({ username: 'grace', password })
    const heard: [string, string | undefined][] = []
    const stop = client.onAuthStateChange((event, session) => heard.push([event, session?.user.username]))
    await client.signIn({ username: 'grace', password })
    await client.fetch('/user', {
      method: 'PATCH',
      body: JSON.stringify({ username: 'hopper' }),
      headers: { 'content-type': 'application/json' },
    })
    await settled()
    await client.signOut()
    await settled()
    expect(heard).toEqual([
      ['INITIAL_SESSION', undefined],
      ['SIGNED_IN', 'grace'],
      ['USER_UPDATED', 'hopper'],
      ['SIGNED_OUT', undefined],
    ])
    stop()
    await client.signIn({ username: 'hopper', password })
    await settled()
    expect(heard).toHaveLength(4)
  })

  test('that come later hear the session as it is, once', async () => {
    const { client, username } = await signedIn(started)
    const heard: unknown[] = []
    client.onAuthStateChange((event, session) => heard.push([event, session?.user.username]))
    await settled()
    expect(heard).toEqual([['INITIAL_SESSION', username]])
  })

  test('may use the client: a listener that signs out does not wait for itself', async () => {
    const client = createClient({ url: started.network.url })
    await client.signUp({ username: 'edsger', password })
    const signedOut = new Promise<void>(resolve => {
      client.onAuthStateChange(async event => {
        if (event === 'SIGNED_IN') await client.signOut()
        if (event === 'SIGNED_OUT') resolve()
      })
    })
    await client.signIn({ username: 'edsger', password })
    await signedOut
    expect(await client.getSession()).toBeUndefined()
  })
})

describe('createClient', () => {
  test.each([
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1:4000',
    'ftp://localhost',
    'https://ada:secret@example.com',
  ])('refuses %s, for itself and among the origins of the token', url => {
    expect(() => createClient({ url })).toThrow(TypeError)
    expect(() => createClient({ url: 'https://example.com', tokenOrigins: [url] })).toThrow(TypeError)
  })

  test.each([
    'https://example.com',
    'http://localhost:4000',
    'http://app.localhost',
    'http://127.0.0.1:4000',
    'http://[::1]:4000/login/',
  ])('takes %s', url => {
    expect(() => createClient({ url, tokenOrigins: [url] })).not.toThrow()
  })
})
