// The long form of the fuzz tests: tokens, keys, JSON, the guard and the server's parsers, then every route of a running
// server. Ends after so many runs or so many seconds, whichever comes first:
//   npm run test:fuzz -- [--runs 10000000] [--requests 50000] [--seconds 600] [--seed 1] [--from 0] [--target "guard"]
// A case is its seed and its number: `--seed S --from N --runs 1` runs one again, with `--target routes` a request.
// `--runs 0` or `--requests 0` leaves a part out. Exits 1 when something was found.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'

// Sources run as they are, by the condition that names them; Node takes it at its start only.
const program = fileURLToPath(new URL('../test/fuzz/run.ts', import.meta.url))
const hasSeed = process.argv.includes('--seed')
const seed = hasSeed ? [] : ['--seed', String(randomInt(2 ** 32))]
const args = ['--conditions=latchkey-dev', program, ...seed, ...process.argv.slice(2)]
const child = spawn(process.execPath, args, { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('close', (code, signal) => process.exit(signal === null ? code : 1))
