// `npm run test:attack [-- storm slow-sockets …]`: the long forms of the attacks, one program each, in turn. A file
// test/attack/<name>.long.ts is one; it prints its figures and exits with 1 when a goal is missed.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.js'
import { endBy, runChild } from './child.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'test', 'attack')
const suffix = '.long.ts'
const known = readdirSync(folder, { recursive: true })
  .filter(name => name.endsWith(suffix))
  .map(name => name.slice(0, -suffix.length))
  .toSorted()
const asked = process.argv.slice(2)
const unknown = asked.filter(name => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There is: ${known.join(', ')}.`)
  process.exit(2)
}
if (!ensureBuilt()) process.exit(1)

const missed = []
for (const name of asked.length > 0 ? asked : known) {
  console.log(`\n${name}`)
  const startedMs = performance.now()
  const program = join(folder, name + suffix)
  const ended = await runChild(process.execPath, ['--conditions=latchkey-dev', program], { cwd: root })
  if (ended.stoppedBy !== undefined) await endBy(ended.stoppedBy)
  if (ended.code !== 0) missed.push(name)
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
}
console.log(missed.length === 0 ? '\nEvery goal is met.' : `\nMissed goals in: ${missed.join(', ')}`)
process.exit(missed.length === 0 ? 0 : 1)
