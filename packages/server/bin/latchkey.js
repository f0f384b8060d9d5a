#!/usr/bin/env node
// The command `latchkey`. Plain JavaScript that Node 18 can read: it brings a Node that is new enough, or says so.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const workspace = new URL('../../../', import.meta.url)
const launcher = new URL('scripts/node.js', workspace)
const isClone = existsSync(launcher) && existsSync(new URL('packages/server/bin/latchkey.js', workspace))
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24

if (isClone && !isNewEnough) {
  const { findNode, noNodeSentence, runUnder } = await import(launcher.href)
  const root = fileURLToPath(workspace)
  const node = findNode(root)
  if (node === undefined) {
    console.error(noNodeSentence(root))
    process.exit(1)
  }
  await runUnder(root, node, process.argv.slice(1))
} else if (isNewEnough) {
  if (isClone) {
    const { ensureBuilt } = await import(new URL('scripts/build.js', workspace).href)
    if (!ensureBuilt()) process.exit(1)
  }
  await import('../dist/cli/main.js')
} else {
  console.error(
    `Latchkey needs Node 24 or newer, this is ${process.versions.node}: install it from https://nodejs.org.`,
  )
  process.exit(1)
}
