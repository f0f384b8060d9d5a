// Installs the peers in bench/ when they are missing: a clone's own npm ci does not bring them.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Whether what is installed is what the lock file says: npm keeps a copy of it beside the packages. */
function areInstalled() {
  try {
    const installed = JSON.parse(readFileSync(`${here}node_modules/.package-lock.json`, 'utf8')).packages
    const wanted = JSON.parse(readFileSync(`${here}package-lock.json`, 'utf8')).packages
    return Object.entries(wanted).every(
      ([path, one]) => path === '' || one.optional === true || installed[path]?.version === one.version,
    )
  } catch {
    return false
  }
}

/** False, npm's reason printed, when they cannot be had. */
export function ensurePeers() {
  if (areInstalled()) return true
  process.stderr.write('Installing the peers in bench/ …\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const ended = spawnSync(npm, ['ci', '--prefix', here, '--ignore-scripts'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  return ended.status === 0
}
