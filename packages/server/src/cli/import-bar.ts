// How far an import is: one line on a terminal, nothing anywhere else.
import { drawnBar } from './progress.ts'

interface ImportBar {
  /** How much of the file has been read, from 0 to 1. */
  tell(fraction: number): void
  /** One more line is done. */
  count(): void
  end(): void
}

const everyMs = 100

export function openBar(stream: NodeJS.WriteStream): ImportBar {
  if (!stream.isTTY) return { tell() {}, count() {}, end() {} }
  let read = 0
  let lines = 0
  let drawnAt = 0
  const draw = (): void => {
    const now = performance.now()
    if (now - drawnAt < everyMs) return
    drawnAt = now
    stream.write(`\r\x1b[K${drawnBar(read)} ${Math.round(read * 100)} % ${lines} lines`)
  }
  return {
    tell(fraction) {
      read = fraction
      draw()
    },
    count() {
      lines++
      draw()
    },
    end: () => void stream.write('\r\x1b[K'),
  }
}
