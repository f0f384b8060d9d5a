// What this process counts and measures, in fixed memory: a number for each minute of the last day, and one since the
// start. Nothing is kept for a name before it is used. Other nodes count for themselves.

const counterNames = ['refreshes', 'refreshes_reused', 'refreshes_refused'] as const
const histogramNames = ['request_ms', 'hash_queue', 'revocation_age_ms'] as const

export type CounterName = (typeof counterNames)[number]
type HistogramName = (typeof histogramNames)[number]

export interface Recorder {
  /** When counting began, in milliseconds since 1970. */
  readonly startedMs: number
  count(name: CounterName): void
  /** Takes a value that was measured, not below zero. */
  observe(name: HistogramName, value: number): void
  /** How often it was counted since the start. */
  total(name: CounterName): number
  /** What was measured since the start. */
  distribution(name: HistogramName): Distribution
  /** The last day in steps of so many minutes, the oldest first; the last step is not over yet. */
  counts(name: CounterName, stepMinutes: number): readonly CountStep[]
  /** Likewise, what was measured in each step. */
  distributions(name: HistogramName, stepMinutes: number): readonly DistributionStep[]
}

export interface Distribution {
  count: number
  sum: number
  max: number
  /** How many values were at most `bounds[i]` and above the bound before; one more for what is above all. */
  buckets: readonly number[]
}

interface CountStep {
  fromMs: number
  count: number
}

export interface DistributionStep extends Distribution {
  fromMs: number
}

/** Where a histogram tells values apart. Steps of 1, 2, 5: a quantile is right within a factor of two and a half. */
const bounds = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000,
] as const

const minuteMs = 60_000
const minutesKept = 1_440

/** The value that a share of what was measured is below, between bounds as if evenly spread; undefined without any. */
export function quantile({ count, max, buckets }: Distribution, share: number): number | undefined {
  if (count === 0) return undefined
  let left = share * count
  for (const [i, n] of buckets.entries()) {
    if (left <= n && n > 0) {
      const low = bounds[i - 1] ?? 0
      return Math.min(max, low + ((bounds[i] ?? max) - low) * (left / n))
    }
    left -= n
  }
  return max
}

export function createRecorder(clock: () => number): Recorder {
  const counters = new Map<CounterName, Counter>()
  const histograms = new Map<HistogramName, Histogram>()
  const minute = (): number => Math.floor(clock() / minuteMs)

  return {
    startedMs: clock(),
    count(name) {
      const counter = counters.get(name) ?? new Counter()
      counters.set(name, counter)
      counter.add(minute())
    },
    observe(name, value) {
      const histogram = histograms.get(name) ?? new Histogram()
      histograms.set(name, histogram)
      histogram.add(minute(), value)
    },
    total: name => counters.get(name)?.total ?? 0,
    distribution: name => histograms.get(name)?.whole() ?? nothing,
    counts: (name, stepMinutes) =>
      stepsUntil(minute(), stepMinutes).map(from => ({
        fromMs: from * minuteMs,
        count: counters.get(name)?.between(from, from + stepMinutes) ?? 0,
      })),
    distributions: (name, stepMinutes) =>
      stepsUntil(minute(), stepMinutes).map(from => ({
        fromMs: from * minuteMs,
        ...(histograms.get(name)?.between(from, from + stepMinutes) ?? nothing),
      })),
  }
}

const nothing: Distribution = { count: 0, sum: 0, max: 0, buckets: [...bounds, 0].map(() => 0) }

/** The minutes with which the steps of the last day begin. Steps begin at whole multiples, so that they stand still. */
function stepsUntil(minute: number, stepMinutes: number): number[] {
  const count = Math.floor(minutesKept / stepMinutes)
  const last = Math.floor(minute / stepMinutes) * stepMinutes
  return Array.from({ length: count }, (_, i) => last - (count - 1 - i) * stepMinutes)
}

/** Which minute each place of a ring holds; a place is taken over when its minute comes round. */
class Minutes {
  readonly #held = new Float64Array(minutesKept).fill(-1)

  /** The place of a minute, and whether it holds another one's numbers still. */
  enter(minute: number): { place: number; isNew: boolean } {
    const place = minute % minutesKept
    const isNew = this.#held[place] !== minute
    this.#held[place] = minute
    return { place, isNew }
  }

  *between(from: number, to: number): Generator<number> {
    for (let minute = from; minute < to; minute++)
      if (this.#held[minute % minutesKept] === minute) yield minute % minutesKept
  }
}

class Counter {
  total = 0
  readonly #minutes = new Minutes()
  readonly #counts = new Uint32Array(minutesKept)

  add(minute: number): void {
    const { place, isNew } = this.#minutes.enter(minute)
    this.#counts[place] = (isNew ? 0 : (this.#counts[place] ?? 0)) + 1
    this.total += 1
  }

  between(from: number, to: number): number {
    let sum = 0
    for (const place of this.#minutes.between(from, to)) sum += this.#counts[place] ?? 0
    return sum
  }
}

const width = bounds.length + 1

class Histogram {
  readonly #minutes = new Minutes()
  readonly #buckets = new Uint32Array(minutesKept * width)
  readonly #sums = new Float64Array(minutesKept)
  readonly #maxima = new Float64Array(minutesKept)
  readonly #whole = { sum: 0, max: 0, buckets: new Float64Array(width) }

  add(minute: number, value: number): void {
    const { place, isNew } = this.#minutes.enter(minute)
    if (isNew) {
      this.#buckets.fill(0, place * width, (place + 1) * width)
      this.#sums[place] = 0
      this.#maxima[place] = 0
    }
    const above = bounds.findIndex(bound => value <= bound)
    const bucket = above === -1 ? bounds.length : above
    const at = place * width + bucket
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1
    this.#sums[place] = (this.#sums[place] ?? 0) + value
    this.#maxima[place] = Math.max(this.#maxima[place] ?? 0, value)
    this.#whole.sum += value
    this.#whole.max = Math.max(this.#whole.max, value)
    this.#whole.buckets[bucket] = (this.#whole.buckets[bucket] ?? 0) + 1
  }

  whole(): Distribution {
    const { sum, max, buckets } = this.#whole
    return { count: totalOf(buckets), sum, max, buckets: [...buckets] }
  }

  between(from: number, to: number): Distribution {
    const buckets = new Float64Array(width)
    let [sum, max] = [0, 0]
    for (const place of this.#minutes.between(from, to)) {
      for (let i = 0; i < width; i++) buckets[i] = (buckets[i] ?? 0) + (this.#buckets[place * width + i] ?? 0)
      sum += this.#sums[place] ?? 0
      max = Math.max(max, this.#maxima[place] ?? 0)
    }
    return { count: totalOf(buckets), sum, max, buckets: [...buckets] }
  }
}

function totalOf(buckets: Float64Array): number {
  return buckets.reduce((sum, n) => sum + n, 0)
}
