// Runs npm from a script, whichever npm runs this one.
import { execFileSync } from 'node:child_process'

/** What npm printed on stdout. Throws when it fails; npm's own words go to stderr. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath
  const [command, ...first] =
    cli === undefined ? [process.platform === 'win32' ? 'npm.cmd' : 'npm'] : [process.execPath, cli]
  // A lifecycle script's own settings would be taken for ours.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!execpath)/.test(name)),
  )
  return execFileSync(command, [...first, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    ...options,
  })
}
