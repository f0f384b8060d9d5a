// Answers guarded requests in this process, as many as it is asked to, and tells what one took: microseconds of CPU.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLatchkey } from '../../packages/server/dist/index.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-metrics-'))
const auth = await createLatchkey({ databaseUrl: `sqlite:${join(folder, 'latchkey.db')}` })
process.once('SIGTERM', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
const connection = { address: '127.0.0.1', encrypted: false }
const call = (path, init) => auth.handler(new Request(`http://localhost:4000${path}`, init), connection)

await auth.users.create({ username: 'ada', password: 'a lantern on the sill' })
const login = await call('/user/login', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username: 'ada', password: 'a lantern on the sill' }),
})
const headers = { authorization: `Bearer ${(await login.json()).access_token}` }

async function cpuOf(times, path, init) {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) {
    const answer = await call(path, init)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

/** What the parent may ask for. */
const measurements = {
  requests: times => cpuOf(times, '/user/data', { headers }),
  scrapes: times => cpuOf(times, '/metrics'),
  /** How many requests were counted. */
  seen: () =>
    [...auth.metrics().matchAll(/^latchkey_http_requests_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    ),
}

process.on('message', async asked => {
  const [[name, value]] = Object.entries(asked)
  process.send(await measurements[name](value))
})
process.send('ready')
