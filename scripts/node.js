// Runs a script under Node 24 or newer: the running Node when it is new enough, else the binary that npm brought.
// Plain JavaScript that Node 18 can read. Usage: node scripts/node.js <script> [arguments]
import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { endBy, runChild } from './child.js'

const wantedMajor = 24

/** The Node binary to run the server with, or undefined when this machine has none that is new enough. */
export function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const found = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', file)
  return existsSync(found) ? found : undefined
}

/** Says what to do when there is no Node 24, in one sentence; before npm ci there is none yet. */
export function noNodeSentence(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'Nothing is installed here yet. Run this first: npm ci'
  return (
    `Latchkey needs Node ${wantedMajor} or newer, this is ${process.versions.node}, and npm brought none that runs on ` +
    `${process.platform}-${process.arch}: install Node ${wantedMajor} (https://nodejs.org), or run npm ci without --omit=optional.`
  )
}

/** Runs `args` under `node`, passing signals on, and ends as it ended. */
export async function runUnder(root, node, args) {
  try {
    const { code, signal } = await runChild(node, args)
    if (signal !== null) await endBy(signal)
    process.exit(code ?? 1)
  } catch (error) {
    // The file is there and does not run: made for another C library, or its mode was lost on the way.
    console.error(noNodeSentence(root))
    console.error(`(${error.message})`)
    process.exit(1)
  }
}

const thisFile = fileURLToPath(import.meta.url)
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === thisFile) {
  const args = process.argv.slice(2)
  const root = fileURLToPath(new URL('..', import.meta.url))
  const node = findNode(root)
  if (args.length === 0) {
    console.error('Usage: node scripts/node.js <script> [arguments]')
    process.exit(2)
  }
  if (node === undefined) {
    console.error(noNodeSentence(root))
    process.exit(1)
  }
  if (node === process.execPath && !args[0].startsWith('-')) {
    process.argv.splice(1, 2, resolve(args[0]))
    await import(pathToFileURL(process.argv[1]).href)
  } else await runUnder(root, node, args)
}
