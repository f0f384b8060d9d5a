// Servers on one PostgreSQL, and services that only guard: each its own operating system process.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Caller, callerAt } from '../account.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

/** What every node of a fleet calls itself: where it listens is each one's own. */
export const issuer = 'http://localhost:4000'

export interface Fleet {
  /** The master key of its nodes. */
  masterKey: Uint8Array
  nodes: readonly ServerProcess[]
  /** Calls the node with this number, counted round and round. */
  call(node: number): Caller
  /** A guard that knows keys and revocations from a node, or through something in front of it. */
  startGuard(options?: GuardOptions): Promise<GuardProcess>
  close(): Promise<void>
}

export interface GuardOptions {
  node?: number
  /** Instead of the node's own address. */
  feedUrl?: string
  maxStale?: string
  clockShiftMs?: number
  clockTolerance?: string
}

export interface FleetOptions {
  env?: Record<string, string>
  /** How far the clock of each node is off, in their order. */
  clockShiftsMs?: readonly number[]
}

export interface GuardProcess {
  call: Caller
  status(): Promise<{ state: string; sockets: number; entries: number; problem?: string }>
  end(): Promise<void>
}

/** Starts `count` servers at the same moment on one database. */
export async function startFleet(
  databaseUrl: string,
  count: number,
  { env: more = {}, clockShiftsMs = [] }: FleetOptions = {},
): Promise<Fleet> {
  const masterKey = randomBytes(32)
  const env = {
    LATCHKEY_DATABASE_URL: databaseUrl,
    LATCHKEY_MASTER_KEY: masterKey.toString('base64url'),
    LATCHKEY_ISSUER: issuer,
    LATCHKEY_LOG_LEVEL: 'error',
    ...more,
  }
  const nodes = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      startServer({ env: { ...env, ...shiftedBy(clockShiftsMs[at]) } }),
    ),
  )
  const guards: GuardProcess[] = []
  const nodeAt = (number: number): ServerProcess => {
    const node = nodes[number % nodes.length]
    if (node === undefined) throw new Error('a fleet has one node or more')
    return node
  }
  let client: Promise<{ id: string; client_secret: string }> | undefined
  return {
    masterKey,
    nodes,
    call: number => callerAt(nodeAt(number).url),
    async startGuard({ node = 0, ...options } = {}) {
      client ??= addClient(env)
      const { id, client_secret: clientSecret } = await client
      const { url } = nodeAt(node)
      const guard = await startGuard({
        issuer,
        jwks: `${url}/.well-known/jwks.json`,
        feedUrl: url,
        clientId: id,
        clientSecret,
        ...options,
      })
      guards.push(guard)
      return guard
    },
    async close() {
      await Promise.all(guards.map(guard => guard.end()))
      await Promise.all(nodes.map(node => node.end('SIGKILL')))
    },
  }
}

async function addClient(env: Record<string, string>): Promise<{ id: string; client_secret: string }> {
  const added = await run(
    process.execPath,
    [serverProgram, 'client', 'add', 'guard', '--scope', 'revocations:read', '--json'],
    { cwd: newFolder(), env: cleanEnvironment(env) },
  )
  if (added.code !== 0) throw new Error(added.stderr)
  return JSON.parse(added.stdout)
}

const guardProgram = fileURLToPath(new URL('./guard-process.js', import.meta.url))

/** What makes a program's clock differ from this machine's. */
function shiftedBy(clockShiftMs = 0): Record<string, string> {
  if (clockShiftMs === 0) return {}
  const preload = new URL('./shifted-clock.js', import.meta.url)
  return { NODE_OPTIONS: `--import=${preload.href}`, TEST_CLOCK_SHIFT_MS: String(clockShiftMs) }
}

async function startGuard({
  clockShiftMs,
  ...settings
}: GuardOptions & Record<string, unknown>): Promise<GuardProcess> {
  const child = spawn(process.execPath, [guardProgram, JSON.stringify(settings)], {
    env: cleanEnvironment(shiftedBy(clockShiftMs)),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await addressOf(child)
  const call = callerAt(url)
  return {
    call,
    status: async () => JSON.parse(await (await call('/status')).text()),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill()
      await closed
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk
      const [, found] = /running on (\S+)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('close', code => reject(new Error(`the guard ended with ${code}: ${output}`)))
  })
}

/** Signs in `count` times as a few users, a few at a time and spread over the nodes. */
export async function signInMany(
  fleet: Fleet,
  count: number,
): Promise<{ access: string; refresh: string }[]> {
  const signedIn: { access: string; refresh: string }[] = []
  let begun = 0
  const worker = async (_: unknown, number: number): Promise<void> => {
    let user = ''
    for (let mine = 0; begun < count; mine++) {
      begun += 1
      const call = fleet.call(begun)
      const body = (): URLSearchParams =>
        new URLSearchParams({ username: user, password: 'a lantern on the sill' })
      // A user has a hundred sessions at the most: beyond that the oldest ends.
      if (mine % 90 === 0) {
        user = `user-${number}-${mine}`
        await call('/user/register', { method: 'POST', body: body() })
      }
      const answer = await call('/user/login', { method: 'POST', body: body() })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`a sign-in was answered ${answer.status} ${text}`)
      const { access_token: access, refresh_token: refresh } = JSON.parse(text)
      signedIn.push({ access, refresh })
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  return signedIn
}
