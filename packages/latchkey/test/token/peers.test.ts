// The row of the README that says what the peers accept and Latchkey refuses, asked of the peers themselves.
import { createHmac } from 'node:crypto'
import { jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { verify } from '../../src/token/verify-once.ts'

const secret = 'a secret of thirty-two bytes or more'

/** A token of these very texts. */
function tokenOf(header: string, claims: string, key = secret): string {
  const input = [header, claims].map(text => Buffer.from(text).toString('base64url')).join('.')
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

const rows = [
  {
    what: 'a secret of three bytes',
    token: tokenOf('{"alg":"HS256"}', '{"sub":"ada"}', 'abc'),
    key: 'abc',
    jose: true,
  },
  {
    what: 'an extension that nobody understands (crit)',
    token: tokenOf('{"alg":"HS256","crit":["x"],"x":1}', '{"sub":"ada"}'),
    key: secret,
    jose: false,
  },
  {
    what: 'a claim twice',
    token: tokenOf('{"alg":"HS256"}', '{"sub":"eve","sub":"ada"}'),
    key: secret,
    jose: true,
  },
]

describe('what the README says of the peers', () => {
  it.each(rows)('$what', async ({ token, key, jose }) => {
    expect(() => verify(token, key)).toThrow()
    expect(jsonwebtoken.verify(token, key)).toMatchObject({ sub: 'ada' })
    const taken = await jwtVerify(token, Buffer.from(key)).then(
      () => true,
      () => false,
    )
    expect(taken).toBe(jose)
  })
})
