// The bound on connections: one more than the server takes is closed at once, those it has go on, and a place that is
// given up is free again.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, callerAt, signIn } from '../account.ts'
import { type ServerProcess, startServer } from '../server-process.ts'

const most = 5
let server: ServerProcess
let token: string
beforeAll(async () => {
  server = await startServer({
    env: { LATCHKEY_LOG_LEVEL: 'error', LATCHKEY_MAX_CONNECTIONS: String(most) },
  })
  const headers = { connection: 'close' }
  const call = callerAt(server.url)
  token = (
    await signIn((path, init) => call(path, { ...init, headers: { ...init?.headers, ...headers } }), ada)
  ).access_token
})
afterAll(() => server.end())

/** A connection of its own. */
function open(): Socket {
  const { hostname, port } = new URL(server.url)
  return connect(Number(port), hostname)
    .setEncoding('latin1')
    .on('error', () => undefined)
}

/** Asks a guarded route and keeps the connection: the status, or how the server ended it instead. */
function ask(socket: Socket): Promise<string> {
  return new Promise(resolve => {
    socket.once('data', text => resolve(String(text).slice(9, 12)))
    // A connection that was closed at once ends with or without a reset.
    socket.once('close', () => resolve('closed'))
    socket.write(`GET /user/data HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  })
}

test('one connection too many is closed unanswered, the others are served, and a place given up is free again', async () => {
  const sockets = Array.from({ length: most }, open)
  expect(await Promise.all(sockets.map(ask))).toEqual(sockets.map(() => '200'))
  const beyond = Array.from({ length: 3 * most }, open)
  expect(await Promise.all(beyond.map(ask))).toEqual(beyond.map(() => 'closed'))
  // While it is full, and again and again.
  for (let turn = 0; turn < 3; turn++)
    expect(await Promise.all(sockets.map(ask))).toEqual(sockets.map(() => '200'))

  const [given] = sockets
  given?.end()
  if (given !== undefined) await once(given, 'close')
  // The server may hear of it a moment later.
  await expect.poll(() => ask(open())).toBe('200')
  expect(await ask(open())).toBe('closed')
  for (const socket of sockets) socket.destroy()
})
