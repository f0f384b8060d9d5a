// Builds what is missing or stale: the packages with tsc, in the order of their references. Prints nothing when
// there is nothing to do. `ensureBuilt` is what `npm start` and the command line call.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, '.latchkey-build', 'stamp')
const inputs = ['packages/latchkey/src', 'packages/server/src']
const single = ['tsconfig.base.json', 'packages/latchkey/tsconfig.json', 'packages/server/tsconfig.json', 'package-lock.json']

/** The newest change under the sources, and how many files there are: a deleted file counts as a change. */
function fingerprint() {
  let newestMs = 0
  let files = 0
  for (const folder of inputs) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      files++
      newestMs = Math.max(newestMs, statSync(join(entry.parentPath, entry.name)).mtimeMs)
    }
  }
  for (const file of single) newestMs = Math.max(newestMs, statSync(join(root, file)).mtimeMs)
  return `${files} ${newestMs}`
}

function lastStamp() {
  try {
    statSync(join(root, 'packages/server/dist/index.js'))
    return readFileSync(stampFile, 'utf8')
  } catch {
    return ''
  }
}

/** Builds when a source is newer than the last build. Returns false, having printed why, when it does not compile. */
export function ensureBuilt() {
  const now = fingerprint()
  if (lastStamp() === now) return true
  process.stderr.write('Building what changed …\n')
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const result = spawnSync(process.execPath, [tsc, '-b', root], { stdio: ['ignore', 2, 2] })
  if (result.status !== 0) return false
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, now)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(ensureBuilt() ? 0 : 1)
