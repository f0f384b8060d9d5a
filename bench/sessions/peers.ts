// The peers under the same callers: what a renewal costs them, and a sign-in.
import { fileURLToPath } from 'node:url'
import { callAll } from './callers.ts'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'

export interface PeerFigures {
  name: string
  cpuMsEach: number
  perSecond: number
  delayP99Ms: number
}

const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

async function measure(
  name: string,
  server: MeasuredProcess,
  renew: (from: number, many: number) => Promise<number>,
  count: number,
): Promise<PeerFigures> {
  await renew(0, 1_000)
  await server.resetDelay()
  const before = server.cpu()
  const seconds = await renew(1_000, count)
  const cpuMs = server.cpu().all - before.all
  const delayP99Ms = await server.delayP99Ms()
  return { name, cpuMsEach: cpuMs / count, perSecond: count / seconds, delayP99Ms }
}

/** oidc-provider: each answer a rotation, in memory. */
export async function measureOidcProvider(
  folder: string,
  count: number,
  sessions: number,
): Promise<PeerFigures> {
  const server = await startMeasured({ program: [programOf('oidc-provider')], cwd: folder })
  const { tokens } = (await server.ask({ kind: 'tokens', count: sessions })) as { tokens: string[] }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const client = { client_id: 'bench', client_secret: 'a lantern on the sill, and another' }
  const renew = (from: number, many: number): Promise<number> =>
    callAll(
      server.url,
      many,
      i => ({
        path: '/token',
        headers: form,
        body: new URLSearchParams({
          ...client,
          grant_type: 'refresh_token',
          refresh_token: tokens[(from + i) % sessions] ?? '',
        }).toString(),
      }),
      (i, { status, body }) => {
        if (status !== 200) throw new Error(`oidc-provider answered ${status}: ${body}`)
        tokens[(from + i) % sessions] = (JSON.parse(body) as { refresh_token: string }).refresh_token
      },
    )
  const figures = await measure('oidc-provider, in memory', server, renew, count)
  await server.end()
  return figures
}

/** better-auth: each answer a JWT, the session's end moved on in SQLite; and its sign-ins. */
export async function measureBetterAuth(
  folder: string,
  count: number,
  users: number,
): Promise<PeerFigures[]> {
  const server = await startMeasured({
    program: [programOf('better-auth'), `${folder}/better-auth.db`],
    cwd: folder,
  })
  const headers = { 'content-type': 'application/json', origin: server.url }
  const cookies: string[] = []
  const account = (i: number): string =>
    JSON.stringify({ email: `user-${i}@example.com`, password: 'a lantern on the sill', name: `user ${i}` })
  await callAll(
    server.url,
    users,
    i => ({ path: '/api/auth/sign-up/email', headers, body: account(i) }),
    (i, answer) => {
      if (answer.status !== 200) throw new Error(`better-auth answered ${answer.status}: ${answer.body}`)
      cookies[i] = [answer.headers['set-cookie'] ?? []]
        .flat()
        .map(cookie => cookie.split(';')[0])
        .join('; ')
    },
  )
  const renew = (from: number, many: number): Promise<number> =>
    callAll(
      server.url,
      many,
      i => ({
        path: '/api/auth/get-session',
        method: 'GET',
        headers: { cookie: cookies[(from + i) % users] ?? '' },
      }),
      (_, { status, headers: answered, body }) => {
        if (status !== 200 || answered['set-auth-jwt'] === undefined)
          throw new Error(`better-auth answered ${status} without a JWT: ${body}`)
      },
    )
  const renewal = await measure('better-auth, session and JWT', server, renew, count)
  const before = server.cpu()
  const seconds = await callAll(
    server.url,
    users,
    i => ({ path: '/api/auth/sign-in/email', headers, body: account(i) }),
    (_, { status, body }) => {
      if (status !== 200) throw new Error(`better-auth answered ${status}: ${body}`)
    },
  )
  const cpuMs = server.cpu().all - before.all
  await server.end()
  const signIn = {
    name: 'better-auth, sign-in',
    cpuMsEach: cpuMs / users,
    perSecond: users / seconds,
    delayP99Ms: Number.NaN,
  }
  return [renewal, signIn]
}
