// The inspector and `latchkey token decode` say the same of a token: one table of claims, one of steps.
import { expect, test } from 'vitest'
import { signIn } from '../../../../test/account.ts'
import { decodeToken } from '../../src/cli/decode-token.ts'
import { loadConfig } from '../../src/config.ts'
import { ladder, stateWords, steps } from '../../src/words/ladder.ts'
import { explainToken } from '../../src/words/token-words.ts'
import { openTestServer } from '../open-test-server.ts'

const { config } = loadConfig({ env: {}, input: {} })

/** What a page says, as somebody reads it. */
const readable = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(quot|#39|amp);/g, (_, name: string) => ({ quot: '"', '#39': "'", amp: '&' })[name] ?? '')
    .replaceAll(/\s+/g, ' ')

test('of the same token both explain each member and name each step alike', async () => {
  const { call, time } = await openTestServer({}, { nowMs: Math.floor(Date.now() / 1000) * 1000 })
  const { access_token: token } = await signIn(call)
  time.nowMs += 3_601_000
  const asked = await call('/inspect', {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  })
  const page = readable(await asked.text())
  const { text } = await decodeToken(config, token)
  const terminal = text?.replaceAll(/\s+/g, ' ') ?? ''

  const { header, claims } = explainToken(token, {}, time.nowMs)
  expect(claims.length).toBeGreaterThan(10)
  for (const { name, value, meaning, section, time: instant } of [...header, ...claims]) {
    const absolute = instant?.split(',')[0]
    for (const said of [name, value, meaning, section, absolute].filter(one => one !== undefined)) {
      expect(page, `the page on ${name}`).toContain(said)
      expect(terminal, `the terminal on ${name}`).toContain(said)
    }
  }
  for (const step of steps) {
    expect(page).toMatch(new RegExp(`${step} (${Object.values(stateWords).join('|')}) `, 'i'))
    expect(terminal).toMatch(new RegExp(`${step} (${Object.values(stateWords).join('|')}) `))
    expect(page).toContain(ladder[step].asks)
  }
  // The server knows the time that this test set; the terminal has the real one.
  expect(page).toContain(`Expiry ${stateWords.stopped}`)
  expect(page).toContain(`${explainToken(token, {}, time.nowMs).refusal?.words} A guard answers`)
  expect(terminal).toContain(`expiry ${stateWords.passed} ${ladder.expiry.asks}`)
})

test('a claim of the issuer’s own is said to be one, in the same words', async () => {
  const parts = [{ alg: 'ES256', typ: 'at+jwt' }, { exp: 4_000_000_000, colour: 'brass' }, 'x']
  const token = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const { call } = await openTestServer()
  const asked = await call('/inspect', {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  })
  const words = 'The issuer’s own: no standard gives it a meaning.'
  const page = readable(await asked.text())
  expect(page).toContain(words)
  expect((await decodeToken(config, token)).text).toContain(words)
  // Nothing in the token shows that no key of this server made it: the server says so.
  expect(page).toContain('The signature of the token is not valid. A guard answers')
})

test.each([
  [{ alg: 'ES256', typ: 'JWT' }, 'It has the typ "JWT", and at+jwt is asked for.'],
  [{ alg: 'none', typ: 'at+jwt' }, 'The algorithm is "none", which is none that signs.'],
])('a refusal that the token itself shows has the same reason in both: %j', async (header, words) => {
  const token = [header, { exp: 4_000_000_000 }, 'x']
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const { call } = await openTestServer()
  const asked = await call('/inspect', {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  })
  expect(readable(await asked.text())).toContain(words)
  expect((await decodeToken(config, token)).text).toContain(words)
})
