// `npm run bench`: every bench in one go, beside the peers, and the page that puts them together. It takes about a
// quarter of an hour on a quiet machine. Usage: npm run bench [-- --page]; --page writes the page from kept results.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { comparisonPage } from './comparison/page.js'

const at = path => fileURLToPath(new URL(path, import.meta.url))
const parts = ['tokens', 'guards', 'sessions', 'start']

if (!process.argv.includes('--page')) {
  const load = loadavg()[0] ?? 0
  if (load > 1)
    console.log(`Other work keeps this machine busy (load ${load.toFixed(1)}): figures will be worse.`)
  for (const [number, part] of parts.entries()) {
    console.log(`\n${number + 1} of ${parts.length}: ${part} …`)
    const startedMs = performance.now()
    const { status, signal } = spawnSync(process.execPath, [at(`${part}.js`)], { stdio: 'inherit' })
    if (signal !== null) process.exit(1)
    // A bench that misses its goals says so by its exit; the page tells them too.
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
    console.log(`${part}: ${seconds} s${status === 0 ? '' : ', goals missed'}`)
  }
}
const results = Object.fromEntries(
  parts.map(part => [part, JSON.parse(readFileSync(at(`results/${part}.json`), 'utf8'))]),
)
writeFileSync(at('../docs/comparison.md'), comparisonPage(results))
console.log('\nThe comparison is in docs/comparison.md.')
