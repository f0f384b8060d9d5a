// `npm run bench:tokens`: installs the peers when they are missing, builds, and measures sign and verify beside them.
// Usage: npm run bench:tokens [-- --quick]; quick runs are short and inexact, and are kept apart from the others.
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'
import { ensurePeers } from './ensure-peers.js'

const here = fileURLToPath(new URL('.', import.meta.url))

if (!ensurePeers() || !ensureBuilt()) process.exit(1)
const { runTokens } = await import('./tokens/run-tokens.js')
await runTokens({ isQuick: process.argv.includes('--quick'), resultsFolder: `${here}results` })
