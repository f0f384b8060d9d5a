// A server that runs for weeks: what a request leaves behind is nothing. The long form, with LATCHKEY_LONG=1, takes an
// hour and prints the heap each minute.
import { expect, test } from 'vitest'
import { soak } from './soak.ts'

const isLong = process.env['LATCHKEY_LONG'] === '1'
const mebibyte = 1024 * 1024
const shown = (bytes: number): string => `${(bytes / mebibyte).toFixed(2)} MiB`

const form = isLong
  ? { first: 10_000, second: 100_000, perSecond: 100_000 / 3_600 }
  : { first: 4_000, second: 12_000 }

test(
  'holds no more after many mixed requests than after few, and no promise fails unseen',
  async () => {
    const report = await soak({
      ...form,
      eachMinute: ({ heapBytes, residentBytes }, requests) =>
        console.log(`${requests} requests: heap ${shown(heapBytes)}, resident ${shown(residentBytes)}`),
    })
    const { before, after } = report
    console.log(
      `heap ${shown(before.heapBytes)} after ${form.first} requests, ${shown(after.heapBytes)} after ${report.requests}`,
    )
    expect(report.surprises.slice(0, 10)).toEqual([])
    expect(report.output).not.toMatch(/unhandled|rejection|"level":"(error|fatal)"/i)
    expect(report.exitCode).toBe(0)
    expect(after.heapBytes - before.heapBytes).toBeLessThanOrEqual(mebibyte)
  },
  2 * 3_600_000,
)
