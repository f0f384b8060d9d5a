// Counts the requests of one route. Its places among the metrics are found once, with its first request.
import type { Counter, Histogram, Metrics } from '../figures/metrics.ts'

/** Counts an answer: its status, and how long it took. */
export type RequestCount = (status: number, seconds: number) => void

export function requestCount(metrics: Metrics, method: string, route: string): RequestCount {
  const byClass: (Counter | undefined)[] = []
  let durations: Histogram | undefined
  return (status, seconds) => {
    const digit = Math.floor(status / 100)
    byClass[digit] ??= metrics.requests.at(method, route, `${digit}xx`)
    byClass[digit].add()
    durations ??= metrics.requestSeconds.at(method, route)
    durations.observe(seconds)
  }
}

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The same for requests that no route answers: anybody may write anything for a method. */
export function strayCount(metrics: Metrics): (method: string) => RequestCount {
  const counts = new Map(knownMethods.map(method => [method, requestCount(metrics, method, 'none')]))
  const other = requestCount(metrics, 'other', 'none')
  return method => counts.get(method) ?? other
}
