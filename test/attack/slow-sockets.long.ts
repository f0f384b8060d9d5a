// The long form of the slow sockets: when they are cut, and how fast others are served meanwhile beside an idle server.
import { fileURLToPath } from 'node:url'
import { callerAt, signIn } from '../account.ts'
import { startServer } from '../server-process.ts'
import { pinned, runJson, separateCores } from './cores.ts'
import { judge } from './judge.ts'
import { type Probe, quantile } from './probe.ts'
import type { SlowFigures } from './slow-sockets.ts'

const rounds = 3
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const { serverCore, loadCore } = separateCores()
const server = await startServer({ env: { LATCHKEY_LOG_LEVEL: 'error' }, launcher: pinned(serverCore) })
const { access_token: token } = await signIn(callerAt(server.url))
const onLoadCore = (name: string, ...args: string[]): string[] => [
  ...pinned(loadCore),
  process.execPath,
  file(name),
  server.url,
  ...args,
]
const ask = (seconds: number): Promise<Probe> => runJson(onLoadCore('probe-process.ts', token, `${seconds}`))
const hold = (count: number, seconds: number): Promise<SlowFigures> =>
  runJson([
    // Who asks shares the core with whoever holds the sockets, and is not to wait for them there.
    ...(process.platform === 'linux' ? ['nice', '-n', '10'] : []),
    ...onLoadCore('slow-sockets-process.ts', `${count}`, `${seconds}`),
  ])

await ask(3)
const goals = []
for (let round = 1; round <= rounds; round++) {
  const idle = await ask(14)
  const slow = hold(1_000, 60)
  const meanwhile = await ask(14)
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
