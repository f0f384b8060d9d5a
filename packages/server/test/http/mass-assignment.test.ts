// [S117] Nobody sets what is not theirs to set by adding a field to a body. Made from the route table.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { type CopyServer, callRoute, nameOf, openCopy, rowOf, theTemplate } from './open-cast.ts'
import type { CallerName, RouteRow } from './route-rows.ts'

/** Names that other systems have let through, and the names of our own columns and fields. */
const smuggled: Record<string, unknown> = {
  id: 'chosen',
  user_id: 'chosen',
  userId: 'chosen',
  sub: 'chosen',
  owner: 'chosen',
  role: 'admin',
  roles: ['admin'],
  is_admin: true,
  isAdmin: true,
  admin: true,
  scope: '*',
  scopes: ['*'],
  permissions: ['*'],
  verified: true,
  email_verified: true,
  emailVerified: true,
  email: 'evil@example.com',
  unverified_email: 'evil@example.com',
  unverifiedEmail: 'evil@example.com',
  password: 'a password that is smuggled',
  new_password: 'a password that is smuggled',
  password_hash:
    '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  passwordHash: 'chosen',
  canonical_name: 'chosen',
  canonicalName: 'chosen',
  disabled: true,
  disabled_at: 1,
  disabledAt: 1,
  created_at: 1,
  createdAt: 1,
  expires_at: 4_102_444_800,
  expiresAt: 4_102_444_800,
  auth_time: 1,
  amr: ['chosen'],
  client_id: 'chosen',
  session_id: 'chosen',
  sessionId: 'chosen',
  secret_hash: 'chosen',
  key: 'lk_chosen',
  actor: 'chosen',
  purpose: 'first_admin',
  user: { roles: ['admin'] },
  constructor: { prototype: { roles: ['admin'] } },
  prototype: { roles: ['admin'] },
}

/** A right body with `__proto__` as a member of its own, as JSON may carry it. */
function poisoned(right: Record<string, unknown>): string {
  const text = JSON.stringify(right)
  return `{"__proto__":{"roles":["admin"],"isAdmin":true}${text === '{}' ? '' : ','}${text.slice(1)}`
}

/** The fields that the route itself takes. */
async function fieldsOf(route: Route): Promise<string[]> {
  const body = await route.body()
  return body instanceof z.ZodObject ? Object.keys(body.shape) : []
}

function callerOf({ access }: RouteRow): CallerName {
  return access === 'admin' || access === 'console'
    ? 'administrator'
    : access === 'public'
      ? 'anonymous'
      : 'user'
}

interface UserRow {
  id: string
  [column: string]: unknown
}

const usersIn = ({ database }: CopyServer) =>
  new Map((database.prepare('SELECT * FROM users').all() as UserRow[]).map(row => [row.id, row]))

const writes = routes.filter(route => route.method !== 'GET')

describe.each(writes.map(route => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('[S117] takes no field that is not its own', async () => {
    const template = await theTemplate()
    const row = rowOf(route)
    const right = row.body?.(template.cast) ?? {}
    const taken = await fieldsOf(route)
    const more = Object.fromEntries(Object.entries(smuggled).filter(([name]) => !taken.includes(name)))

    const plain = await openCopy(template)
    await callRoute(plain, { route, row, caller: callerOf(row) }, template)
    const honest = usersIn(plain)
    const server = await openCopy(template)
    const before = usersIn(server)
    const refused = await callRoute(
      server,
      { route, row, caller: callerOf(row), body: poisoned(right) },
      template,
    )
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(usersIn(server)).toEqual(before)
    const body = JSON.stringify({ ...more, ...right })
    const answer = await callRoute(server, { route, row, caller: callerOf(row), body }, template)
    const after = usersIn(server)

    if (answer.status === 422) {
      expect(after).toEqual(before)
      for (const [name, value] of Object.entries(more)) {
        const one = JSON.stringify({ ...right, [name]: value })
        const again = await callRoute(server, { route, row, caller: callerOf(row), body: one }, template)
        expect(again.status, name).toBe(422)
      }
      return expect(usersIn(server)).toEqual(before)
    }
    expect(answer.status).toBe(row.ok)
    // What a right body changes is changed, and nothing else: beside salts, the same users as without the fields.
    const comparable = (users: Map<string, UserRow>) =>
      [...users.values()]
        .toSorted((a, b) => String(a['canonical_name']).localeCompare(String(b['canonical_name'])))
        .map(({ id, password_hash: _hash, ...rest }) => ({ ...rest, isKnown: before.has(id) }))
    expect(comparable(after)).toEqual(comparable(honest))
    const allowed = new Set(row.changes ?? [])
    for (const [id, was] of before) {
      const is = after.get(id)
      const changed = Object.keys(was).filter(column => is !== undefined && is[column] !== was[column])
      expect(
        changed.filter(column => !allowed.has(column)),
        `columns of ${String(was['username'])}`,
      ).toEqual([])
    }
    const strangers = server.database
      .prepare(
        "SELECT id FROM sessions WHERE id = 'chosen' OR user_id = 'chosen' OR client_id = 'chosen' OR scope = '*'",
      )
      .all()
    expect(strangers.filter(one => one['id'] === 'chosen')).toEqual([])
    const keys = server.database
      .prepare("SELECT id FROM api_keys WHERE scopes LIKE '%*%' OR user_id = 'chosen'")
      .all()
    expect(keys).toEqual([])
  })
})

test('there is something to test: every write route is here', () => {
  expect(writes.length).toBeGreaterThan(25)
})
