// One table of cases and one corpus of forged tokens, over a real socket in each framework's real server: the same
// answers everywhere. [S50] [S51] [S52] [S53] [S54] [S55] [S56] [S57] [S58] [S59] [S40] [S42]
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapters, type RunningServer } from './conformance/adapters.ts'
import { type Case, cases, type Expected } from './conformance/cases.ts'
import { type Answer, exchange } from './conformance/exchange.ts'
import { forgedTokens } from './conformance/forged-tokens.ts'
import { openSetting, type Setting } from './conformance/setting.ts'

/** What must be the same in every framework; the rest, such as Date and Server, is the framework's own. */
const comparedHeaders = [
  'content-type',
  'content-length',
  'www-authenticate',
  'cache-control',
  'retry-after',
  'location',
]

const frameworksOfTheContract = ['express', 'fastify', 'hono', 'koa', 'nest', 'next', 'node']
const forgedGuards = ['own', 'secret', 'issuers', 'legacy']

let setting: Setting
const servers = new Map<string, RunningServer>()
/** Adapter → row → the answer, in the form in which answers are compared. */
const answers = new Map<string, Map<string, string>>()
const unhandled: unknown[] = []
const noteUnhandled = (error: unknown): void => void unhandled.push(error)

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled)
  setting = await openSetting()
  for (const adapter of adapters) {
    answers.set(adapter.name, new Map())
    for (const [guard, options] of Object.entries(setting.guards))
      servers.set(`${adapter.name}: ${guard}`, await adapter.serve(options))
  }
})

afterAll(async () => {
  for (const server of servers.values()) await server.close()
  await setting.close()
  process.off('unhandledRejection', noteUnhandled)
})

function serverOf(adapter: string, guard: string): RunningServer {
  const server = servers.get(`${adapter}: ${guard}`)
  if (server === undefined) throw new Error(`there is no guard ${guard}`)
  return server
}

function note(adapter: string, row: string, answer: Answer): void {
  const headers = comparedHeaders.map(name => `${name}: ${answer.headers[name]}`)
  // What the application answers is compared by its value; its framework says how JSON is labelled.
  const compared = answer.status < 400 ? [answer.body] : [...headers, answer.body]
  answers.get(adapter)?.set(row, [answer.status, ...compared].join('\n'))
}

function expectAnswer(answer: Answer, expected: Expected, isHead: boolean): void {
  if (expected.kind === 'admitted') {
    expect(answer.status, answer.body).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject(expected.caller)
    return
  }
  expect(answer.status, answer.body).toBe(expected.status)
  if (expected.kind === 'passed') return
  const { status, code, challenge, detail, retryAfter } = expected
  expect(answer.headers['www-authenticate']).toBe(challenge)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['retry-after']).toBe(retryAfter)
  if (isHead) return
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)))
  const problem: unknown = JSON.parse(answer.body)
  expect(problem).toMatchObject({ type: `urn:latchkey:problem:${code}`, status, code })
  expect((problem as { detail?: unknown }).detail).toBe(detail)
}

describe.each(adapters)('$name', ({ name }) => {
  it.each(cases)('answers $name', async (row: Case) => {
    const request = row.request(setting)
    const answer = await exchange(serverOf(name, row.guard).port, request)
    note(name, `${row.guard}: ${row.name}`, answer)
    expectAnswer(answer, row.expected, request.method === 'HEAD')
  })

  it.each(forgedTokens)('lets nobody in with $name', async forged => {
    for (const guard of forgedGuards) {
      const answer = await exchange(serverOf(name, guard).port, {
        headers: [['Authorization', `Bearer ${forged.token}`]],
      })
      note(name, `forged at ${guard}: ${forged.name}`, answer)
      expect(answer.status, `${guard}: ${answer.body}`).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="invalid_token", /)
    }
  })
})

describe('the seven frameworks', () => {
  it('are asked 80 cases at least and sixty forged tokens, each named once', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80)
    expect(forgedTokens.length).toBeGreaterThanOrEqual(60)
    expect(new Set(cases.map(row => `${row.guard}: ${row.name}`)).size).toBe(cases.length)
    expect(new Set(forgedTokens.map(forged => forged.name)).size).toBe(forgedTokens.length)
  })

  it('have all run the same rows, and answered each alike', () => {
    const rows = [...(answers.get('express')?.keys() ?? [])]
    const expected = cases.length + forgedTokens.length * forgedGuards.length
    for (const [name, own] of answers) console.log(`${name.padEnd(16)} ${own.size} of ${expected} rows`)
    expect([...answers.keys()]).toEqual(expect.arrayContaining(frameworksOfTheContract))
    expect(rows).toHaveLength(expected)
    for (const [name, own] of answers) {
      expect([...own.keys()], name).toEqual(rows)
      const different = rows.filter(row => own.get(row) !== answers.get('express')?.get(row))
      expect(different, name).toEqual([])
    }
  })

  it('left no promise rejected behind', () => {
    expect(unhandled).toEqual([])
  })
})
