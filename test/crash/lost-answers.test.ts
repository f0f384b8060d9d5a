// A client whose answers get lost after the commit, and who asks again minutes or hours later, never signs in again.
import { randomBytes, randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { openTestServer } from '../../packages/server/test/open-test-server.ts'
import { type Caller, post, refresh, signIn, type TokenAnswer, tokens } from '../account.ts'

const clientCount = 200
const rounds = 50
const graceMs = 30_000
const eightHoursMs = 8 * 3_600_000

/** Signs in on many devices, over accounts of a hundred sessions each. */
async function signInEverywhere(call: Caller): Promise<TokenAnswer[]> {
  const users = ['ada', 'grace'].map(username => ({ username, password: 'a lantern on the sill' }))
  for (const user of users) await post(call, '/user/register', user)
  const answers: TokenAnswer[] = []
  for (let i = 0; i < clientCount; i++)
    answers.push(await tokens(await post(call, '/user/login', users[i % users.length])))
  return answers
}

test('10,000 answers dropped after the commit, asked for again after 0 s to 8 h: nobody signs in again', async () => {
  const { call, time } = await openTestServer({ limits: 'off' })
  const held = await signInEverywhere(call)
  let dropped = 0
  let rotated = 0
  for (let round = 0; round < rounds; round++) {
    const attempts = held.map(() => randomBytes(16).toString('base64url'))
    // Committed and answered; the answer is thrown away. A third of them are dropped a second time.
    const lost = await Promise.all(
      held.map(async (client, i) => tokens(await refresh(call, client.refresh_token, attempts[i]))),
    )
    dropped += lost.length
    // The instants of a round differ from client to client: they come in the order of their delays.
    const delays = held
      .map(() => (randomInt(4) === 0 ? 0 : randomInt(eightHoursMs)))
      .toSorted((a, b) => a - b)
    const startMs = time.nowMs
    for (const [i, client] of held.entries()) {
      time.nowMs = startMs + (delays[i] ?? 0)
      if (i % 3 === 0) {
        await refresh(call, client.refresh_token, attempts[i])
        dropped += 1
      }
      const answer = await tokens(await refresh(call, client.refresh_token, attempts[i]))
      expect(answer.refresh_token, 'the successor that was lost').toBe(lost[i]?.refresh_token)
      if (answer.refresh_token !== client.refresh_token) rotated += 1
      held[i] = answer
    }
    time.nowMs += graceMs + 1
  }
  expect(dropped).toBeGreaterThanOrEqual(10_000)
  expect(rotated, 'dropped answers whose commit had rotated the token').toBe(clientCount * rounds)
}, 180_000)

test('a client without an attempt goes on within the grace, and is taken for a thief after it', async () => {
  const { call, time } = await openTestServer()
  const first = await signIn(call)
  await refresh(call, first.refresh_token)
  time.nowMs += graceMs
  await tokens(await refresh(call, first.refresh_token))
  time.nowMs += 1
  expect((await refresh(call, first.refresh_token)).status).toBe(403)
})
