// `npm run bench:import`: builds, writes a file of users, brings it in with the real command into an empty database, and
// prints the time and the memory. Usage: npm run bench:import [-- --users 100000] [--hash bcrypt|ssha] [--postgres]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.js'

/** Bcrypt by libxcrypt; a salted SHA-1 of passlib's documentation, which is put inside argon2id on the way. */
const hashes = {
  bcrypt: '$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO',
  ssha: '{SSHA}pKqkNr1tq3wtQqk+UcPyA3HnA2NsU5NJ',
}
/** 100,000 users whose hashes are kept as they are. */
const goalSeconds = 30

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    hash: { type: 'string', default: 'bcrypt' },
    postgres: { type: 'boolean', default: false },
  },
})
const count = Number(values.users)
const hash = hashes[values.hash]
if (!Number.isInteger(count) || count < 1 || hash === undefined) {
  console.error('Usage: npm run bench:import [-- --users 100000] [--hash bcrypt|ssha] [--postgres]')
  process.exit(2)
}
if (!ensureBuilt()) process.exit(1)

const program = fileURLToPath(new URL('../packages/server/dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-import-'))
const cluster = values.postgres ? await startCluster() : undefined
let code = 1
try {
  const env = { ...process.env, ...(cluster && (await settingsOf(cluster))) }
  await writeUsers(join(folder, 'users.csv'))
  await latchkey(['migrate'], env)
  const { seconds, megabytes } = await latchkey(['import', 'users.csv', '--from', 'csv'], env)
  const again = await latchkey(['import', 'users.csv', '--from', 'csv'], env)
  const rate = Math.round(count / seconds)
  console.log(
    `${count} users with ${values.hash} hashes into ${cluster ? 'PostgreSQL' : 'SQLite'}: ${seconds.toFixed(1)} s ` +
      `(${rate} a second), ${megabytes} MB at the most; once more, all there: ${again.seconds.toFixed(1)} s`,
  )
  const isMissed = values.hash === 'bcrypt' && seconds > (goalSeconds * count) / 100_000
  if (isMissed) console.log(`The goal was ${goalSeconds} s for 100,000.`)
  code = isMissed ? 1 : 0
} finally {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(code)

async function startCluster() {
  const { startPostgres } = await import('../test/nodes/postgres-cluster.ts')
  return startPostgres({ fsync: 'on' })
}

async function settingsOf(running) {
  return {
    LATCHKEY_DATABASE_URL: await running.createDatabase(),
    LATCHKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url'),
  }
}

async function writeUsers(file) {
  const out = createWriteStream(file)
  out.write('id,username,email,email_verified,password_hash,name,created_at\n')
  for (let i = 0; i < count; i++) {
    const row = `${i},user${i},user${i}@example.com,yes,${hash},User Number ${i},2024-01-02T03:04:05Z\n`
    if (!out.write(row)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

/** Runs a command to its end; throws when it fails. */
async function latchkey(args, env) {
  const started = performance.now()
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.resume()
  let megabytes = 0
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, peakMegabytes(child.pid))
  }, 50)
  const [exitCode] = await once(child, 'close')
  clearInterval(watch)
  if (exitCode !== 0) throw new Error(`latchkey ${args[0]} ended with ${exitCode}`)
  return { seconds: (performance.now() - started) / 1000, megabytes }
}

/** What Linux says of the most that a process held; 0 elsewhere, and when it has ended. */
function peakMegabytes(pid) {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes) / 1024)
  } catch {
    return 0
  }
}
