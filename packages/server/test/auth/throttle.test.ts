// Guesses: one counter for all ways to say a name, counted before the hash; a delay and never a lock.
import { describe, expect, test } from 'vitest'
import { ada, type Caller, post, refusal, signIn } from '../../../../test/account.ts'
import { loadConfig } from '../../src/config.ts'
import { linkIn } from '../link-in.ts'
import { sendAs } from '../open-administrator.ts'
import { openTestServer } from '../open-test-server.ts'

const email = 'ada@example.com'

function guess(call: Caller, username: string, password = 'not the lantern'): Promise<Response> {
  return post(call, '/user/login', { username, password })
}

async function openVerified() {
  const server = await openTestServer()
  await post(server.call, '/user/register', { ...ada, email })
  await post(server.call, '/user/email/verify', { token: linkIn(server.folder, 'verify') })
  return server
}

describe('guesses', () => {
  test('[S114] 500 at once never cost more hashes than are free', async () => {
    const { call } = await openVerified()
    const answers = await Promise.all(Array.from({ length: 500 }, () => guess(call, 'ada').then(refusal)))
    expect(answers.filter(answer => answer === '403 invalid_credentials')).toHaveLength(10)
    expect(answers.filter(answer => answer === '429 rate_limited')).toHaveLength(490)
  })

  test('[S112] in every spelling of a name share one counter', async () => {
    const { call } = await openVerified()
    const spellings = ['ada', 'ADA', 'Ada', ' ada ', 'ａｄａ']
    for (let i = 0; i < 10; i++)
      expect(await refusal(await guess(call, spellings[i % spellings.length] ?? ''))).toBe(
        '403 invalid_credentials',
      )
    for (const spelling of spellings) {
      const answer = await guess(call, spelling, ada.password)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(await refusal(answer)).toBe('429 rate_limited')
    }
  })

  test('[S112] by name and by address share one counter, and [S111] the address does not show it', async () => {
    const { call } = await openVerified()
    for (let i = 0; i < 10; i++) await guess(call, 'ada')
    // The right password, and still no: the account waits. An address that nobody has is answered the same.
    const shown = async (answer: Response) => [
      answer.status,
      answer.headers.get('retry-after'),
      await answer.text(),
    ]
    const known = await guess(call, email, ada.password)
    const unknown = await guess(call, 'nobody@example.com', ada.password)
    expect(await shown(known)).toEqual(await shown(unknown))
    expect(known.status).toBe(403)
  })

  test('[S112] where a signed-in user is asked for the password count as well', async () => {
    const { call, time } = await openVerified()
    const { access_token } = await signIn(call)
    const routes: [string, string, object][] = [
      ['POST', '/user/password', { new_password: 'a new lantern here' }],
      ['POST', '/user/email', { email: 'new@example.com' }],
      ['DELETE', '/user', {}],
    ]
    for (let i = 0; i < 10; i++) {
      const [method = '', path = '', more] = routes[i % routes.length] ?? []
      const answer = await sendAs(call, access_token, method, path, { ...more, current_password: 'a guess' })
      expect(await refusal(answer)).toBe('403 invalid_credentials')
    }
    expect(await refusal(await guess(call, 'ada', ada.password))).toBe('429 rate_limited')
    time.nowMs += 1_000
    await signIn(call)
  })

  test('[S111] at a name that nobody has are delayed like those at one that somebody has', async () => {
    const { call } = await openVerified()
    const answersTo = async (name: string) => {
      const answers: unknown[] = []
      for (let i = 0; i < 12; i++) {
        const answer = await guess(call, name)
        answers.push([answer.status, answer.headers.get('retry-after'), await answer.text()])
      }
      return answers
    }
    expect(await answersTo('nobody')).toEqual(await answersTo('ada'))
    expect(await answersTo('nobody@example.com')).toEqual(await answersTo(email))
  })

  test('wait longer each time, never for ever, and a success forgets them', async () => {
    const { call, time } = await openVerified()
    for (let i = 0; i < 10; i++) await guess(call, 'ada')
    const waits: number[] = []
    for (let i = 0; i < 14; i++) {
      const seconds = Number((await guess(call, 'ada')).headers.get('retry-after'))
      waits.push(seconds)
      time.nowMs += seconds * 1000
      expect(await refusal(await guess(call, 'ada'))).toBe('403 invalid_credentials')
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
    time.nowMs += 900_000
    await signIn(call)
    for (let i = 0; i < 9; i++)
      expect(await refusal(await guess(call, 'ada'))).toBe('403 invalid_credentials')
    await signIn(call)
  })

  test('are not counted with the limits off, which only the loopback may', async () => {
    const { call } = await openTestServer({ limits: 'off' })
    await post(call, '/user/register', ada)
    for (let i = 0; i < 15; i++)
      expect(await refusal(await guess(call, 'ada'))).toBe('403 invalid_credentials')
  })
})

test('cannot be switched off for a server that others reach, behind a proxy or inside an application', () => {
  const load = (issuer: string) => loadConfig({ env: {}, input: { issuer, limits: 'off' } })
  expect(load('http://localhost:4000').config.limits).toBe('off')
  expect(() => load('https://login.example.com')).toThrow('LATCHKEY_LIMITS accepts off on the loopback only.')
})
