// Measuring: contestants take turns, round after round, each for a slice of CPU time of the whole process (its
// garbage collector and its thread pool included). What else the machine does meanwhile hardly counts then.

/**
 * One who is measured. `run` does so many operations, at once or until its promise is kept.
 * @typedef {{ name: string, kind: 'latchkey' | 'peer' | 'bare', run: (count: number) => unknown, note?: string }} Contestant
 * @typedef {{ rounds: number, sliceMs: number, warmMs: number }} Pace
 * @typedef {{ name: string, kind: Contestant['kind'], note?: string, microseconds: number[], median: number }} Measured
 */

async function cpuMicroseconds(run, count) {
  const before = process.cpuUsage()
  const running = run(count)
  // An `await` without need would give synchronous contestants a turn of the event loop to pay for.
  if (running instanceof Promise) await running
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Runs a contestant until its code is compiled as well as it will be; then, how many operations fill a slice. */
async function sliceCount({ run }, { warmMs, sliceMs }) {
  const wanted = sliceMs * 1000
  let count = 1
  let warmth = 0
  for (;;) {
    const spent = await cpuMicroseconds(run, count)
    warmth += spent
    const fits = Math.max(1, Math.round((count * wanted) / Math.max(spent, 1)))
    if (spent >= wanted / 2 && warmth >= warmMs * 1000) return fits
    count = Math.min(fits, count * 10)
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * CPU microseconds of an operation, each round's and their median, for every contestant.
 * @param {Contestant[]} contestants
 * @param {Pace} pace
 * @returns {Promise<Measured[]>}
 */
export async function measure(contestants, pace) {
  const entries = []
  for (const contestant of contestants) {
    entries.push({ contestant, count: await sliceCount(contestant, pace), microseconds: [] })
  }
  for (let round = 0; round < pace.rounds; round++) {
    // Another one begins each round: nobody always runs after the same neighbour's garbage.
    const turn = round % entries.length
    for (const entry of [...entries.slice(turn), ...entries.slice(0, turn)]) {
      entry.microseconds.push((await cpuMicroseconds(entry.contestant.run, entry.count)) / entry.count)
    }
  }
  return entries.map(({ contestant, microseconds }) => {
    const { name, kind, note } = contestant
    return { name, kind, ...(note !== undefined && { note }), microseconds, median: median(microseconds) }
  })
}

/** How many times faster `one` was than `other`: the median of the rounds' own ratios. */
export function timesFaster(one, other) {
  return median(one.microseconds.map((spent, round) => other.microseconds[round] / spent))
}
