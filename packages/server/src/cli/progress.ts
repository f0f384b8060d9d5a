// How far a long piece of work is: one line on a terminal, nothing anywhere else.

export interface Progress {
  /** The next of the steps begins. */
  step(name: string): void
  /** Clears the line. */
  end(): void
}

const width = 24

/** Steps are counted to `total`. Writes to stderr, so that stdout stays data. */
export function openProgress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { step() {}, end() {} }
  let done = 0
  return {
    step(name) {
      const bar = drawnBar(done / total)
      done++
      stream.write(`\r\x1b[K${bar} ${done}/${total} ${name}`)
    },
    end: () => void stream.write('\r\x1b[K'),
  }
}

/** A bar that is filled so far, from 0 to 1. */
export function drawnBar(fraction: number): string {
  const filled = Math.round(fraction * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}
