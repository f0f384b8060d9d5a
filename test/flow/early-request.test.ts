// A request that comes while the server is still opening its store: it waits, and is answered.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { cleanEnvironment, newFolder, serverProgram } from '../server-process.ts'

/** The answer to one request on a connection of its own; undefined while nobody listens. */
async function askOnce(port: number): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let answer = ''
  socket.on('data', chunk => {
    answer += chunk.toString()
  })
  try {
    await once(socket, 'close')
    return answer
  } catch {
    return undefined
  }
}

test('the first request that is taken is answered, however early it comes', async () => {
  const port = await freePort()
  const server = spawn(process.execPath, [serverProgram, 'serve'], {
    cwd: newFolder(),
    env: cleanEnvironment({ LATCHKEY_PORT: String(port) }),
    stdio: 'ignore',
  })
  onTestFinished(async () => {
    server.kill()
    await once(server, 'close')
  })
  let answer: string | undefined
  while (answer === undefined) answer = await askOnce(port)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
}, 15_000)
