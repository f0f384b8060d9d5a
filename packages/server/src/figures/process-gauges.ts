// What the runtime knows of this process, read when somebody asks.
import { readdirSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { readMetrics } from './metric-table.ts'
import type { Sample } from './metrics.ts'

type ProcessGauge = Extract<
  keyof typeof readMetrics,
  'cpu' | 'resident' | 'started' | 'openFiles' | 'heapUsed' | 'heapTotal' | 'loopActive'
>

export function processGauges(): Record<ProcessGauge, readonly Sample[]> {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, heapTotal } = process.memoryUsage()
  const openFiles = countOpenFiles()
  return {
    cpu: one((user + system) / 1e6),
    resident: one(rss),
    started: one(performance.timeOrigin / 1000),
    openFiles: openFiles === undefined ? [] : one(openFiles),
    heapUsed: one(heapUsed),
    heapTotal: one(heapTotal),
    loopActive: one(performance.eventLoopUtilization().active / 1000),
  }
}

/** A metric without labels. */
export function one(value: number): readonly Sample[] {
  return [{ labels: [], value }]
}

function countOpenFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    // Not on this system.
    return undefined
  }
}
