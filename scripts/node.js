// Runs a script under Node 24 or newer: the running Node when it is new enough, else the binary that npm brought.
// Plain JavaScript that Node 18 can read. Usage: node scripts/node.js <script> [arguments]
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const wantedMajor = 24

/** The Node binary to run the server with, or undefined when this machine has none that is new enough. */
export function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const file = join('node_modules', `node-${system}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const found = join(root, file)
  return existsSync(found) ? found : undefined
}

/** Says what to do when there is no Node 24, in one sentence. */
export function noNodeSentence() {
  return (
    `Latchkey needs Node ${wantedMajor} or newer, this is ${process.versions.node}, and npm brought no Node for ` +
    `${process.platform}-${process.arch}: install Node ${wantedMajor} (https://nodejs.org), or run npm ci without --omit=optional.`
  )
}

/** Runs `args` under `node`, passing signals on, and ends as it ended. */
export function runUnder(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' })
  const passOn = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'].filter(name => name in constants.signals)
  for (const name of passOn) process.on(name, () => child.kill(name))
  child.on('error', error => {
    console.error(`Could not run ${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of passOn) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

const isMain = process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]
if (isMain) {
  const node = findNode(fileURLToPath(new URL('..', import.meta.url)))
  if (node === undefined) {
    console.error(noNodeSentence())
    process.exit(1)
  }
  const args = process.argv.slice(2)
  if (node === process.execPath && args[0] !== undefined && !args[0].startsWith('-')) {
    process.argv.splice(1, 1)
    const { pathToFileURL } = await import('node:url')
    const { resolve } = await import('node:path')
    process.argv[1] = resolve(args[0])
    await import(pathToFileURL(process.argv[1]).href)
  } else runUnder(node, args)
}
