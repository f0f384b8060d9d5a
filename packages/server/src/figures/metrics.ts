// What this process has counted since its start, by metric and labels. Whoever counts often keeps the series that `at`
// gives: counting is then one addition.
import { countedMetrics, type MetricRow } from './metric-table.ts'

/** One line of an answer: the suffix of the name, the labels, the value. */
export interface Sample {
  readonly suffix?: '_bucket' | '_sum' | '_count'
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly value: number
}

export class Counter {
  value = 0

  add(): void {
    this.value += 1
  }

  samples(labels: Sample['labels']): Sample[] {
    return [{ labels, value: this.value }]
  }
}

export class Histogram {
  readonly #bounds: readonly number[]
  /** How many values were at most each bound and above the one before; the last place is for what is above all. */
  readonly #buckets: Float64Array
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#buckets = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let at = 0
    while (at < this.#bounds.length && value > (this.#bounds[at] ?? 0)) at++
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1
    this.#sum += value
  }

  /** Buckets are told as the format has them: each with everything below it. */
  samples(labels: Sample['labels']): Sample[] {
    let count = 0
    const buckets = [...this.#bounds.map(String), '+Inf'].map((bound, at): Sample => {
      count += this.#buckets[at] ?? 0
      return { suffix: '_bucket', labels: [...labels, ['le', bound]], value: count }
    })
    return [
      ...buckets,
      { suffix: '_sum', labels, value: this.#sum },
      { suffix: '_count', labels, value: count },
    ]
  }
}

/** A metric with a series for each set of its labels' values that was met. */
export class Family<Series extends Counter | Histogram = Counter | Histogram> {
  readonly row: MetricRow
  readonly #make: () => Series
  readonly #series = new Map<string, { values: readonly string[]; series: Series }>()

  constructor(row: MetricRow, make: () => Series) {
    this.row = row
    this.#make = make
    if (row.labels === undefined) this.at()
    for (const value of row.values ?? []) this.at(value)
  }

  /** The series of these values, in the order of the labels. They come from our tables, never from a caller. */
  at(...values: readonly string[]): Series {
    const key = values.join('\0')
    const known = this.#series.get(key)
    if (known !== undefined) return known.series
    const series = this.#make()
    this.#series.set(key, { values, series })
    return series
  }

  samples(): Sample[] {
    const names = this.row.labels ?? []
    return [...this.#series.values()].flatMap(({ values, series }) =>
      series.samples(names.map((name, at) => [name, values[at] ?? ''] as const)),
    )
  }
}

type CountedName = keyof typeof countedMetrics
type SeriesOf<Row extends MetricRow> = Row['type'] extends 'histogram' ? Histogram : Counter

/** A family for each row of the table. */
export type Metrics = {
  readonly [Name in CountedName]: Family<SeriesOf<(typeof countedMetrics)[Name]>>
}

export function createMetrics(): Metrics {
  const families = Object.entries(countedMetrics).map(([name, row]: [string, MetricRow]) => {
    const { bounds } = row
    return [name, new Family(row, () => (bounds === undefined ? new Counter() : new Histogram(bounds)))]
  })
  // Each row got the kind of series that its type says: histograms are the rows with bounds.
  return Object.fromEntries(families) as Metrics
}
