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
      const filled = Math.round((done / total) * width)
      done++
      stream.write(`\r\x1b[K${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} ${name}`)
    },
    end: () => void stream.write('\r\x1b[K'),
  }
}
