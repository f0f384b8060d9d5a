// Builds what is missing or stale: the packages with tsc, in the order of their references. Prints nothing when
// there is nothing to do. `ensureBuilt` is what `npm start` and the command line call.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, '.latchkey-build', 'stamp')
const packages = ['packages/latchkey', 'packages/server']
const settings = [
  'tsconfig.base.json',
  'tsconfig.json',
  'package-lock.json',
  ...packages.map(at => `${at}/tsconfig.json`),
]

/** One line for each source and setting: what it is called, how long it is, when it was written. */
function fingerprint() {
  const sources = packages.flatMap(at =>
    readdirSync(join(root, at, 'src'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(root.length)),
  )
  return [...settings, ...sources.sort()].map(file => {
    const { size, mtimeMs } = statSync(join(root, file))
    return `${file}\t${size} ${mtimeMs}`
  })
}

/** The fingerprint of the last build that succeeded, empty when it or its output is not there. */
function lastFingerprint() {
  const missing = [stampFile, ...packages.map(at => join(root, at, 'dist', 'index.js'))].some(
    file => !existsSync(file),
  )
  return missing ? [] : readFileSync(stampFile, 'utf8').split('\n')
}

const names = lines => new Set(lines.map(line => line.split('\t')[0]))

/** Builds when a source changed since the last build. Returns false, having printed why, when it does not compile. */
export function ensureBuilt() {
  const now = fingerprint()
  const last = lastFingerprint()
  if (last.join('\n') === now.join('\n')) return true
  process.stderr.write('Building what changed …\n')
  // A source that went away leaves its output behind, which would still be packed: then all of it is made again.
  const present = names(now)
  if (last.length === 0 || [...names(last)].some(name => !present.has(name))) {
    for (const at of packages) rmSync(join(root, at, 'dist'), { recursive: true, force: true })
  }
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  if (!existsSync(tsc)) {
    process.stderr.write('There is no compiler to build with: run npm ci, without --omit=dev.\n')
    return false
  }
  const result = spawnSync(process.execPath, [tsc, '-b', root], { stdio: ['ignore', 2, 2] })
  if (result.status !== 0 || !bundleIslands()) return false
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, now.join('\n'))
  return true
}

/** The scripts of pages, each one file for the browser. */
function bundleIslands() {
  const { buildSync } = createRequire(import.meta.url)('esbuild')
  const at = join(root, 'packages/server/src/islands')
  try {
    buildSync({
      entryPoints: readdirSync(at)
        .filter(file => file.endsWith('.ts'))
        .map(file => join(at, file)),
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      logLevel: 'warning',
      outdir: join(root, 'packages/server/dist/islands'),
    })
    return true
  } catch {
    return false
  }
}

const isMain =
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
if (isMain) process.exit(ensureBuilt() ? 0 : 1)
