// The long form of the fuzz tests: tokens, keys, JSON, the guard and the server's parsers, then every route of a running
// server, and bytes on a socket. The first part ends after so many runs or seconds, whichever comes first:
//   npm run test:fuzz -- [--runs 10000000] [--requests 20000] [--seconds 600] [--seed 1] [--from 0] [--target "guard"]
// A case is its seed and its number: `--seed S --from N --runs 1` runs one again. `--requests 0` leaves the server out,
// and so does a target. Exits 1 when something was found.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.js'

const args = process.argv.slice(2)
const optionOf = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const seed = optionOf('--seed') ?? String(randomInt(2 ** 32))
const requests = optionOf('--requests') ?? '20000'

function run(command, env = {}) {
  const { status } = spawnSync(process.execPath, command, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
}

// Sources run as they are, by the condition that names them; Node takes it at its start only.
const program = fileURLToPath(new URL('../test/fuzz/run.ts', import.meta.url))
run(['--conditions=latchkey-dev', program, '--seed', seed, ...args])
if (requests !== '0' && optionOf('--target') === undefined) {
  if (!ensureBuilt()) process.exit(1)
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
  run([vitest, 'run', '--project', 'whole', 'test/fuzz/routes', 'test/fuzz/wire', '--reporter=default'], {
    LATCHKEY_LONG: '1',
    FUZZ_REQUESTS: requests,
    FUZZ_SEED: seed,
  })
}
