// Welch's t: by how many of its own standard errors two means differ. Under 4.5 nothing can be told (the bound of
// leakage tests such as TVLA).
import type { Times } from './sampler.ts'

/** Of the times without the slowest tenth of both together: what the machine did meanwhile is no property of either. */
export function welchT({ known, unknown }: Times): number {
  const sorted = [...known, ...unknown].sort((a, b) => a - b)
  const cut = sorted[Math.floor(sorted.length * 0.9)] ?? Number.POSITIVE_INFINITY
  const [a, b] = [known, unknown].map(times => momentsOf(times.filter(time => time <= cut)))
  if (a === undefined || b === undefined) return Number.NaN
  return Math.abs(a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count)
}

export function momentsOf(values: readonly number[]): { mean: number; variance: number; count: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, variance, count: values.length }
}
