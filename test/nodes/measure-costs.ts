// What a sign-in, a sign-out and a refresh cost on a real PostgreSQL whose commits wait for the disk, and how many
// refreshes servers do, each a rotation that is written.
// Run: node --conditions=latchkey-dev test/nodes/measure-costs.ts [sessions] [callers] [servers]
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { deriveMasterKey } from '../../packages/server/src/auth/master-key.ts'
import { makeRefreshToken } from '../../packages/server/src/auth/refresh-token.ts'
import type { SessionId } from '../../packages/server/src/store/records.ts'
import { bearer } from '../account.ts'
import { signInMany, startFleet } from './fleet.ts'
import { startPostgres } from './postgres-cluster.ts'

const [sessions = 6_000, callers = 64, servers = 1] = process.argv.slice(2).map(Number)
/** Seconds of CPU that servers and the database have used so far, from the system's own count (Linux). */
function cpuSeconds(): { servers: number; database: number } {
  const used = { servers: 0, database: 0 }
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const rows = lines.map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
  const isOurs = (pid: string | undefined): boolean => pid === String(process.pid)
  const postmaster = rows.find(([, , ppid, args]) => isOurs(ppid) && args?.includes('bin/postgres -D'))?.[1]
  for (const [, pid, ppid, args] of rows) {
    if (isOurs(ppid) && args?.includes('main.js serve')) used.servers += ticksOf(pid) / 100
    if (pid !== undefined && (pid === postmaster || ppid === postmaster)) used.database += ticksOf(pid) / 100
  }
  return used
}

function ticksOf(pid: string | undefined): number {
  // After the name in brackets: the 12th and 13th field are user and system time (proc(5)).
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 0
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

const agent = new Agent({ keepAlive: true, maxSockets: callers })

/** By node:http and not by fetch, whose own CPU would be a good part of what is measured. */
function refresh(url: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/user/refresh`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    })
    asked.once('error', reject)
    asked.once('response', answer => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    asked.end(JSON.stringify({ refresh_token: token }))
  })
}

/** Does something `times` over, and tells what each took of CPU. */
async function costOf(what: string, times: number, work: () => Promise<void>): Promise<void> {
  const before = cpuSeconds()
  await work()
  const after = cpuSeconds()
  const each = (name: 'servers' | 'database'): string =>
    `${(((after[name] - before[name]) * 1000) / times).toFixed(2)} ms`
  console.log(`CPU of ${what}: ${each('servers')} at the server, ${each('database')} at the database`)
}

async function bytesOfRow(table: string): Promise<string> {
  const [row] = await cluster.run(
    `SELECT pg_total_relation_size('${table}')::integer / count(*) AS bytes, count(*) FROM ${table}`,
    url,
  )
  return `${row?.['bytes']} bytes (of ${row?.['count']})`
}

const signIns = 600
const cluster = await startPostgres({ fsync: 'on' })
const url = await cluster.createDatabase()
const fleet = await startFleet(url, servers)
try {
  let signedIn: { access: string }[] = []
  await costOf(`a sign-in (of ${signIns}, few of them with a registration)`, signIns, async () => {
    signedIn = await signInMany(fleet, signIns)
  })
  await costOf('a sign-out', signIns - 1, async () => {
    for (const [number, { access }] of signedIn.slice(1).entries()) {
      const answer = await fleet.call(number)('/user/logout', { method: 'POST', ...bearer(access) })
      if (answer.status !== 204) throw new Error(`a sign-out was answered ${answer.status}`)
    }
  })
  await cluster.run('DELETE FROM sessions WHERE revoked_at IS NOT NULL', url)
  await cluster.run('VACUUM FULL sessions', url)
  // A session rotates once a grace, so each refresh needs a session of its own: copies of one that was signed in.
  const ids = Array.from({ length: sessions }, () => randomBytes(16).toString('base64url'))
  const [original] = await cluster.run('SELECT * FROM sessions LIMIT 1', url)
  const columns = Object.keys(original ?? {}).filter(name => name !== 'id' && name !== 'access_id')
  const copied = columns.join(', ')
  await cluster.run(
    `INSERT INTO sessions (id, access_id, ${copied}) SELECT copy.id, copy.id, ${copied} ` +
      `FROM (SELECT ${copied} FROM sessions LIMIT 1) s, unnest(ARRAY[${ids.map(id => `'${id}'`).join(', ')}]) AS copy (id)`,
    url,
  )
  console.log(
    `on the disk, with indexes: a session ${await bytesOfRow('sessions')}, an audit row ${await bytesOfRow('audit')}`,
  )
  const master = { ...deriveMasterKey(fleet.masterKey), version: 1 }
  const tokens = ids.map(id =>
    // Rows as PostgreSQL gives them: the salt is bytes.
    makeRefreshToken(master, {
      id: id as SessionId,
      salt: original?.['salt'] as Uint8Array,
      counter: 0,
      keyVersion: 1,
    }),
  )
  const urls = fleet.nodes.map(node => node.url)
  const statuses = new Map<number, number>()
  const startMs = performance.now()
  await costOf('a refresh', sessions, async () => {
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) {
          const status = await refresh(urls[caller % urls.length] ?? '', token)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
      }),
    )
  })
  const seconds = (performance.now() - startMs) / 1000
  const [{ written } = { written: 0 }] = await cluster.run(
    'SELECT count(*)::integer AS written FROM sessions WHERE counter = 1',
    url,
  )
  console.log(
    `${servers} server(s), ${callers} callers: ${Math.round(sessions / seconds)} refreshes a second`,
  )
  console.log(`answers ${JSON.stringify(Object.fromEntries(statuses))}, ${written} rotations on the disk`)
} finally {
  agent.destroy()
  await fleet.close()
  await cluster.stop()
}
