// The moments around a start: whoever connects as soon as the port is open is answered.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { cleanEnvironment, newFolder, serverProgram } from '../server-process.ts'

test('a request that comes while the server opens its database waits and is answered', async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [serverProgram, 'serve'], {
    cwd: newFolder(),
    env: cleanEnvironment({ LATCHKEY_PORT: String(port) }),
    stdio: 'ignore',
  })
  try {
    // Nobody is refused for longer than it takes to listen; the first that gets through must get its answer.
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined)
      if (answer === undefined) continue
      expect(answer.status).toBe(200)
      break
    }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
})
