// `npm run bench:guards`: what a guard costs on Express, beside the same route without one and beside the guards that
// people use today. Usage: npm run bench:guards [-- --quick]; quick runs are short and inexact, and are not kept.
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'
import { ensurePeers } from './ensure-peers.js'

if (!ensurePeers() || !ensureBuilt()) process.exit(1)
const { runGuards } = await import('./guards/run-guards.js')
await runGuards({
  isQuick: process.argv.includes('--quick'),
  resultsFolder: fileURLToPath(new URL('results', import.meta.url)),
})
