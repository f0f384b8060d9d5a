// Bytes on a socket, before anything of ours has parsed them: a server goes on whatever comes, and is never at fault.
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { mutateText } from '../../packages/latchkey/test/fuzz/generate.ts'
import { Random } from '../../packages/latchkey/test/fuzz/random.ts'
import { callerAt, signIn } from '../account.ts'
import { startServer } from '../server-process.ts'
import { seedsOf } from './corpus.ts'

const isLong = process.env['LATCHKEY_LONG'] === '1'
const cases = isLong ? Number(process.env['FUZZ_REQUESTS'] ?? 20_000) : 400
const seed = Number(process.env['FUZZ_SEED'] ?? (isLong ? new Random(Date.now(), 0).below(2 ** 32) : 1))

/** A request that is right, or nearly. */
function rightRequest(random: Random, token: string): string {
  const body = random.of([...seedsOf('json'), ...seedsOf('forms')])
  const lengths = [Buffer.byteLength(body), Buffer.byteLength(body), body.length + 10, 0, -1, '0x10', '1, 2']
  const headers = [
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    `Cookie: ${random.of(seedsOf('cookies'))}`,
    `Content-Type: ${random.of(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])}`,
    random.chance(4) ? 'Transfer-Encoding: chunked' : `Content-Length: ${random.of(lengths)}`,
    random.chance(4)
      ? `Authorization: ${random.of(['Bearer x', 'Basic eDp5', '\u0080\u00ff'])}`
      : 'Accept: */*',
    'Connection: close',
  ]
  const line = random.of([
    'GET /user/data',
    'POST /user/login',
    'POST /user/refresh',
    'GET /%',
    'GET /user/data?%00',
    'OPTIONS *',
  ])
  return `${line} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

/** What comes back until the server ends the connection; we end our side at once, so that nothing waits for more. */
async function exchange(port: number, bytes: Buffer): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  socket.setEncoding('latin1').on('data', chunk => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.end(bytes)
  await once(socket, 'close')
  return text
}

test('[S55] a server outlives bytes that are nearly requests, and never says that it failed', async () => {
  const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'warn', LATCHKEY_LIMITS: 'off' } })
  const { access_token } = await signIn(callerAt(server.url))
  const port = Number(new URL(server.url).port)
  const statuses = new Map<string, number>()
  for (let number = 0; number < cases; number++) {
    const random = new Random(seed, number)
    let text = rightRequest(random, access_token)
    for (let times = random.below(4); times > 0; times--) text = mutateText(random, text)
    const bytes = random.chance(20) ? random.bytes(200) : Buffer.from(text, 'latin1')
    const answer = await exchange(port, bytes)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'closed'
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    expect(answer, `seed ${seed}, case ${number}`).not.toMatch(/^HTTP\/1\.1 5|internal_error/)
  }
  if (isLong) console.log(`seed ${seed}, ${cases} requests by socket:`, Object.fromEntries(statuses))
  expect(statuses.size).toBeGreaterThan(3)
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  expect(await server.end()).toBe(0)
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"|unhandled/i)
}, 600_000)
