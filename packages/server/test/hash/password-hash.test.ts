// Password hashes: two programs that compute the same, strings that other programs read, parameters that rise.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashSync, verifySync } from '@node-rs/argon2'
import { describe, expect, test } from 'vitest'
import { ada, post, refusal, signIn } from '../../../../test/account.ts'
import { type Argon2, type Argon2Job, addonArgon2, nodeArgon2 } from '../../src/hash/argon2.ts'
import { checkPassword, hashPassword, nobodysHash } from '../../src/hash/password-hash.ts'
import { readPhc, writePhc } from '../../src/hash/phc.ts'
import { openTestServer } from '../open-test-server.ts'

const programs: [string, Argon2][] = [
  ['the addon', await addonArgon2()],
  ['Node', nodeArgon2()],
]
const passwords = ['a lantern on the sill', 'ß→𝕏 \u0000 end', 'x'.repeat(1024)]

describe.each(programs)('hashes of %s', (_name, argon2) => {
  test.each(programs)('are checked by %s', (_other, otherArgon2) => {
    for (const password of passwords) {
      const hash = hashPassword(password, argon2)
      expect(checkPassword(hash, password, otherArgon2)).toEqual({ matches: true, replacement: undefined })
      expect(checkPassword(hash, `${password}x`, otherArgon2).matches).toBe(false)
    }
  })

  test('are strings that the package reads, and its strings are read here', () => {
    const [password = ''] = passwords
    expect(verifySync(hashPassword(password, argon2), password)).toBe(true)
    const theirs = hashSync(password, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    expect(checkPassword(theirs, password, argon2)).toEqual({ matches: true, replacement: undefined })
  })

  test('[S108] have 19 MiB, two passes, one lane, 16 bytes of salt and 32 of tag', () => {
    expect(hashPassword('x', argon2)).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
    expect(hashPassword('x', argon2)).not.toBe(hashPassword('x', argon2))
  })

  test.each([
    ['less memory', { memoryKiB: 9_216, passes: 2, lanes: 1 }],
    ['fewer passes', { memoryKiB: 19_456, passes: 1, lanes: 1 }],
  ])('[S108] with %s are replaced when the password is right, and only then', (_what, cost) => {
    const salt = new Uint8Array(16).fill(7)
    const old = writePhc({ ...cost, salt, tag: argon2({ ...cost, salt, password: 'right', tagBytes: 32 }) })
    const { matches, replacement = '' } = checkPassword(old, 'right', argon2)
    expect(matches).toBe(true)
    expect(checkPassword(replacement, 'right', argon2)).toEqual({ matches: true, replacement: undefined })
    expect(checkPassword(old, 'wrong', argon2)).toEqual({ matches: false, replacement: undefined })
  })
})

/** What a check asks of the program that computes, without the password. */
function workOf(hash: string): Omit<Argon2Job, 'password' | 'salt'>[] {
  const jobs: Argon2Job[] = []
  const counting: Argon2 = job => {
    jobs.push(job)
    return nodeArgon2()(job)
  }
  expect(checkPassword(hash, 'guess', counting).matches).toBe(false)
  return jobs.map(({ password: _password, salt, ...rest }) => ({ ...rest, saltBytes: salt.length }))
}

describe('nobody’s hash', () => {
  test('[S111] is a real one: the package reads it, and it costs the very work of a kept one', () => {
    expect(verifySync(nobodysHash, 'guess')).toBe(false)
    expect(workOf(nobodysHash)).toHaveLength(1)
    expect(workOf(nobodysHash)).toEqual(workOf(hashPassword('x', nodeArgon2())))
  })
})

test.each([
  '',
  'x',
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$',
  '$argon2i$v=16$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=7,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$2b$10$abcdefghijklmnopqrstuv',
])('%j is no hash of ours and matches nothing', text => {
  expect(readPhc(text)).toBeUndefined()
  expect(checkPassword(text, '', nodeArgon2()).matches).toBe(false)
})

test('[S108] a kept hash of lower parameters is replaced at the next sign-in', async () => {
  const { call, folder } = await openTestServer()
  await post(call, '/user/register', ada)
  const cost = { memoryKiB: 4_096, passes: 1, lanes: 1 }
  const salt = new Uint8Array(16).fill(7)
  const tag = nodeArgon2()({ ...cost, salt, password: ada.password, tagBytes: 32 })
  const database = new DatabaseSync(join(folder, 'latchkey.db'))
  const kept = () => String(database.prepare('SELECT password_hash FROM users').get()?.['password_hash'])
  database.prepare('UPDATE users SET password_hash = ?').run(writePhc({ ...cost, salt, tag }))
  expect(await refusal(await post(call, '/user/login', { ...ada, password: 'wrong' }))).toBe(
    '403 invalid_credentials',
  )
  expect(kept()).toContain('m=4096,t=1')
  await signIn(call)
  expect(kept()).toContain('m=19456,t=2')
  await signIn(call)
  database.close()
})
