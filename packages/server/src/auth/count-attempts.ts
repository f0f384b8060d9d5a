// Counts an attempt where all nodes count together: in the store, by buckets that say nothing to whoever reads them.
import type { countedMetrics } from '../figures/metric-table.ts'
import type { AttemptBucket, AttemptWait } from '../store/records.ts'
import type { AuthContext } from './context.ts'

type LimitName = (typeof countedMetrics.rateLimited.values)[number]

/** Who has to wait, and how long; undefined when nobody has, and where attempts are not limited. */
export async function countAttempts(
  { rules, store, clock, metrics }: AuthContext,
  limit: LimitName,
  buckets: readonly AttemptBucket[],
): Promise<AttemptWait | undefined> {
  if (rules.limits === 'off') return undefined
  const wait = await store.countAttempts(buckets, clock())
  if (wait !== undefined) metrics.rateLimited.at(limit).add()
  return wait
}
