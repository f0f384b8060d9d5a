import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import { decode } from '../../src/token/decode.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { encode, rawToken, secret } from './raw-token.ts'

describe('[S14] decode reads and proves nothing', () => {
  it('gives the claims, or all parts', () => {
    const token = rawToken({ header: { alg: 'none' }, payload: { sub: 'ada', exp: 1 } })
    expect(decode(token)).toEqual({ sub: 'ada', exp: 1 })
    expect(decode(token, { complete: true })).toEqual({
      header: { alg: 'none' },
      payload: { sub: 'ada', exp: 1 },
      signature: token.split('.')[2],
    })
    expect(decode(`${encode('{}')}.${encode('{}')}.`, { complete: true })).toEqual({
      header: {},
      payload: {},
      signature: '',
    })
  })

  it.each<unknown>([
    '',
    'x',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    '...',
    `${encode('{}')}.${encode('[]')}.`,
    `${encode('{}')}.${encode('{"a":1,"a":2}')}.`,
    `${encode('{}')}=.${encode('{}')}.`,
    `${encode('{}')}.${encode('{}')}.!`,
    ` ${rawToken()}`,
    '.'.repeat(1_000_000),
    'a'.repeat(2_000_000),
    `${encode('{}')}.${encode(`{"a":${'['.repeat(300_000)}`)}.`,
    null,
    undefined,
    1,
    {},
    [],
    Symbol('x'),
    Buffer.from(rawToken()),
  ])('gives null for what is no JWT in compact form, and never throws', token => {
    expect(decode(token as string)).toBeNull()
    expect(decode(token as string, { complete: true })).toBeNull()
  })

  it('gives nothing that a verifier takes for keys or a token', () => {
    const decoded = decode(rawToken({ payload: { a: 1 } }), { complete: true })
    expect(() => createVerifier({ key: decoded as never })).toThrow(TypeError)
    expect(createVerifier({ key: createKey({ secret }) }).safe(decoded).ok).toBe(false)
  })

  it('refuses options that it does not know', () => {
    expect(() => decode(rawToken(), { complet: true } as object)).toThrow("did you mean 'complete'?")
  })
})
