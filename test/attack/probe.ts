// A caller of a guarded route who notes how long each answer took: one request after the other, at a steady pace.
import { Agent, request } from 'node:http'

export interface Probe {
  /** Milliseconds of each answer, ascending. */
  times: readonly number[]
  failures: number
}

/** Calls `path` with an access token every few milliseconds until `until` settles. */
export async function probe(
  url: string,
  { path, token, eachMs }: { path: string; token: string; eachMs: number },
  until: Promise<unknown>,
): Promise<Probe> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const times: number[] = []
  let failures = 0
  let isOver = false
  until
    .finally(() => {
      isOver = true
    })
    .catch(() => undefined)
  const pending = new Set<Promise<void>>()
  while (!isOver) {
    const dueMs = performance.now() + eachMs
    const one = call(url + path, token, agent).then(
      ms => {
        times.push(ms)
      },
      () => {
        failures += 1
      },
    )
    pending.add(one)
    one.finally(() => pending.delete(one))
    await new Promise(resolve => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
  }
  await Promise.all(pending)
  agent.destroy()
  return { times: times.toSorted((a, b) => a - b), failures }
}

function call(url: string, token: string, agent: Agent): Promise<number> {
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, answer => {
      answer.resume()
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(performance.now() - startMs) : reject(new Error('not 200')),
      )
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** The value below which this share of an ascending list lies. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
}
