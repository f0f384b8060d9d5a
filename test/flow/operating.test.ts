// The runbook, docs/operating.md, done as it is written: its shell blocks run one after the other, in one shell, in the
// folder of a real server. Comments of the page say what a block is: `elsewhere` needs another machine and is not run;
// `shows` is text that its output has; `refused` ends with a failure. `stop`, `start` and `restart` are what the
// operator does to the server between blocks.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { root } from '../imports.ts'
import {
  cleanEnvironment,
  newFolder,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

type Step =
  | { kind: 'stop' | 'start' | 'restart' }
  | {
      kind: 'block'
      line: number
      code: string
      shows: readonly string[]
      isRefused: boolean
      isElsewhere: boolean
    }

const page = readFileSync(join(root, 'docs/operating.md'), 'utf8')

/** The page's blocks and what is done between them, in its order. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let notes: string[] = []
  for (const match of text.matchAll(/<!-- (?<note>[^\n]+) -->|```sh\n(?<code>[\s\S]*?)\n```|^\w.*$/gm)) {
    const { note, code } = match.groups ?? {}
    if (note === 'stop' || note === 'start' || note === 'restart') steps.push({ kind: note })
    else if (note !== undefined) notes.push(note)
    else {
      if (code !== undefined)
        steps.push({
          kind: 'block',
          line: text.slice(0, match.index).split('\n').length + 1,
          code,
          shows: notes.filter(one => one.startsWith('shows: ')).map(one => one.slice('shows: '.length)),
          isRefused: notes.includes('refused'),
          isElsewhere: notes.some(one => one.startsWith('elsewhere')),
        })
      notes = []
    }
  }
  return steps
}

interface Shell {
  /** Runs a block; `failed` is the exit code of the last command that failed in it, 0 for none. */
  run(code: string): Promise<{ output: string; failed: number }>
}

/** One shell for the whole page: what a block sets, the next one has. */
function openShell(folder: string, env: Record<string, string>): Shell {
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void shell.kill())
  let output = ''
  let heard: () => void = () => undefined
  const hear = (chunk: Buffer): void => {
    output += chunk.toString()
    heard()
  }
  shell.stdout.on('data', hear)
  shell.stderr.on('data', hear)
  shell.stdin.write("exec 2>&1\nset -o pipefail\ntrap 'failed=$?' ERR\n")
  return {
    async run(code) {
      output = ''
      shell.stdin.write(`failed=0\n${code}\nprintf '\\nend of block %s\\n' "$failed"\n`)
      for (;;) {
        const [whole = '', failed] = /\nend of block (\d+)\n$/.exec(output) ?? []
        if (failed !== undefined) return { output: output.slice(0, -whole.length), failed: Number(failed) }
        if (shell.exitCode !== null) throw new Error(`the shell ended: ${output}`)
        await new Promise<void>(resolve => {
          heard = resolve
        })
      }
    },
  }
}

test('every procedure of the runbook does what it says', async () => {
  const folder = newFolder()
  const port = await freePort()
  // The page's own port is 4000; commands and server have the same settings.
  const settings = { LATCHKEY_PORT: String(port), LATCHKEY_ISSUER: `http://localhost:${port}` }
  let server: ServerProcess | undefined
  const start = async (): Promise<void> => {
    server = await startServer({ folder, env: settings })
  }
  const stop = async (): Promise<void> => {
    expect(await server?.end()).toBe(0)
  }
  onTestFinished(() => void server?.end())
  await start()

  writeFileSync(join(folder, 'latchkey'), `#!/bin/sh\nexec "${process.execPath}" "${serverProgram}" "$@"\n`, {
    mode: 0o755,
  })
  const shell = openShell(
    folder,
    cleanEnvironment({
      ...settings,
      PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
    }),
  )
  const accounts = [
    `printf '%s' 'brass-lantern-on-the-sill' | latchkey user add root --role admin --password`,
    `printf '%s' 'brass-lantern-on-the-sill' | latchkey user add ada --password`,
  ]
  expect((await shell.run(accounts.join('\n'))).failed).toBe(0)

  const counts = { run: 0, elsewhere: 0 }
  for (const step of stepsOf(page)) {
    if (step.kind !== 'block') {
      if (step.kind !== 'start') await stop()
      if (step.kind !== 'stop') await start()
      continue
    }
    if (step.isElsewhere) {
      counts.elsewhere++
      continue
    }
    counts.run++
    const { output, failed } = await shell.run(step.code.replaceAll('localhost:4000', `localhost:${port}`))
    const where = `docs/operating.md:${step.line}\n${step.code}\n${output}`
    expect(failed !== 0, where).toBe(step.isRefused)
    for (const shown of step.shows) expect(output, where).toContain(shown)
  }
  await stop()
  console.log(`blocks of the runbook: ${counts.run} run, ${counts.elsewhere} for another machine`)
  expect(counts.run).toBeGreaterThan(20)
  expect(counts.elsewhere).toBeLessThanOrEqual(3)
}, 120_000)
