import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveMasterKey } from '../../src/auth/master-key.ts'
import { isPageTokenOf, makePageToken, readPageToken } from '../../src/auth/page-token.ts'
import type { SessionId } from '../../src/store/records.ts'

const master = deriveMasterKey(randomBytes(32))
const session = () => ({ id: randomBytes(16).toString('base64url') as SessionId, salt: randomBytes(16) })

test('a handle names its session, and fits no other salt, session or master key', () => {
  const one = session()
  const text = makePageToken(master, one)
  const token = readPageToken(master, text)
  if (token === undefined) throw new Error('not read')
  expect(token.sessionId).toBe(one.id)
  expect(isPageTokenOf(token, one.salt)).toBe(true)
  expect(isPageTokenOf(token, session().salt)).toBe(false)
  const other = readPageToken(deriveMasterKey(randomBytes(32)), text)
  expect(other !== undefined && isPageTokenOf(other, one.salt)).toBe(false)
})

test('no changed character is taken', () => {
  const one = session()
  const text = makePageToken(master, one)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      const changed = text.slice(0, at) + character + text.slice(at + 1)
      const token = changed === text ? undefined : readPageToken(master, changed)
      return token === undefined || token.sessionId !== one.id || !isPageTokenOf(token, one.salt)
    }),
  )
})
