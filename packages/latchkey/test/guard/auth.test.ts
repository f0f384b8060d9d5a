import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Auth } from '../../src/guard/auth.ts'
import type { Claims } from '../../src/token/verdict.ts'

const header = { alg: 'HS256' }
const callerOf = (claims: Claims) => new Auth('eyJ.secret.token', { claims, header }, claims, {})

describe('a caller', () => {
  it.each([
    ['a b', 'a', true],
    ['a b', 'b', true],
    ['a  b', 'b', true],
    ['read:all', 'read', false],
    ['read', 'read:all', false],
    ['Read', 'read', false],
    ['a\tb', 'b', false],
    ['*', 'anything', true],
    ['', '', false],
    [undefined, 'a', false],
    [['a'], 'a', false],
  ])('with the scope %j has %j: %s [S59]', (scope, asked, has) => {
    expect(callerOf({ scope }).has(asked)).toBe(has)
  })

  it.each([
    [{ user: { id: 'u', username: 'ada', roles: ['admin'] } }, true],
    [{ roles: ['admin'] }, true],
    [{ user: { id: 'u', username: 'ada' }, roles: ['admin'] }, false],
    [{ roles: 'admin' }, false],
    [{ roles: ['Admin'] }, false],
    [{}, false],
  ])('with %j is an administrator: %s', (claims, is) => {
    expect(callerOf(claims).is('admin')).toBe(is)
  })

  it('has a user only where the claim is one', () => {
    expect(callerOf({ user: { id: 1, username: 'ada' } }).user).toBeUndefined()
    expect(callerOf({ user: 'ada' }).user).toBeUndefined()
    expect(callerOf({ user: { id: 'u', username: 'ada', roles: [1] } }).user?.roles).toEqual([])
  })

  it('gives the token to who asks for it, and to no log [S15]', () => {
    const caller = callerOf({ sub: 'ada' })
    expect(caller.token).toBe('eyJ.secret.token')
    expect(JSON.stringify(caller)).not.toContain('eyJ')
    expect(inspect(caller, { depth: 9, showHidden: true })).not.toContain('eyJ')
  })

  it('cannot be changed', () => {
    const caller = callerOf({ scope: 'a', user: { id: 'u', username: 'ada', roles: ['r'] } })
    expect(() => Object.assign(caller, { subject: 'root' })).toThrow(TypeError)
    expect(() => (caller.scopes as string[]).push('*')).toThrow(TypeError)
    expect(() => (caller.roles as string[]).push('admin')).toThrow(TypeError)
  })
})
