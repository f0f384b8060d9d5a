// `npm run bench:start`: builds, then starts the server nine times and prints how long it takes and what it weighs.
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'
import { runStart } from './start/run-start.js'

if (!ensureBuilt()) process.exit(1)
await runStart(fileURLToPath(new URL('results', import.meta.url)))
