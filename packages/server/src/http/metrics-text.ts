// The whole answer of GET /metrics: what was counted, and what is read now.
import { expose } from '../figures/exposition.ts'
import { readMetrics } from '../figures/metric-table.ts'
import type { Family, Metrics } from '../figures/metrics.ts'
import { type GaugeSources, readGauges } from './read-gauges.ts'

export function metricsText(metrics: Metrics, sources: GaugeSources): string {
  const counted = Object.values<Family>(metrics).map(family => expose(family.row, family.samples()))
  const gauges = readGauges(sources)
  const names = Object.keys(readMetrics) as (keyof typeof readMetrics)[]
  return [...counted, ...names.map(name => expose(readMetrics[name], gauges[name]))].join('')
}
