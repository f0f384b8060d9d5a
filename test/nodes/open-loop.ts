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
  /** Requests under way that use it. */
  uses: number
  isRenewing: boolean
  /** A sign-out was sent: nothing else is, from then on, whatever its answer. */
  isLeaving: boolean
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
  /** How many were answered so far with this, such as `renew 503`. */
  answered(what: string): number
  stop(): Promise<LoadReport>
}

interface Act {
  name: string
  /** Of so many requests one is this. */
  oneOf: number
  /** Whose session can be used so now. A guarded request may overtake a renewal, as in a browser's tabs. */
  fits(client: Client): boolean
  run(client: Client, node: number): Promise<Response>
  isRight(status: number): boolean
}

const newAttempt = (): string => randomBytes(16).toString('base64url')

export const newClient = (tokens: { access: string; refresh: string }): Client => ({
  ...tokens,
  attempt: newAttempt(),
  uses: 0,
  isRenewing: false,
  isLeaving: false,
  isSignedOut: false,
})

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
      fits: client => client.uses === 0,
      run: (client, node) => fleet.call(node)('/user/logout', { method: 'POST', ...bearer(client.access) }),
      isRight: status => status === 204 || isNotNow(status),
    },
    {
      name: 'guard',
      oneOf: 10,
      fits: () => true,
      run: client => guard.call('/', bearer(client.access)),
      isRight: status => status === 200,
    },
    {
      name: 'renew',
      oneOf: 2,
      fits: client => !client.isRenewing,
      run: (client, node) => renew(fleet, client, node),
      isRight: status => status === 200 || isNotNow(status),
    },
    {
      name: 'data',
      oneOf: 1,
      fits: () => true,
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

  /** The next session that can be used so; none when all of them wait for answers. */
  const nextFor = ({ fits }: Act): Client | undefined => {
    for (let looked = 0; looked < clients.length; looked++) {
      const client = clients[at++ % clients.length]
      if (client !== undefined && !client.isLeaving && fits(client)) return client
    }
    return undefined
  }
  /** What the request with this number is, or the nearest thing that can be done now. */
  const choose = (number: number): { act: Act; client: Client } => {
    for (const act of acts.filter(({ oneOf }) => number % oneOf === oneOf - 1)) {
      const client = nextFor(act)
      if (client !== undefined) return { act, client }
    }
    throw new Error('every session was signed out')
  }
  const count = (what: string): void => {
    report.answers[what] = (report.answers[what] ?? 0) + 1
  }
  const ask = async (act: Act, client: Client, number: number): Promise<void> => {
    client.uses += 1
    if (act.name === 'renew') client.isRenewing = true
    if (act.name === 'sign out') client.isLeaving = true
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
      client.uses -= 1
      if (act.name === 'renew') client.isRenewing = false
    }
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000)
    for (; begun < due; begun++) {
      const { act, client } = choose(begun)
      const asked = ask(act, client, Math.floor(begun / 2))
      underWay.add(asked)
      void asked.finally(() => underWay.delete(asked))
    }
  }, 5)

  return {
    firstRenewalMs: (node, sinceMs) =>
      renewals.find(one => one.node === node && one.askedMs > sinceMs)?.ackedMs,
    answered: what => report.answers[what] ?? 0,
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
      report.seconds = (performance.now() - startMs) / 1000
      return report
    },
  }
}
