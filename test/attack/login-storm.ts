// A storm of sign-ins twenty times as many as the machine can hash, and what a guarded route does meanwhile. The server
// has a core for itself where there are two; the storm and the one who asks have another.
import { fileURLToPath } from 'node:url'
import { ada, callerAt, post, signIn } from '../account.ts'
import { serverProgram, startServer } from '../server-process.ts'
import { pinned, runJson, separateCores } from './cores.ts'
import { type Probe, quantile } from './probe.ts'
import type { StormAnswers } from './storm-load.ts'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export interface StormFigures {
  /** Comparisons a second that the server makes when it does nothing else. */
  hashesPerSecond: number
  stormPerSecond: number
  idleP99Ms: number
  stormP99Ms: number
  /** What the goal allows: twice the idle one, or ten milliseconds more. */
  allowedP99Ms: number
  probes: number
  probeFailures: number
  refusals: number
  refusalP99Ms: number
  answers: StormAnswers
}

/** Storms a server of ours, or with `control` one whose hashes go unbounded onto the bare thread pool. */
export async function stormServer(options: { seconds: number; control?: boolean }): Promise<StormFigures> {
  const { serverCore, loadCore } = separateCores()
  const server = await startServer({
    env: { LATCHKEY_LOG_LEVEL: 'error', LATCHKEY_LIMITS: 'off' },
    launcher: pinned(serverCore),
    program: [...(options.control ? ['--import', file('bare-pool.ts')] : []), serverProgram, 'serve'],
  })
  try {
    const call = callerAt(server.url)
    const { access_token: token } = await signIn(call)
    const hashesPerSecond = await hashRate(() =>
      post(call, '/user/login', { ...ada, password: 'not the password' }),
    )
    const ask = (seconds: number): Promise<Probe> =>
      runJson([
        ...pinned(loadCore),
        process.execPath,
        file('probe-process.ts'),
        server.url,
        token,
        `${seconds}`,
      ])
    const stormPerSecond = Math.ceil(20 * hashesPerSecond)
    const storm = (seconds: number): Promise<StormAnswers> =>
      runJson([
        ...pinned(loadCore),
        // Who asks shares the core with the storm, and is not to wait for it there.
        ...(process.platform === 'linux' ? ['nice', '-n', '10'] : []),
        process.execPath,
        file('storm-load.ts'),
        server.url,
        `${stormPerSecond}`,
        `${seconds}`,
      ])
    // A server that has run for a while: its code is compiled. The control only falls behind further.
    await ask(2)
    if (!options.control) await storm(4)
    const idle = await ask(options.seconds)
    const storming = storm(options.seconds + 1)
    const stormy = await ask(options.seconds)
    const answers = await storming
    const idleP99Ms = quantile(idle.times, 0.99)
    return {
      hashesPerSecond,
      stormPerSecond,
      idleP99Ms,
      stormP99Ms: quantile(stormy.times, 0.99),
      allowedP99Ms: Math.max(2 * idleP99Ms, idleP99Ms + 10),
      probes: stormy.times.length,
      probeFailures: stormy.failures,
      refusals: answers.refusalMs.length,
      refusalP99Ms: quantile(answers.refusalMs, 0.99),
      answers,
    }
  } finally {
    await server.end('SIGKILL')
  }
}

/** The hash's share of the server's processor time, with as many sign-ins at once as its queue takes. Linux only. */
export async function measureHashShare(folder: string): Promise<{ share: number; restMsEach: number }> {
  const { makePlace, measureSignIns } = await import('../../bench/sessions/latchkey.ts')
  const place = await makePlace(folder, 5_000)
  const { hashShare, restCpuMsEach } = await measureSignIns(place, 800)
  return { share: hashShare, restMsEach: restCpuMsEach }
}

/** Comparisons a second with as many callers as keep the queue filled, and no more. */
async function hashRate(guess: () => Promise<Response>): Promise<number> {
  const makeAll = async (count: number): Promise<void> => {
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let i = 0; i < count / 16; i++) await (await guess()).arrayBuffer()
      }),
    )
  }
  await makeAll(64)
  const startMs = performance.now()
  await makeAll(192)
  return 192_000 / (performance.now() - startMs)
}
