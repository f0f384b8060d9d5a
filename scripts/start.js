// `npm start`: builds what is missing or stale, then runs the server in this process.
import { ensureBuilt } from './build.js'

if (!ensureBuilt()) process.exit(1)
process.argv = [process.argv[0] ?? 'node', process.argv[1] ?? 'latchkey', 'serve', ...process.argv.slice(2)]
await import('../packages/server/dist/cli/main.js')
