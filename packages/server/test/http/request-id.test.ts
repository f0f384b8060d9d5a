// Every answer and every line of the log name their request, whatever it was and whatever it came to.
import { describe, expect, test } from 'vitest'
import { ada, bearer, post, signIn } from '../../../../test/account.ts'
import type { RequestLog } from '../../src/http/call.ts'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'

interface Line {
  kind: 'request' | 'failure' | 'note'
  requestId: string | undefined
  code?: string | undefined
  text: string
}

function openLog(): { lines: Line[]; log: RequestLog } {
  const lines: Line[] = []
  const log: RequestLog = {
    request: ({ requestId, code, route }) => lines.push({ kind: 'request', requestId, code, text: route }),
    failure: (requestId, error) => lines.push({ kind: 'failure', requestId, text: String(error) }),
    note: (text, _error, requestId) => lines.push({ kind: 'note', requestId, text }),
  }
  return { lines, log }
}

const idOf = (answer: Response): string => answer.headers.get('x-request-id') ?? ''
const ownId = /^[\w-]{12}$/

describe('a request', () => {
  test('has an id of its own in its answer and in its one line, on every route, good or refused', async () => {
    const { lines, log } = openLog()
    const { call } = await openTestServer({}, { log })
    const { headers } = bearer((await signIn(call)).access_token)
    const ids = new Set<string>()
    for (const { method, path } of routes) {
      for (const init of [{ body: '{' }, { headers: headers as Record<string, string>, body: '{}' }]) {
        lines.length = 0
        const { body, ...rest } = init
        const answer = await call(path, { method, ...rest, ...(method !== 'GET' && { body }) })
        const isFeed = answer.headers.get('content-type') === 'text/event-stream'
        const text = isFeed ? await answer.body?.cancel() : await answer.text()
        const where = `${method} ${path}`
        expect(idOf(answer), where).toMatch(ownId)
        ids.add(idOf(answer))
        const named = lines.map(({ kind, requestId }) => [kind, requestId])
        expect(named, where).toEqual([['request', idOf(answer)]])
        // The line says why, in the word of the answer.
        if (answer.headers.get('content-type') === 'application/problem+json')
          expect(lines[0]?.code, where).toBe((JSON.parse(text ?? '') as { code: string }).code)
      }
    }
    expect(ids.size).toBe(routes.length * 2)
  })

  test('of a path that nothing answers, and a browser’s question, have one as well', async () => {
    const { lines, log } = openLog()
    const { call } = await openTestServer({}, { log })
    const asks = { 'access-control-request-method': 'POST', origin: 'https://a.example' }
    const answers = [
      await call('/nowhere'),
      await call('/user/login', { method: 'OPTIONS', headers: asks }),
      await call('/user/login', { method: 'PUT' }),
    ]
    for (const answer of answers) expect(idOf(answer)).toMatch(ownId)
    expect(lines.map(({ requestId }) => requestId)).toEqual(answers.map(idOf))
    expect(lines.map(({ code }) => code)).toEqual(['not_found', undefined, 'method_not_allowed'])
  })

  test('that fails is named in the line that says why, and in that of a hook', async () => {
    const { lines, log } = openLog()
    const hooks = {
      onRegister: () => Promise.reject(new Error('the application is ill')),
      onLogin: () => Promise.reject(new Error('the application is ill')),
    }
    const { call } = await openTestServer({ hooks }, { log })
    const registered = await post(call, '/user/register', ada)
    const failed = await post(call, '/user/login', ada, { 'x-request-id': 'ticket-4711' })
    expect([registered.status, failed.status]).toEqual([201, 500])
    expect(lines.map(({ kind, requestId }) => [kind, requestId])).toEqual([
      ['note', idOf(registered)],
      ['request', idOf(registered)],
      ['failure', 'ticket-4711'],
      ['request', 'ticket-4711'],
    ])
  })
})

const safe = [
  'ticket-4711',
  '7f1c1b0e-9a3c-4a54-8d0a-1f2e3d4c5b6a',
  '0af7651916cd43dd8448eb211c80319c',
  'a.b_c-D9',
  'x'.repeat(64),
]

const unsafe: Readonly<Record<string, string>> = {
  nothing: '',
  'too long': 'x'.repeat(65),
  'a page': '<script>alert(1)</script>',
  'a line of its own': '","level":"fatal',
  two: 'one, two',
  'other letters': 'caf\u00e9',
  spaces: 'a b',
  'a path': '../../etc/passwd',
  'an access token': `eyJhbGciOiJFUzI1NiJ9.${'a'.repeat(80)}.b`,
}

describe('an id that a request brings', () => {
  test('is kept when it is safe to log, and replaced when it is not', async () => {
    const { lines, log } = openLog()
    const { call } = await openTestServer({}, { log })
    const idFor = async (given: string): Promise<string> => {
      const answer = await call('/user/data', { headers: { 'x-request-id': given } })
      expect(answer.status).toBe(403)
      expect(lines.at(-1)?.requestId).toBe(idOf(answer))
      return idOf(answer)
    }
    for (const id of safe) expect(await idFor(id)).toBe(id)
    for (const [what, id] of Object.entries(unsafe)) expect(await idFor(id), what).toMatch(ownId)
    expect(lines).toHaveLength(safe.length + Object.keys(unsafe).length)
  })

  test('proves nothing and changes nothing else', async () => {
    const { call } = await openTestServer()
    const { access_token } = await signIn(call)
    const headers = { ...(bearer(access_token).headers as Record<string, string>), 'x-request-id': 'same' }
    const [one, two] = [await call('/user', { headers }), await call('/user', { headers })]
    expect([one.status, two.status, idOf(one), idOf(two)]).toEqual([200, 200, 'same', 'same'])
  })
})
