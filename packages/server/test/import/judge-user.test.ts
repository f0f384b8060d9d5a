// What is kept of a user from elsewhere, what is left out, and who is refused.
import { describe, expect, test } from 'vitest'
import { type ImportRules, judgeUser } from '../../src/import/judge-user.ts'
import { nobody } from '../../src/import/sources/source.ts'

const bcrypt = '$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO'
const rules: ImportRules = {
  source: 'keycloak',
  now: 1_700_000_000,
  roles: { admin: ['*'], boss: ['admin'], writer: ['posts:write'] },
  roleMap: new Map([
    ['chief', 'admin'],
    ['author', 'writer'],
  ]),
  trustsEmails: false,
}
const ada = {
  ...nobody,
  id: '1',
  username: 'Ada',
  email: 'Ada@Example.com',
  password: { hash: bcrypt, hints: {} },
}

function judge(change: Partial<typeof nobody>, otherRules: Partial<ImportRules> = {}) {
  return judgeUser({ ...ada, ...change }, { ...rules, ...otherRules })
}

function userOf(change: Partial<typeof nobody>, otherRules?: Partial<ImportRules>) {
  const judged = judge(change, otherRules)
  if (judged.kind === 'refused') throw new Error(judged.why)
  return judged.user
}

describe('keeps', () => {
  test('a verified address apart from one that is not', () => {
    expect(userOf({})).toMatchObject({ email: undefined, unverifiedEmail: 'ada@example.com' })
    expect(userOf({ emailVerified: true })).toMatchObject({
      email: 'ada@example.com',
      unverifiedEmail: undefined,
    })
    expect(userOf({}, { trustsEmails: true }).email).toBe('ada@example.com')
  })

  test('an administrator’s role by the map only, and others as they are called', () => {
    const given = { roles: ['writer', 'admin', 'boss', 'nobody', 'toString'] }
    expect(userOf(given).roles).toEqual(['writer'])
    expect(userOf({ roles: ['chief', 'author', 'writer'] }).roles).toEqual(['admin', 'writer'])
  })

  test('a username of its own making for who has an address instead, with nothing of the address in it', () => {
    for (const username of [undefined, 'ada@example.com']) {
      const user = userOf({ username, emailVerified: true })
      expect(user.username).toMatch(/^user-[0-9a-f]{12}$/)
    }
  })

  test('a name as its user would have been let to write it, and a date that is not to come', () => {
    expect(userOf({ name: ` \u202eAda\u0007 ${'x'.repeat(200)}` }).name).toHaveLength(100)
    expect(userOf({ createdAt: rules.now + 500 }).createdAt).toBe(rules.now)
    expect(userOf({ createdAt: 5 })).toMatchObject({ createdAt: 5, passwordChangedAt: 5 })
    expect(userOf({ locale: '../etc' }).locale).toBeUndefined()
  })
})

describe('the id is the same for the same user', () => {
  test('whatever else has changed, where the other system’s ids are unique', () => {
    expect(userOf({ username: 'grace', email: 'g@example.com' }).id).toBe(userOf({}).id)
    expect(userOf({ id: '2' }).id).not.toBe(userOf({}).id)
    expect(userOf({}, { source: 'auth0' }).id).not.toBe(userOf({}).id)
  })

  test('and another for another of a second file that counts from one as well', () => {
    const csv = { source: 'csv' } as const
    expect(userOf({ createdAt: 5, name: 'A' }, csv).id).toBe(userOf({}, csv).id)
    expect(userOf({ username: 'grace' }, csv).id).not.toBe(userOf({}, csv).id)
  })
})

test.each([
  ['bad_address', { email: 'ada' }],
  ['bad_username', { username: 'a b' }],
  ['bad_hash', { password: { hash: 'hunter2', hints: {} } }],
  ['bad_hash', { password: { hash: bcrypt.replace('$05$', '$20$'), hints: {} } }],
  ['no_sign_in', { username: undefined }],
  ['no_sign_in', { username: undefined, email: undefined }],
  ['no_sign_in', { password: undefined }],
] as const)('refuses as %s: %j', (code, change) => {
  expect(judge(change)).toMatchObject({ kind: 'refused', code })
})

test('a reason repeats nothing of a hash, of a password or of a role', () => {
  const said = [
    judge({ password: { hash: 'hunter2hunter2', hints: { format: 'hunter2' } } }),
    judge({ roles: ['hunter2'], leftBehind: ['a second factor'] }),
  ]
  expect(JSON.stringify(said.map(one => (one.kind === 'refused' ? one.why : one.notes)))).not.toContain(
    'hunter2',
  )
})
