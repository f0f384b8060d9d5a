// Every route of a real server on a real database, asked nearly rightly: no answer is a fault of ours, nobody is let in
// who may not be, and nobody sets what is not theirs to set [S117]. A case is a seed and a number. The long form, with
// LATCHKEY_LONG=1, takes FUZZ_REQUESTS of them (20,000) from FUZZ_SEED on; a finding names its case.
import { afterAll, describe, expect, test } from 'vitest'
import { Random } from '../../packages/latchkey/test/fuzz/random.ts'
import type { RequestLog } from '../../packages/server/src/http/call.ts'
import type { Route } from '../../packages/server/src/http/route.ts'
import { routes } from '../../packages/server/src/http/routes.ts'
import {
  type CopyServer,
  nameOf,
  openCopy,
  rowOf,
  type Template,
  theTemplate,
} from '../../packages/server/test/http/open-cast.ts'
import { type FuzzRequest, requestFor } from './request.ts'

const isLong = process.env['LATCHKEY_LONG'] === '1'
const casesOfServer = 60
const requests = isLong ? Number(process.env['FUZZ_REQUESTS'] ?? 20_000) : 15 * casesOfServer
const seed = Number(process.env['FUZZ_SEED'] ?? (isLong ? new Random(Date.now(), 0).below(2 ** 32) : 1))

const counts = new Map<string, Map<string, number>>()
function count(route: Route, outcome: string): void {
  const of = counts.get(nameOf(route)) ?? new Map<string, number>()
  counts.set(nameOf(route), of.set(outcome, (of.get(outcome) ?? 0) + 1))
}

interface User {
  id: string
  roles: string
  email: string | null
  disabled_at: number | null
}

const usersIn = ({ database }: CopyServer): Map<string, User> =>
  new Map(
    // The columns of the statement.
    (database.prepare('SELECT id, roles, email, disabled_at FROM users').all() as unknown as User[]).map(
      user => [user.id, user],
    ),
  )

/** What somebody who is no administrator may have made of the accounts. */
function expectNothingTaken(
  before: Map<string, User>,
  after: Map<string, User>,
  route: Route,
  about: string,
): void {
  const mayVerify = rowOf(route).changes?.includes('email') === true
  for (const [id, user] of after) {
    const was = before.get(id)
    expect(user.roles, `${about}: roles`).toBe(was?.roles ?? '[]')
    expect(user.disabled_at, `${about}: disabled`).toBe(was?.disabled_at ?? null)
    if (!mayVerify) expect(user.email, `${about}: a verified address`).toBe(was?.email ?? null)
    if (was === undefined) expect(id, `${about}: an id`).toMatch(/^[\w-]{22}$/)
  }
}

const isOpen = ({ access }: Route): boolean => ['public', 'loopback', 'operator'].includes(access)

const describing = new Set(['/openapi.json', '/docs', '/metrics'])

/** Asks once and looks at what came of it. */
async function runCase(server: CopyServer, template: Template, random: Random, about: string): Promise<void> {
  const route = random.of(routes)
  const row = rowOf(route)
  const asked = requestFor(random, { route, row, template })
  const before = usersIn(server)
  const answer = await ask(server, asked)
  if (answer === undefined) return count(route, 'not sendable')
  const where = `${about}, ${nameOf(route)}`
  expect(answer.status, where).toBeLessThan(500)
  const isFeed = answer.headers.get('content-type') === 'text/event-stream'
  const text = isFeed ? await answer.body?.cancel() : await answer.text()
  const told = `${JSON.stringify([...answer.headers])} ${text ?? ''}`
  // These name every code there is.
  const leak = describing.has(route.path)
    ? /node_modules|SQLITE/
    : /internal_error|node_modules|\.tsx?:\d+|SQLITE|\$argon2/
  expect(told, where).not.toMatch(leak)
  // Another path may be another route: only the row's own is judged by the row.
  const isOwnPath = asked.path.split('?')[0] === (row.path?.(template.cast) ?? route.path)
  if (isOwnPath && !isOpen(route) && (asked.caller === undefined || asked.caller === 'anonymous'))
    expect(answer.ok && route.path !== '/revocations', `${where}: nobody was let in`).toBe(false)
  if (asked.caller !== 'administrator') expectNothingTaken(before, usersIn(server), route, where)
  count(route, String(answer.status))
}

async function ask(server: CopyServer, { path, init }: FuzzRequest): Promise<Response | undefined> {
  let request: Request
  try {
    request = new Request(`http://localhost:4000${path.startsWith('/') ? '' : '/'}${path}`, init)
  } catch {
    return undefined
  }
  return server.latchkey.handler(request, { address: '127.0.0.1' })
}

describe('the routes', () => {
  const batches = Array.from(
    { length: Math.ceil(requests / casesOfServer) },
    (_, batch) => batch * casesOfServer,
  )

  test.each(batches)(
    '[S55] [S117] survive cases %i and on',
    async from => {
      const template = await theTemplate()
      const failures: unknown[] = []
      const log: RequestLog = { request() {}, note() {}, failure: (_id, error) => void failures.push(error) }
      const server = await openCopy(template, { log }, { limits: 'off' })
      for (let number = from; number < Math.min(from + casesOfServer, requests); number++) {
        const about = `seed ${seed}, case ${number}`
        await runCase(server, template, new Random(seed, number), about)
        expect(failures, about).toEqual([])
      }
      expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
      // The server still serves.
      expect((await server.call('/health/ready')).status).toBe(200)
    },
    120_000,
  )

  afterAll(() => {
    const lines = [...counts].map(([name, outcomes]) => {
      const shown = [...outcomes].toSorted().map(([outcome, times]) => `${outcome} × ${times}`)
      return `${name.padEnd(44)} ${shown.join(', ')}`
    })
    if (isLong) console.log(`seed ${seed}, ${requests} requests\n${lines.toSorted().join('\n')}`)
    expect(lines.length).toBeGreaterThan(routes.length * 0.9)
  })
})
