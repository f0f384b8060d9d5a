// A program at a terminal of its own, by script(1) of util-linux: what it shows, and what somebody types.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

export interface Terminal {
  /** Everything that was shown so far, with the terminal's own codes. */
  shown(): string
  /** Waits until what is shown from where the last wait ended has this in it. */
  until(text: string): Promise<void>
  type(text: string): void
  /** The exit code, once it has ended. */
  ended: Promise<number | null>
}

export const hasTerminals = spawnSync('script', ['--version']).status === 0

export function openTerminal(
  command: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Terminal {
  const quoted = command.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  // A new terminal has no width until somebody gives it one.
  const line = `stty cols 120 rows 40; exec ${quoted}`
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let from = 0
  let wake = (): void => undefined
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      output += String(chunk)
      wake()
    })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  let isOver = false
  ended.then(() => {
    isOver = true
    wake()
  })
  return {
    shown: () => output,
    async until(text) {
      for (;;) {
        const at = output.indexOf(text, from)
        if (at >= 0) {
          from = at + text.length
          return
        }
        if (isOver) throw new Error(`it ended without showing ${JSON.stringify(text)}: ${output.slice(from)}`)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    type: text => void child.stdin.write(text),
    ended,
  }
}
