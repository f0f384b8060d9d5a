// `npm run bench:sessions`: refreshes and sign-ins under 64 callers, on small and large databases, beside peers.
// Usage: npm run bench:sessions [-- --quick] [--no-peers]; quick builds a hundred thousand users instead of a million, and neither is kept.
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'

if (!ensureBuilt()) process.exit(1)
const { runSessions } = await import('./sessions/run-sessions.ts')
const flags = new Set(process.argv.slice(2))
const passed = await runSessions({
  manyUsers: flags.has('--quick') ? 100_000 : 1_000_000,
  withPeers: !flags.has('--no-peers'),
  resultsFolder:
    flags.has('--quick') || flags.has('--no-peers')
      ? undefined
      : fileURLToPath(new URL('results', import.meta.url)),
})
process.exit(passed ? 0 : 1)
