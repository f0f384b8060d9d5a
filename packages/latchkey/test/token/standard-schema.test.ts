import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createKey } from '../../src/keys/create-key.ts'
import { isStandardSchema, pathOf, type StandardSchema } from '../../src/token/standard-schema.ts'
import type { Claims } from '../../src/token/verdict.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { rawToken, secret } from './raw-token.ts'

const key = createKey({ secret })
const schemas: Readonly<Record<string, StandardSchema>> = {
  zod: z.object({ sub: z.string(), user: z.object({ roles: z.array(z.string()) }) }),
  valibot: v.object({ sub: v.string(), user: v.object({ roles: v.array(v.string()) }) }),
  arktype: type({ sub: 'string', user: { roles: 'string[]' } }),
}

describe.each(Object.entries(schemas))('claims by a schema of %s', (_, schema) => {
  const verifier = createVerifier({ key, schema })

  it('that fit', async () => {
    const token = rawToken({ payload: { sub: 'ada', user: { roles: ['editor'] } } })
    expect(verifier(token)).toMatchObject({ sub: 'ada', user: { roles: ['editor'] } })
    expect(verifier.safe(token)).toBe(verifier.safe(token))
    expect(await verifier.async(token)).toMatchObject({ sub: 'ada' })
  })

  it('that do not: the places are told, the values are not', () => {
    const verdict = verifier.safe(rawToken({ payload: { sub: 'ada', user: { roles: ['editor', 77_777] } } }))
    if (verdict.ok) return expect.unreachable()
    expect(verdict.code).toBe('schema_mismatch')
    expect(verdict.error.errors?.map(({ path }) => path)).toEqual(['user.roles.1'])
    expect(JSON.stringify([verdict.error.errors, verdict.error.message])).not.toMatch(/77777|editor|ada/)
  })

  it('only once everything else holds', () => {
    expect(verifier.safe(rawToken({ payload: { exp: 1 } }))).toMatchObject({ code: 'token_expired' })
    expect(verifier.safe(rawToken({ payload: {}, key: `${secret}!` }))).toMatchObject({
      code: 'signature_invalid',
    })
  })
})

describe('a schema that changes claims', () => {
  it('gives what it made of them', () => {
    const schema = z.object({ n: z.string().transform(Number) })
    expect(createVerifier({ key, schema })(rawToken({ payload: { n: '5', more: 1 } }))).toEqual({ n: 5 })
  })

  it('may answer later', async () => {
    const schema = v.pipeAsync(
      v.object({ sub: v.string() }),
      v.checkAsync(async ({ sub }) => sub === 'ada'),
    )
    const verifier = createVerifier({ key, schema })
    expect(await verifier.check(rawToken({ payload: { sub: 'ada' } }))).toMatchObject({
      ok: true,
      claims: { sub: 'ada' },
    })
    await expect(verifier.async(rawToken({ payload: { sub: 'eve' } }))).rejects.toMatchObject({
      code: 'schema_mismatch',
    })
  })
})

describe('a schema beside revocation', () => {
  it.each([true, false])('hides no revoked session by leaving its id out (cache: %s)', async cache => {
    const revoked = new Set<unknown>()
    const revocations = { isRevoked: ({ claims }: { claims: Claims }) => revoked.has(claims['sid']) }
    const schemas = [z.object({ sub: z.string() }), v.objectAsync({ sub: v.string() })]
    for (const schema of schemas) {
      const verifier = createVerifier({ key, schema, revocations, cache })
      const token = rawToken({ payload: { sub: 'ada', sid: 'a session' } })
      revoked.clear()
      expect(await verifier.async(token)).toEqual({ sub: 'ada' })
      revoked.add('a session')
      await expect(verifier.async(token)).rejects.toMatchObject({ code: 'token_revoked' })
    }
  })
})

describe('what a schema is', () => {
  it('is told by its interface', () => {
    for (const schema of Object.values(schemas)) expect(isStandardSchema(schema)).toBe(true)
    for (const other of [
      null,
      undefined,
      {},
      { '~standard': {} },
      { '~standard': { validate: 1 } },
      () => 1,
      'x',
    ])
      expect(isStandardSchema(other)).toBe(false)
  })

  it('names places', () => {
    expect(pathOf({ message: '', path: ['a', { key: 0 }, Symbol('s')] })).toBe('a.0.Symbol(s)')
    expect(pathOf({ message: '' })).toBe('')
  })
})
