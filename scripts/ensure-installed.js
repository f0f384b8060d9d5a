// Installs a folder that has a package.json of its own, which the clone's own npm ci leaves alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.js'

/** Whether what is installed is what the lock file says: npm keeps a copy of it beside the packages. */
function isInstalled(folder) {
  try {
    const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8')).packages
    const installed = read('node_modules/.package-lock.json')
    return Object.entries(read('package-lock.json')).every(
      ([path, one]) => path === '' || one.optional === true || installed[path]?.version === one.version,
    )
  } catch {
    return false
  }
}

/** Runs no install script. False, npm's reason printed, when it cannot be had. */
export function ensureInstalled(folder, what) {
  if (isInstalled(folder)) return true
  process.stderr.write(`Installing ${what} …\n`)
  try {
    npm(['ci', '--prefix', folder, '--ignore-scripts'], { stdio: ['ignore', 2, 2] })
    return true
  } catch {
    return false
  }
}
