// Who has an account? Each row asks the same of somebody whom the server knows and of somebody whom it does not.
import { join } from 'node:path'
import { linkIn } from '../../../packages/server/test/link-in.ts'
import { ada, bearer, callerAt, post, signIn, type TokenAnswer } from '../../account.ts'
import type { ServerProcess } from '../../server-process.ts'
import type { Side } from './sampler.ts'

export interface Cast {
  /** Somebody whose waiting address is another's, and somebody whose waiting address is nobody's. */
  wantsTaken: TokenAnswer
  wantsFree: TokenAnswer
  /** Refresh tokens with a wrong MAC, of a session that goes on and of one that was ended. */
  liveSession: string
  endedSession: string
  /** Refresh tokens that name these sessions, as somebody would write them who knows what sessions are called. */
  namedSession: string
  noSession: string
}

export interface Row {
  name: string
  status: number
  known(cast: Cast): Side
  unknown(cast: Cast): Side
}

/** Verified, and ada's. */
const taken = 'ada@example.com'
/** As long, and nobody's. */
const free = 'eva@example.com'
const wrong = 'not the lantern on the sill'

const asJson = (path: string, body: unknown, headers: Record<string, string> = {}): Side => ({
  path,
  headers,
  body: JSON.stringify(body),
})
const sendAgain = ({ access_token }: TokenAnswer): Side =>
  asJson('/user/email/verify/send', {}, bearer(access_token).headers as Record<string, string>)

export const rows: readonly Row[] = [
  {
    name: 'login by name',
    status: 403,
    known: () => asJson('/user/login', { username: 'ada', password: wrong }),
    unknown: () => asJson('/user/login', { username: 'eva', password: wrong }),
  },
  {
    name: 'login by address',
    status: 403,
    known: () => asJson('/user/login', { username: taken, password: wrong }),
    unknown: () => asJson('/user/login', { username: free, password: wrong }),
  },
  {
    name: 'forgot',
    status: 202,
    known: () => asJson('/user/password/forgot', { email: taken }),
    unknown: () => asJson('/user/password/forgot', { email: free }),
  },
  {
    name: 'the address in register',
    status: 201,
    known: () => asJson('/user/register', { username: 'a{n}', password: ada.password, email: taken }),
    unknown: () => asJson('/user/register', { username: 'a{n}', password: ada.password, email: free }),
  },
  {
    name: 'verify/send',
    status: 202,
    known: ({ wantsTaken }) => sendAgain(wantsTaken),
    unknown: ({ wantsFree }) => sendAgain(wantsFree),
  },
  {
    name: 'refresh with a changed token',
    status: 403,
    known: ({ liveSession }) => asJson('/user/refresh', { refresh_token: liveSession }),
    unknown: ({ endedSession }) => asJson('/user/refresh', { refresh_token: endedSession }),
  },
  {
    name: 'refresh with a written token',
    status: 403,
    known: ({ namedSession }) => asJson('/user/refresh', { refresh_token: namedSession }),
    unknown: ({ noSession }) => asJson('/user/refresh', { refresh_token: noSession }),
  },
]

/** The accounts that the rows speak of. */
export async function makeCast({ url, folder }: ServerProcess): Promise<Cast> {
  const call = callerAt(url)
  const data = join(folder, 'data')
  await post(call, '/user/register', { ...ada, email: taken })
  const verified = await post(call, '/user/email/verify', { token: linkIn(data, 'verify') })
  if (verified.status !== 204) throw new Error(`the address was not verified: ${verified.status}`)
  const user = await signIn(call)
  const wanting = async (username: string, email: string): Promise<TokenAnswer> => {
    await post(call, '/user/register', { username, password: ada.password, email })
    return signIn(call, { username, password: ada.password })
  }
  const wantsTaken = await wanting('bob', taken)
  const wantsFree = await wanting('may', free)
  const ended = await signIn(call)
  await post(call, '/user/logout', { refresh_token: ended.refresh_token })
  return {
    wantsTaken,
    wantsFree,
    liveSession: withWrongMac(user.refresh_token),
    endedSession: withWrongMac(ended.refresh_token),
    namedSession: withoutMark(user.refresh_token),
    noSession: withoutMark(`lkr_${'E'.repeat(user.refresh_token.length - 4)}`),
  }
}

function withWrongMac(token: string): string {
  return token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA')
}

/** The first bytes of a refresh token can be made with the server's key only. */
function withoutMark(token: string): string {
  return `lkr_AAAAAAAAAAAAAA${token.slice(18)}`
}
