// The long form of the slow sockets: when they are cut, and how fast others are served meanwhile beside an idle server.
import { callerAt, signIn } from '../account.ts'
import { startServer } from '../server-process.ts'
import { judge } from './judge.ts'
import { probe, quantile } from './probe.ts'
import { openSlowSockets } from './slow-sockets.ts'

const rounds = 3
const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'error' } })
const { access_token: token } = await signIn(callerAt(server.url))
const ask = (until: Promise<unknown>) => probe(server.url, { path: '/user/data', token, eachMs: 10 }, until)
const seconds = (count: number) => new Promise(resolve => setTimeout(resolve, count * 1_000))

await ask(seconds(2))
const goals = []
for (let round = 1; round <= rounds; round++) {
  const idle = await ask(seconds(10))
  const slow = openSlowSockets(server.url, 1_000, 60)
  const meanwhile = await ask(slow)
  const { closedAfter } = await slow
  const last = closedAfter.at(-1) ?? Number.POSITIVE_INFINITY
  const [idleMs, slowMs] = [quantile(idle.times, 0.99), quantile(meanwhile.times, 0.99)]
  goals.push(
    {
      what: `round ${round}: 1000 slow sockets are cut`,
      figure: `${closedAfter.length} of them, after ${closedAfter[0]?.toFixed(1)} to ${last.toFixed(1)} s`,
      goal: 'all within 17 s',
      isMet: closedAfter.length === 1_000 && last <= 17,
    },
    {
      what: `round ${round}: p99 of everybody else`,
      figure: `${slowMs.toFixed(1)} ms, ${idleMs.toFixed(1)} ms idle, ${meanwhile.failures} failed`,
      goal: '≤ 2 ×',
      isMet: slowMs <= 2 * idleMs && meanwhile.failures === 0,
    },
  )
}
await server.end()
process.exit(judge(goals))
