// The refresh table: what becomes of each presented counter, over HTTP on a real database file.
import { describe, expect, test } from 'vitest'
import { bearer, refresh, refusal, signIn, tokens } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const graceMs = 30_000
const attempt = 'A'.repeat(22)

describe('a refresh', () => {
  test('[S92] rotates a current token once the grace of the last rotation is over, and the successor works', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token))
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await call('/user/data', bearer(second.access_token))).status).toBe(200)
    time.nowMs += graceMs + 1
    const third = await tokens(await refresh(call, second.refresh_token))
    expect(third.refresh_token).not.toBe(second.refresh_token)
  })

  test('keeps a current token within the grace of the last rotation', async () => {
    const { call, time } = await openTestServer()
    const second = await tokens(await refresh(call, (await signIn(call)).refresh_token))
    time.nowMs += graceMs
    const again = await tokens(await refresh(call, second.refresh_token))
    expect(again.refresh_token).toBe(second.refresh_token)
  })

  test('repeats the same successor for the token before it, within the grace', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token))
    time.nowMs += graceMs
    expect((await tokens(await refresh(call, first.refresh_token))).refresh_token).toBe(second.refresh_token)
  })

  test('repeats the successor later for the attempt that made the rotation, and for no other', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token, attempt))
    time.nowMs += 3_600_000
    expect((await tokens(await refresh(call, first.refresh_token, attempt))).refresh_token).toBe(
      second.refresh_token,
    )
    expect(await refusal(await refresh(call, first.refresh_token, 'B'.repeat(22)))).toBe('403 refresh_reused')
  })

  test('[S93] ends the session when a spent token comes back after the grace, access tokens and all', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token))
    time.nowMs += graceMs + 1
    expect(await refusal(await refresh(call, first.refresh_token))).toBe('403 refresh_reused')
    expect(await refusal(await refresh(call, second.refresh_token))).toBe('403 session_revoked')
    expect(await refusal(await call('/user/data', bearer(second.access_token)))).toBe('403 token_revoked')
  })

  test('[S93] ends the session for a token two behind, even within the grace', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const second = await tokens(await refresh(call, first.refresh_token))
    time.nowMs += graceMs + 1
    await tokens(await refresh(call, second.refresh_token))
    expect(await refusal(await refresh(call, first.refresh_token))).toBe('403 refresh_reused')
  })

  test('[S97] refuses after the idle time, and after the longest life, without ending anything else', async () => {
    const { call, time } = await openTestServer({ sessionIdle: '1h', sessionMax: '3h' })
    let current = await signIn(call)
    for (let hour = 1; hour <= 2; hour++) {
      time.nowMs += 3_599_000
      current = await tokens(await refresh(call, current.refresh_token))
    }
    time.nowMs += 3_599_000
    expect((await tokens(await refresh(call, current.refresh_token))).refresh_expires_in).toBeLessThan(10)
    time.nowMs += 10_000
    expect(await refusal(await refresh(call, current.refresh_token))).toBe('403 refresh_expired')

    const idle = await signIn(call)
    time.nowMs += 3_600_000
    expect(await refusal(await refresh(call, idle.refresh_token))).toBe('403 refresh_expired')
  })

  test('goes on when the clock jumps back an hour, and refuses the token before without ending the session', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    time.nowMs += 3_600_000
    const second = await tokens(await refresh(call, first.refresh_token))
    time.nowMs -= 3_600_000
    expect(await refusal(await refresh(call, first.refresh_token))).toBe('403 refresh_expired')
    await tokens(await refresh(call, second.refresh_token))
  })

  test('[S94] 64 at once with one token all succeed with one and the same successor, which works', async () => {
    const { call, time } = await openTestServer()
    const first = await signIn(call)
    const answers = await Promise.all(Array.from({ length: 64 }, () => refresh(call, first.refresh_token)))
    const given = await Promise.all(answers.map(tokens))
    const successors = new Set(given.map(answer => answer.refresh_token))
    expect(successors.size).toBe(1)
    time.nowMs += graceMs + 1
    const [successor = ''] = successors
    await tokens(await refresh(call, successor))
  })

  test('200 forged tokens with a stranger’s session id leave his session alive', async () => {
    const { call } = await openTestServer()
    const stranger = await signIn(call)
    const raw = Buffer.from(stranger.refresh_token.slice('lkr_'.length), 'base64url')
    for (let round = 0; round < 200; round++) {
      const forged = Buffer.from(raw)
      // Every byte in turn but those of the session id: mark, version, counter, MAC.
      const places = [...Array(9).keys(), ...Array.from({ length: 36 }, (_, i) => 25 + i)]
      const place = places[round % places.length] ?? 0
      forged[place] = (forged[place] ?? 0) ^ (1 + (round % 255))
      expect(await refusal(await refresh(call, `lkr_${forged.toString('base64url')}`))).toBe(
        '403 invalid_token',
      )
    }
    await tokens(await refresh(call, stranger.refresh_token))
  })

  test('refuses what is no refresh token of ours, in every spelling', async () => {
    const { call } = await openTestServer()
    const { refresh_token, access_token } = await signIn(call)
    const junk = [
      'x',
      'lkr_',
      `${refresh_token}=`,
      `${refresh_token} `,
      refresh_token.toUpperCase(),
      access_token,
    ]
    for (const token of junk) expect(await refusal(await refresh(call, token))).toBe('403 invalid_token')
    expect(await refusal(await refresh(call, '')), 'an empty one').toBe('422 validation_failed')
  })
})
