// `npm run check`: what a reviewer need not look for. Runs every part, prints each one's seconds, fails if any failed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.js'
import { isPackedWell, pack } from './pack.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = path => [process.execPath, join(root, 'node_modules', path)]
const run = ([command, ...args]) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0

/** Each part by its name; answers whether all is well. */
const parts = {
  'format and lint': () => run([...bin('@biomejs/biome/bin/biome'), 'ci', '.']),
  types: () => run([...bin('typescript/bin/tsc'), '-p', 'tsconfig.test.json', '--noEmit']),
  architecture: () =>
    run([...bin('vitest/vitest.mjs'), 'run', '--project', 'whole', 'test/architecture.test.ts']),
  'docs in step': () => run([process.execPath, 'scripts/docs.js', '--check']),
  exports: checkExports,
  size: () => run([process.execPath, 'scripts/size.js']),
  'dead code': () => run([...bin('knip/bin/knip.js')]),
}

/** The packed packages, as somebody who installs them gets them. */
function checkExports() {
  const scratch = mkdtempSync(join(tmpdir(), 'latchkey-pack-'))
  try {
    return pack(scratch).every(isPackedWell)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

if (!ensureBuilt()) process.exit(1)
const lines = []
let failed = 0
for (const [name, part] of Object.entries(parts)) {
  console.log(`\n${name} …`)
  const startedMs = performance.now()
  const isWell = part()
  if (!isWell) failed++
  lines.push(
    `${isWell ? 'well  ' : 'FAILED'} ${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  )
}
console.log(`\n${lines.join('\n')}`)
process.exit(failed > 0 ? 1 : 0)
