// No answer, error or log line carries a secret that it should not: every route, called rightly and wrongly.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { ada } from '../../../test/account.ts'
import type { RequestLog } from '../src/http/call.ts'
import type { Route } from '../src/http/route.ts'
import { routes } from '../src/http/routes.ts'
import {
  type CopyServer,
  callRoute,
  copyFor,
  nameOf,
  openCopy,
  rowOf,
  type Template,
  theSharedCopy,
  theTemplate,
} from './http/open-cast.ts'
import type { CallerName } from './http/route-rows.ts'

/** Shapes of what can be presented or guessed from. */
const shapes: [string, RegExp][] = [
  ['an access token', /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/],
  ['a refresh token', /lkr_[\w-]{20,}/],
  ['an API key', /lk_[\w-]{22}_[\w-]{20,}/],
  ['a one-time link', /lko_[\w-]{20,}/],
  ['a page’s handle', /lkp_[\w-]{20,}/],
  ['a password hash', /\$argon2/],
]

interface Caught {
  log: RequestLog
  /** Everything that was logged, errors with all their causes and fields. */
  text(): string
  forget(): void
}

function catchLog(): Caught {
  const lines: unknown[] = []
  return {
    log: {
      request: line => void lines.push(line),
      failure: (id, error) => void lines.push([id, error]),
      note: (line, error) => void lines.push([line, error]),
    },
    text: () => inspect(lines, { depth: 12, maxStringLength: null, maxArrayLength: null, showHidden: true }),
    forget: () => void lines.splice(0),
  }
}

const caught = catchLog()
afterEach(() => caught.forget())

/** What is kept and must never be seen: hashes, salts, wrapped keys, the master key. */
function keptSecrets({ database, folder }: CopyServer): string[] {
  const values = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .flatMap(row => Object.values(row))
  const bytes = values(
    'SELECT salt FROM sessions UNION SELECT salt FROM one_time UNION SELECT wrapped FROM signing_keys UNION SELECT secret_hash FROM api_keys',
  )
  const texts = values('SELECT password_hash FROM users').map(String)
  const encoded = bytes.flatMap(value => {
    const buffer = Buffer.from(value as Uint8Array)
    return buffer.length === 0
      ? []
      : ['base64url', 'base64', 'hex'].map(form => buffer.toString(form as 'hex'))
  })
  return [...texts, ...encoded, readFileSync(join(folder, 'master.key'), 'utf8').trim()].filter(
    one => one !== '',
  )
}

function presentedSecrets({ cast, callers, pages }: Template): string[] {
  const { verify, reset, invitation } = cast
  return [
    ada.password,
    'a new lantern here',
    cast.ada.refresh_token,
    verify,
    reset,
    invitation,
    ...Object.values(callers),
    ...Object.values(pages).map(cookie => cookie.split('=')[1] ?? ''),
  ]
}

async function everythingOf(answer: Response): Promise<string> {
  return `${JSON.stringify([...answer.headers])} ${await answer.text()}`
}

function expectNone(text: string, secrets: readonly string[], where: string): void {
  for (const secret of secrets)
    expect(text.includes(secret), `${where}: a secret of ${secret.length} signs`).toBe(false)
}

function expectNoShape(text: string, where: string, allowed: readonly string[] = []): void {
  for (const [what, shape] of shapes)
    if (!allowed.includes(what)) expect(shape.test(text), `${where}: ${what}`).toBe(false)
}

const gifts: Record<string, readonly string[]> = {
  tokens: ['an access token', 'a refresh token'],
  cookies: ['a refresh token', 'a page’s handle'],
  'api key': ['an API key'],
  link: ['a one-time link'],
}

function callerOf(route: Route): CallerName {
  return route.access === 'admin' || route.access === 'console'
    ? 'administrator'
    : route.access === 'public'
      ? 'anonymous'
      : 'user'
}

/** Bodies that fail, each with what is right in it, so that an echo would show. */
function wrongBodies(right: Record<string, unknown>): [string, string][] {
  const text = JSON.stringify(right)
  const wrapped = Object.fromEntries(Object.entries(right).map(([name, value]) => [name, { deep: [value] }]))
  const listed = Object.fromEntries(Object.entries(right).map(([name, value]) => [name, [value]]))
  const long = Object.fromEntries(
    Object.entries(right).map(([name, value]) => [name, `${String(value)}`.repeat(200)]),
  )
  return [
    ['broken JSON', text.slice(0, -1)],
    ['a broken member', `${text.slice(0, -1)},"x":${ada.password}}`],
    ['a list', JSON.stringify([right, ada.password])],
    ['text', JSON.stringify(ada.password)],
    ['wrapped values', JSON.stringify(wrapped)],
    ['listed values', JSON.stringify(listed)],
    ['long values', JSON.stringify(long)],
    ['nothing', '{}'],
  ]
}

describe.each(routes.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('[S15] tells and logs no secret, called rightly', async () => {
    const template = await theTemplate()
    const server = await copyFor(route, template, { log: caught.log })
    const row = rowOf(route)
    const secrets = [...presentedSecrets(template), ...keptSecrets(server)]
    const answer = await callRoute(server, { route, row, caller: callerOf(route) }, template)
    expect(answer.status).toBe(row.ok)
    const text = await everythingOf(answer)
    // The outbox is there to show the links of its machine; nothing else shows what existed before.
    // The API's description shows what tokens look like, and has the passwords of these tests as its examples.
    const isDescription = ['/openapi.json', '/docs'].includes(route.path)
    const examples = isDescription ? [ada.password, 'a new lantern here'] : []
    const unseen = secrets.filter(secret => !examples.includes(secret))
    if (route.path !== '/outbox') expectNone(text, unseen, 'the answer')
    if (!isDescription) expectNoShape(text, 'the answer', gifts[row.gives ?? ''])
    if (row.gives !== undefined) expect(answer.headers.get('cache-control')).toBe('no-store')
    expectNone(caught.text(), secrets, 'the log')
    expectNoShape(caught.text(), 'the log')
  })

  test('[S15] tells and logs no secret, called wrongly', async () => {
    const template = await theTemplate()
    const server = await copyFor(route, template, { log: caught.log })
    const row = rowOf(route)
    const secrets = [...presentedSecrets(template), ...keptSecrets(server)]
    const right = { password: ada.password, token: template.cast.reset, ...row.body?.(template.cast) }
    const bodies = route.method === 'GET' ? [['no body', '']] : wrongBodies(right)
    for (const caller of ['anonymous', callerOf(route), 'disabled user'] as const) {
      for (const [what, body = ''] of bodies) {
        const answer = await callRoute(server, { route, row, caller, ...(body !== '' && { body }) }, template)
        // What nothing is asked of takes a body that is empty.
        if (answer.ok) continue
        const text = await everythingOf(answer)
        // A form keeps its link and its invitation for the next try, and no password.
        if (answer.headers.get('content-type')?.startsWith('text/html')) {
          expectNone(text, [ada.password, 'a new lantern here'], `${caller}, ${what}`)
          continue
        }
        expectNone(text, secrets, `${caller}, ${what}`)
        expectNoShape(text, `${caller}, ${what}`)
      }
    }
    expectNone(caught.text(), secrets, 'the log')
    expectNoShape(caught.text(), 'the log')
  })
})

describe('a fault of ours', () => {
  test('[S15] is logged without what was sent, and told without its reason', async () => {
    const template = await theTemplate()
    const server = await openCopy(template, { log: caught.log })
    const secrets = [...presentedSecrets(template), ...keptSecrets(server)]
    server.database.exec('DROP TABLE audit; DROP TABLE reserved_names')
    const statuses = new Set<number>()
    for (const route of routes) {
      const answer = await callRoute(server, { route, row: rowOf(route), caller: callerOf(route) }, template)
      if (answer.status < 500) continue
      statuses.add(answer.status)
      const text = await everythingOf(answer)
      expectNone(text, secrets, nameOf(route))
      expect(text).not.toMatch(/audit|reserved_names|no such table|SELECT|INSERT/)
    }
    expect([...statuses]).toEqual([503])
    expect(caught.text()).toContain('no such table')
    expectNone(caught.text(), secrets, 'the log')
    expectNoShape(caught.text(), 'the log')
  })
})

describe('credentials in odd places', () => {
  test.each<[string, (secret: string) => [string, RequestInit]]>([
    ['the path', secret => [`/user/${secret}`, {}]],
    ['the query', secret => [`/user/data?access_token=${secret}`, {}]],
    ['a link’s query', secret => [`/nowhere?token=${secret}`, {}]],
    ['the scheme', secret => ['/user/data', { headers: { authorization: `Basic ${secret}` } }]],
    ['a glued scheme', secret => ['/user/data', { headers: { authorization: `Bearer${secret}` } }]],
    [
      'a cookie',
      secret => ['/user/refresh', { method: 'POST', headers: { cookie: `latchkey-4000=${secret}` } }],
    ],
    [
      'a content type',
      secret => ['/user/login', { method: 'POST', headers: { 'content-type': `x/${secret}` }, body: 'x' }],
    ],
    ['a path parameter', secret => [`/user/keys/${secret}`, { method: 'DELETE' }]],
  ])('[S15] %s are not logged', async (_where, place) => {
    const template = await theTemplate()
    const server = await theSharedCopy(template, { log: caught.log })
    for (const secret of [
      template.callers.user,
      template.callers['API key with the scope'],
      template.cast.reset,
    ]) {
      const [path, init] = place(secret)
      await server.call(path, init)
      expectNone(caught.text(), [secret], 'the log')
    }
    expectNoShape(caught.text(), 'the log')
  })
})
