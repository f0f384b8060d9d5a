// Clients that come at a fixed rate whatever the answers do: they renew, ask guarded routes, sign out now and then,
// and keep what was acknowledged to them.
import { randomBytes } from 'node:crypto'
import { bearer } from '../account.ts'
import type { Fleet, GuardProcess } from './fleet.ts'

/** One session, with what was acknowledged. */
export interface Client {
  access: string
  refresh: string
  /** Names a renewal until it is acknowledged, as `latchkey/client` does: a lost answer can be asked for again. */
  attempt: string
  isBusy: boolean
  isSignedOut: boolean
}

export interface LoadReport {
  /** Requests by kind and answer, such as `renew 200`. */
  answers: Record<string, number>
  seconds: number
  /** What should never be answered. */
  wrong: string[]
}

export interface OpenLoop {
  /** When a node first acknowledged a renewal that was asked for after `sinceMs`; undefined while it did not. */
  firstRenewalMs(node: number, sinceMs: number): number | undefined
  /** How many renewals were acknowledged so far. */
  renewals(): number
  stop(): Promise<LoadReport>
}

interface Act {
  name: string
  /** Of so many requests one is this. */
  oneOf: number
  run(client: Client, node: number): Promise<Response>
  isRight(status: number): boolean
}

export const newAttempt = (): string => randomBytes(16).toString('base64url')

/** Renews a session; keeps the tokens when they are acknowledged. */
export async function renew(fleet: Fleet, client: Client, node: number): Promise<Response> {
  const body = new URLSearchParams({ refresh_token: client.refresh, attempt: client.attempt })
  const answer = await fleet.call(node)('/user/refresh', { method: 'POST', body })
  if (answer.status !== 200) return answer
  const { access_token: access, refresh_token: refresh } = (await answer.clone().json()) as {
    access_token: string
    refresh_token: string
  }
  Object.assign(client, { access, refresh, attempt: newAttempt() })
  return answer
}

/**
 * Starts `perSecond` requests a second, spread over the nodes: a tenth of them at the guard, one in a hundred signs a
 * session out for good, half of the rest renew.
 */
export function startOpenLoop(options: {
  fleet: Fleet
  guard: GuardProcess
  clients: Client[]
  perSecond: number
}): OpenLoop {
  const { fleet, guard, clients, perSecond } = options
  const isNotNow = (status: number): boolean => status === 503
  const acts: Act[] = [
    {
      name: 'sign out',
      oneOf: 100,
      run: (client, node) => fleet.call(node)('/user/logout', { method: 'POST', ...bearer(client.access) }),
      isRight: status => status === 204 || isNotNow(status),
    },
    {
      name: 'guard',
      oneOf: 10,
      run: client => guard.call('/', bearer(client.access)),
      isRight: status => status === 200,
    },
    {
      name: 'renew',
      oneOf: 2,
      run: (client, node) => renew(fleet, client, node),
      isRight: status => status === 200 || isNotNow(status),
    },
    {
      name: 'data',
      oneOf: 1,
      run: (client, node) => fleet.call(node)('/user/data', bearer(client.access)),
      isRight: status => status === 200,
    },
  ]
  const report: LoadReport = { answers: {}, seconds: 0, wrong: [] }
  const renewals: { node: number; askedMs: number; ackedMs: number }[] = []
  const startMs = performance.now()
  const underWay = new Set<Promise<void>>()
  let begun = 0
  let at = 0

  /** The next session that nobody uses at the moment; none when all of them wait for answers. */
  const freeClient = (): Client | undefined => {
    for (let looked = 0; looked < clients.length; looked++) {
      const client = clients[at++ % clients.length]
      if (client !== undefined && !client.isBusy && !client.isSignedOut) return client
    }
    return undefined
  }
  const count = (what: string): void => {
    report.answers[what] = (report.answers[what] ?? 0) + 1
  }
  const ask = async (act: Act, client: Client, number: number): Promise<void> => {
    client.isBusy = true
    const node = number % fleet.nodes.length
    const askedMs = performance.now()
    try {
      const answer = await act.run(client, number)
      const text = await answer.text()
      count(`${act.name} ${answer.status}`)
      if (!act.isRight(answer.status)) report.wrong.push(`${act.name}: ${answer.status} ${text}`)
      if (act.name === 'sign out' && answer.status === 204) client.isSignedOut = true
      if (act.name === 'renew' && answer.status === 200)
        renewals.push({ node, askedMs, ackedMs: performance.now() })
    } catch (error) {
      report.wrong.push(`${act.name}: ${error}`)
    } finally {
      // A sign-out that was not acknowledged may have happened: nobody knows, so nobody goes on with it.
      client.isBusy = act.name === 'sign out' && !client.isSignedOut
    }
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000)
    for (; begun < due; begun++) {
      const client = freeClient()
      const act = acts.find(({ oneOf }) => begun % oneOf === oneOf - 1)
      if (client === undefined || act === undefined) {
        count('nobody free')
        continue
      }
      const asked = ask(act, client, Math.floor(begun / 2))
      underWay.add(asked)
      void asked.finally(() => underWay.delete(asked))
    }
  }, 5)

  return {
    firstRenewalMs: (node, sinceMs) =>
      renewals.find(one => one.node === node && one.askedMs > sinceMs)?.ackedMs,
    renewals: () => renewals.length,
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
      report.seconds = (performance.now() - startMs) / 1000
      return report
    },
  }
}
