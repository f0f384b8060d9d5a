// A store whose calls are timed and whose failures are counted, by verb.
import type { Histogram, Metrics } from '../figures/metrics.ts'
import type { Store } from './store.ts'

export function measuredStore(store: Store, { storeSeconds, storeFailures }: Metrics): Store {
  const failures = storeFailures.at()
  const measured = (verb: string, call: (...given: readonly unknown[]) => unknown) => {
    let durations: Histogram | undefined
    return (...given: readonly unknown[]): unknown => {
      const startedMs = performance.now()
      const result = call(...given)
      if (!(result instanceof Promise)) return result
      const end = (): void => {
        durations ??= storeSeconds.at(verb)
        durations.observe((performance.now() - startedMs) / 1000)
      }
      result.then(end, () => {
        end()
        failures.add()
      })
      return result
    }
  }
  const verbs = Object.entries(store).map(([verb, value]) => [
    verb,
    typeof value === 'function' ? measured(verb, value) : value,
  ])
  // Each verb stands under its own name with its own shape.
  return Object.fromEntries(verbs) as Store
}
