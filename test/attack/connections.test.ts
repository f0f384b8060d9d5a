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

test('requests far ahead of their answers end the connection, a few are answered in turn', async () => {
  const request = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const answersTo = async (bytes: string): Promise<{ text: string; isClosed: boolean }> => {
    const socket = open()
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    let isClosed = false
    socket.on('close', () => {
      isClosed = true
    })
    socket.write(bytes)
    await expect.poll(() => isClosed || text.split('HTTP/1.1 200').length > 5).toBe(true)
    socket.destroy()
    return { text, isClosed }
  }
  const few = await answersTo(request.repeat(5))
  expect(few.text.split('HTTP/1.1 200')).toHaveLength(6)
  expect(few.isClosed).toBe(false)
  const many = await answersTo(request.repeat(1_000))
  expect(many.isClosed).toBe(true)
  expect(many.text.split('HTTP/1.1 200').length).toBeLessThan(10)
  await expect.poll(() => ask(open())).toBe('200')
})

test('[S90] a request with two Host headers is refused, whichever is ours', async () => {
  const { port } = new URL(server.url)
  for (const hosts of [`Host: localhost:${port}\r\nHost: a.example`, 'Host: a.example\r\nhost: localhost']) {
    const socket = open()
    socket.write(`GET /outbox HTTP/1.1\r\n${hosts}\r\n\r\n`)
    const [text] = await once(socket, 'data')
    expect(String(text).slice(9, 12)).toBe('400')
    await once(socket, 'close')
  }
})
