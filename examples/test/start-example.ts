// Starts an example as its reader would, as a process of its own, in an empty folder and on a free port.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { cleanEnvironment, newFolder } from '../../test/server-process.ts'

export interface StartOptions {
  readonly env?: Record<string, string>
  readonly port?: number
  readonly folder?: string
}

/** The path of a file of the examples. */
export const exampleFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** A port that is free now: the issuer's name, which an example must know before it listens, has it inside. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The cast: a server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Runs a program until the test ends, or until `stop`; waits for the address that it prints. */
export async function startExample(
  program: string,
  options: StartOptions = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const port = options.port ?? (await freePort())
  const child = spawn(process.execPath, [program], {
    cwd: options.folder ?? newFolder(),
    env: cleanEnvironment({ PORT: String(port), ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = once(child, 'close')
    child.kill()
    await closed
  }
  onTestFinished(stop)
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      const [found] = /http:\/\/localhost:\d+(?=\n)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('close', code => reject(new Error(`${program} ended with ${code}: ${output}`)))
  })
  return { url: url.replace('localhost', '127.0.0.1'), stop }
}
