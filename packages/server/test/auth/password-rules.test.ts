// Which passwords are refused, and that no kind of character is asked for.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { post, refusal } from '../../../../test/account.ts'
import { openTestServer } from '../open-test-server.ts'

const common = readFileSync(new URL('../../passwords/common-passwords.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')

let count = 0
/** Registers a new name with a password: `201`, or the refusal. */
async function choose(
  call: Awaited<ReturnType<typeof openTestServer>>['call'],
  password: string,
  more: Record<string, string> = {},
): Promise<string> {
  const username = `somebody${count++}`
  const answer = await post(call, '/user/register', { username, password, ...more })
  return answer.status === 201 ? '201' : refusal(answer)
}

describe('common passwords', () => {
  test('[S107] are ten thousand and more, each in the form that is compared', () => {
    expect(common.length).toBeGreaterThan(10_000)
    expect(common.filter(one => one !== one.normalize('NFKC').toLowerCase() || [...one].length < 8)).toEqual(
      [],
    )
    expect(new Set(common).size).toBe(common.length)
  })

  test('[S107] are refused in every spelling, from the first to the last of the list', async () => {
    const { call } = await openTestServer()
    const sample = common.filter((_, i) => i % 500 === 0 || i === common.length - 1)
    for (const one of [...sample, 'PASSWORD', 'Password2026!', 'ｐａｓｓｗｏｒｄ', 'sunshine99'])
      expect(await choose(call, one), one).toBe('422 weak_password')
  })
})

test.each([
  ['the username', { username: 'countess' }, 'Countess1815'],
  ['the local part of the address', { email: 'lovelace@example.com' }, 'lovelace#1'],
  ['the domain of the address', { email: 'ada@analytical.example' }, '!analytical!'],
  ['the product', {}, 'cornershop-1'],
  ['the host', {}, 'login.shop.example'],
])('[S107] %s with a little around it is refused', async (_word, more, password) => {
  const { call } = await openTestServer({
    productName: 'Corner Shop',
    issuer: 'https://login.shop.example',
  })
  expect(await choose(call, password, more)).toBe('422 weak_password')
})

test.each([
  'only lower case words',
  '38271950463817',
  'ÄÖÜ ÄÖÜß ẞ',
  '🔑🗝️🚪🏮🕯️🪟🛎️',
  'a lantern for ada, corner shop',
  'nul \u0000 inside',
  'x9'.repeat(32).replace('x9x9', 'q1zz'),
])('[S107] %j is taken: nothing is asked but length and not being guessed', async password => {
  const { call } = await openTestServer({ productName: 'Corner Shop' })
  expect(await choose(call, password)).toBe('201')
})

test('[S106] the shortest length is set, counted in characters, and the longest is 1,024 bytes', async () => {
  const { call } = await openTestServer({ passwordMin: 15 })
  expect(await choose(call, 'brass lantern 🔑')).toBe('201')
  expect(await choose(call, 'brass lantern🔑')).toBe('422 weak_password')
  const longest = `x7 ${'é'.repeat(510)}y`
  expect(Buffer.byteLength(longest)).toBe(1024)
  expect(await choose(call, longest)).toBe('201')
  expect(await choose(call, `${longest}z`)).toBe('422 weak_password')
})

/** A service that knows one leaked password, as Pwned Passwords answers. */
async function startLeakService(answer: (prefix: string, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const prefix = (request.url ?? '').split('/').at(-1) ?? ''
    asked.push(request.url ?? '')
    answer(prefix, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`, asked }
}

describe('leaked passwords', () => {
  const leaked = 'a password that leaked'
  const padded = 'a password that only fills'
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

  test('[S107] are refused, and the service learns five digits of a hash', async () => {
    const service = await startLeakService((_prefix, response) => {
      response.end(`${sha1(padded).slice(5)}:0\r\n${sha1(leaked).slice(5)}:42\r\n`)
    })
    const { call } = await openTestServer({ breachCheckUrl: service.url })
    expect(await choose(call, leaked)).toBe('422 weak_password')
    expect(await choose(call, 'a password that did not')).toBe('201')
    expect(await choose(call, padded)).toBe('201')
    expect(service.asked).toEqual(
      [leaked, 'a password that did not', padded].map(one => `/range/${sha1(one).slice(0, 5)}`),
    )
  })

  test('cannot be chosen past a service that is away, sends elsewhere or floods', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      response => response.writeHead(500).end(),
      response => response.writeHead(302, { location: '/elsewhere' }).end(),
      response => response.end('x'.repeat(2 * 1024 * 1024)),
      response => response.destroy(),
    ]
    for (const answer of answers) {
      const service = await startLeakService((_prefix, response) => answer(response))
      const { call } = await openTestServer({ breachCheckUrl: service.url })
      expect(await choose(call, leaked)).toBe('503 overloaded')
    }
  })

  test('are not asked for unless a service is named', async () => {
    const { call } = await openTestServer()
    expect(await choose(call, leaked)).toBe('201')
  })
})
