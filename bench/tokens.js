// `npm run bench:tokens`: installs the peers when they are missing, builds, and measures sign and verify beside them.
// Usage: npm run bench:tokens [-- --quick]; quick runs are short and inexact, and are kept apart from the others.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'

const here = fileURLToPath(new URL('.', import.meta.url))

function ensurePeers() {
  if (existsSync(`${here}node_modules/.package-lock.json`)) return true
  process.stderr.write('Installing the peers in bench/ …\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const installed = spawnSync(npm, ['ci', '--prefix', here], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  return installed.status === 0
}

if (!ensurePeers() || !ensureBuilt()) process.exit(1)
const { runTokens } = await import('./tokens/run-tokens.js')
await runTokens({ isQuick: process.argv.includes('--quick'), resultsFolder: `${here}results` })
