// Latchkey under load: refreshes whose every answer is a rotation on the disk, and sign-ins.
import { fileURLToPath } from 'node:url'
import { type BuiltDatabase, buildDatabase, password } from './built-database.ts'
import { callAll } from './callers.ts'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'

const program = fileURLToPath(new URL('../../packages/server/dist/cli/main.js', import.meta.url))
const json = { 'content-type': 'application/json' }

export interface LatchkeyPlace {
  folder: string
  database: BuiltDatabase
  users: number
}

export function startLatchkey(folder: string): Promise<MeasuredProcess> {
  const env = {
    LATCHKEY_PORT: '0',
    LATCHKEY_LIMITS: 'off',
    LATCHKEY_REFRESH_GRACE: '1s',
    LATCHKEY_LOG_LEVEL: 'warn',
  }
  return startMeasured({ program: [program, 'serve'], cwd: folder, env })
}

/** A database with so many users and sessions. */
export async function makePlace(folder: string, users: number): Promise<LatchkeyPlace> {
  await (await startLatchkey(folder)).end()
  return { folder, users, database: await buildDatabase(folder, users) }
}

export interface RefreshFigures {
  refreshes: number
  /** Counted in the database. */
  rotations: number
  rowsAdded: number
  cpuMsEach: number
  perSecond: number
  delayP99Ms: number
}

/** Renews sessions, each in its turn; a session comes again after the grace only, so that every answer rotates. */
export async function measureRefreshes(
  place: LatchkeyPlace,
  count: number,
  sessions: number,
): Promise<RefreshFigures> {
  const server = await startLatchkey(place.folder)
  const tokens = place.database.currentTokens(sessions)
  const refreshes = async (from: number, many: number): Promise<number> =>
    callAll(
      server.url,
      many,
      i => ({
        path: '/user/refresh',
        headers: json,
        body: JSON.stringify({ refresh_token: tokens[(from + i) % sessions] }),
      }),
      (i, { status, body }) => {
        if (status !== 200) throw new Error(`a refresh answered ${status}: ${body}`)
        // The server's answer of the contract.
        tokens[(from + i) % sessions] = (JSON.parse(body) as { refresh_token: string }).refresh_token
      },
    )
  await refreshes(0, 2_000)
  const before = place.database.totals()
  await server.resetDelay()
  const cpuBefore = server.cpu()
  const seconds = await refreshes(2_000, count)
  const cpuMs = server.cpu().all - cpuBefore.all
  const delayP99Ms = await server.delayP99Ms()
  const after = place.database.totals()
  await server.end()
  return {
    refreshes: count,
    rotations: after.rotations - before.rotations,
    rowsAdded: after.sessions - before.sessions,
    cpuMsEach: cpuMs / count,
    perSecond: count / seconds,
    delayP99Ms,
  }
}

export interface SignInFigures {
  signIns: number
  cpuMsEach: number
  /** Without the threads that hash. */
  restCpuMsEach: number
  hashShare: number
  perSecond: number
}

/** Sign-ins before the first that counts: as many as it takes until the code is compiled. */
const warmUp = 1_200

export async function measureSignIns(place: LatchkeyPlace, count: number): Promise<SignInFigures> {
  const server = await startLatchkey(place.folder)
  const stride = Math.floor(place.users / (count + warmUp))
  const signIns = (from: number, many: number): Promise<number> =>
    callAll(
      server.url,
      many,
      i => ({
        path: '/user/login',
        headers: json,
        body: JSON.stringify({ username: place.database.nameOf((from + i) * stride), password }),
      }),
      (_, { status, body }) => {
        if (status !== 200) throw new Error(`a sign-in answered ${status}: ${body}`)
      },
    )
  await signIns(0, warmUp)
  const before = server.cpu()
  const seconds = await signIns(warmUp, count)
  const after = server.cpu()
  await server.end()
  const all = after.all - before.all
  const hashing = after.hashing - before.hashing
  return {
    signIns: count,
    cpuMsEach: all / count,
    restCpuMsEach: (all - hashing) / count,
    hashShare: hashing / all,
    perSecond: count / seconds,
  }
}
