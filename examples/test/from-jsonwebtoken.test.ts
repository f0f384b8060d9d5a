// An application moves over in two steps, and nobody is signed out on the way.
import { decode } from 'latchkey'
import { expect, test } from 'vitest'
import { bearer, callerAt, post } from '../../test/account.ts'
import { exampleFile, startExample } from './start-example.ts'

const program = (step: string): string => exampleFile(`from-jsonwebtoken/${step}.ts`)

async function tokenFrom(call: ReturnType<typeof callerAt>): Promise<string> {
  const answer = await post(call, '/login', { username: 'ada' })
  const { token } = (await answer.json()) as { token: string }
  return token
}

const ada = { id: 7, username: 'ada' }

test('a token of the old application counts at every step', async () => {
  const before = callerAt((await startExample(program('before'))).url)
  const old = await tokenFrom(before)
  expect(await (await before('/data', bearer(old))).json()).toEqual({ user: ada })

  const first = callerAt((await startExample(program('step-1'))).url)
  expect(await (await first('/data', bearer(old))).json()).toEqual({ user: ada })
  const same = await tokenFrom(first)
  expect(Object.keys(decode(same) ?? {})).toEqual(Object.keys(decode(old) ?? {}))
  expect((await before('/data', bearer(same))).status).toBe(200)
  expect((await first('/data')).status).toBe(401)

  const second = callerAt((await startExample(program('step-2'))).url)
  for (const token of [old, same])
    expect(await (await second('/data', bearer(token))).json()).toEqual({ user: ada, subject: '7' })
  const fresh = await tokenFrom(second)
  expect(decode(fresh, { complete: true })?.header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  expect(await (await second('/data', bearer(fresh))).json()).toMatchObject({ subject: '7' })
  // The way back is closed: the old guard takes no new token.
  expect((await before('/data', bearer(fresh))).status).toBe(401)
})

test('after their last day old tokens count no more', async () => {
  const before = callerAt((await startExample(program('before'))).url)
  const old = await tokenFrom(before)
  const env = { LEGACY_UNTIL: '2026-01-01' }
  const after = callerAt((await startExample(program('step-2'), { env })).url)
  const answer = await after('/data', bearer(old))
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'token_expired' }])
  expect((await after('/data', bearer(await tokenFrom(after)))).status).toBe(200)
})
