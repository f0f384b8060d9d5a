// The programs in the pages of docs/, as a reader would copy them: taken out, written, started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { onTestFinished } from 'vitest'
import { cleanEnvironment, newFolder } from '../../test/server-process.ts'
import { exampleFile, freePort } from './start-example.ts'

export interface PageProgram {
  /** What its first line calls it. */
  readonly file: string
  readonly code: string
}

/** The blocks of a page that begin with the name of a file. */
export function programsOf(text: string): PageProgram[] {
  return [...text.matchAll(/^```ts\n(\/\/ (app\/[\w./]+|[\w-]+\.ts)\n[\s\S]*?)^```/gm)].map(
    ([, code = '', file = '']) => ({ file, code }),
  )
}

/** Inside the workspace, so that a program finds the packages as an application finds its own. */
const folder = exampleFile(`../node_modules/.cache/guides-${process.pid}`)
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Writes a program as plain JavaScript; it is gone when the process ends. */
export async function written(name: string, program: string): Promise<string> {
  const { code } = await transform(program, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  })
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name.replace(/\.(md|ts)$/, '')}.mjs`)
  writeFileSync(file, code)
  return file
}

/** Runs a program that listens, until the test ends; gives its address once it says that it listens. */
export async function started(file: string, env: Record<string, string>): Promise<string> {
  const { url, stop } = await start(file, env)
  onTestFinished(stop)
  return url
}

/** The same, until `stop`. A port that was free may be taken meanwhile: then another one is tried. */
export async function start(
  file: string,
  env: Record<string, string>,
  cwd = newFolder(),
): Promise<{ url: string; stop(): Promise<void> }> {
  for (let tries = 0; tries < 5; tries++) {
    const port = await freePort()
    const child = spawn(process.execPath, [file], {
      cwd,
      env: cleanEnvironment({ PORT: String(port), ...env }),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = once(child, 'close')
    const listens = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      closed.then(() => false),
    ])
    const stop = async (): Promise<void> => {
      if (child.kill()) await closed
    }
    if (listens) return { url: `http://127.0.0.1:${port}`, stop }
  }
  throw new Error(`${file} does not listen`)
}
