// A device that signed in before: counted by itself, so that strangers' guesses keep nobody out of their own account.
import { describe, expect, test } from 'vitest'
import { ada, type Caller, post, refusal, type TokenAnswer, tokens } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const grace = { username: 'grace', password: 'a compiler on the shelf' }

async function openWithDevice() {
  const server = await openTestServer()
  await post(server.call, '/user/register', ada)
  return { ...server, device: await deviceOf(server.call, ada) }
}

async function deviceOf(call: Caller, user: typeof ada): Promise<string> {
  const answer = (await tokens(await post(call, '/user/login', user))) as TokenAnswer & {
    device_token: string
  }
  return answer.device_token
}

async function attack(call: Caller, username: string, more: object = {}): Promise<string[]> {
  const answers: string[] = []
  for (let i = 0; i < 12; i++)
    answers.push(await refusal(await post(call, '/user/login', { username, password: 'a guess', ...more })))
  return answers
}

const blockedAfterTen = [...Array(10).fill('403 invalid_credentials'), ...Array(2).fill('429 rate_limited')]

describe('a known device', () => {
  test('[S112] lets its owner in while strangers keep the account waiting', async () => {
    const { call, device } = await openWithDevice()
    expect(await attack(call, 'ada')).toEqual(blockedAfterTen)
    expect(await refusal(await post(call, '/user/login', ada))).toBe('429 rate_limited')
    await tokens(await post(call, '/user/login', { ...ada, device_token: device }))
    // What its owner does frees no stranger.
    expect(await refusal(await post(call, '/user/login', ada))).toBe('429 rate_limited')
  })

  test('lets its owner in from an address that has used up its guesses, too', async () => {
    const { call, device } = await openWithDevice()
    for (let i = 0; i < 120; i++)
      await post(call, '/user/login', { username: `nobody-${i}`, password: 'a guess' })
    expect(await refusal(await post(call, '/user/login', ada))).toBe('429 rate_limited')
    await tokens(await post(call, '/user/login', { ...ada, device_token: device }))
  })

  test('[S112] gives whoever stole its token a bucket of its own and no more', async () => {
    const { call, device } = await openWithDevice()
    expect(await attack(call, 'ada', { device_token: device })).toEqual(blockedAfterTen)
    expect(await refusal(await post(call, '/user/login', { ...ada, device_token: device }))).toBe(
      '429 rate_limited',
    )
    // The others' are untouched.
    expect((await post(call, '/user/login', ada)).status).toBe(200)
  })

  test('is a stranger to every other account, and a forged token is none', async () => {
    const { call, device } = await openWithDevice()
    await post(call, '/user/register', grace)
    expect(await attack(call, 'grace', { device_token: device })).toEqual(blockedAfterTen)
    expect(await refusal(await post(call, '/user/login', grace))).toBe('429 rate_limited')

    const at = (i: number) => `${device.slice(0, i)}${device[i] === 'A' ? 'B' : 'A'}${device.slice(i + 1)}`
    const forged = [at(4), at(30), at(60), at(80), device.slice(0, -1), `${device}A`, 'lkd_', 'x'.repeat(512)]
    expect(await attack(call, 'ada')).toEqual(blockedAfterTen)
    for (const token of forged)
      expect(await refusal(await post(call, '/user/login', { ...ada, device_token: token }))).toBe(
        '429 rate_limited',
      )
  })

  test('[S112] is a stranger once the password is another: whoever knew the old one has no lanes to guess the new one', async () => {
    const { call, device } = await openWithDevice()
    const lanes = [device, await deviceOf(call, ada), await deviceOf(call, ada)]
    const { access_token } = await tokens(await post(call, '/user/login', ada))
    const renewed = { ...ada, password: 'a lantern in the window' }
    const change = { current_password: ada.password, new_password: renewed.password }
    const authorization = `Bearer ${access_token}`
    expect((await post(call, '/user/password', change, { authorization })).status).toBe(204)
    const anew = await deviceOf(call, renewed)
    expect(await attack(call, 'ada')).toEqual(blockedAfterTen)
    for (const device_token of lanes)
      expect(await refusal(await post(call, '/user/login', { ...ada, device_token }))).toBe(
        '429 rate_limited',
      )
    await tokens(await post(call, '/user/login', { ...renewed, device_token: anew }))
  })

  test('[S111] a wrong password is answered by the same bytes with its token and without', async () => {
    const { call, device } = await openWithDevice()
    const shown = async (more: object) => {
      const answer = await post(call, '/user/login', { username: 'ada', password: 'a guess', ...more })
      const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
      return [answer.status, headers, await answer.text()]
    }
    expect(await shown({ device_token: device })).toEqual(await shown({}))
  })

  test('[S104] is a cookie in a browser, which serves wherever the password is asked for', async () => {
    const { call } = await openWithDevice()
    const origin = 'http://localhost:4000'
    const begun = await post(call, '/user/login', { ...ada, session: 'cookie' }, { origin })
    const cookie = begun.headers.getSetCookie().find(one => one.startsWith('latchkey-device-4000=')) ?? ''
    const kept = { cookie: cookie.split(';')[0] ?? '', origin }
    const { access_token } = (await begun.json()) as TokenAnswer
    await attack(call, 'ada')
    const again = await post(call, '/user/login', { ...ada, session: 'cookie' }, kept)
    expect(again.status).toBe(200)
    expect(again.headers.getSetCookie()).toContainEqual(cookie)
    const change = { current_password: ada.password, new_password: 'a lantern in the window' }
    const authorization = `Bearer ${access_token}`
    expect(await refusal(await post(call, '/user/password', change, { authorization }))).toBe(
      '429 rate_limited',
    )
    expect((await post(call, '/user/password', change, { ...kept, authorization })).status).toBe(204)
  })
})
