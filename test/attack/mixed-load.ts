// Everyday traffic and what comes with it: sign-ins, renewals, guarded calls, refusals, junk. A row is a kind of
// request, its share, and the statuses that it may be answered with.

import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'

interface Answer {
  status: number
  text: string
}

/** One of the load's users, with the session of the moment. A user makes one request at a time. */
export interface Visitor {
  username: string
  accessToken: string
  refreshToken: string
}

interface Ask {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

interface Row {
  name: string
  share: number
  statuses: readonly number[]
  run(load: MixedLoad, visitor: Visitor, number: number): Promise<Answer>
}

const password = 'a lantern on the sill'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const asJson = { 'content-type': 'application/json' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { ...asJson, ...headers },
  body: JSON.stringify(body),
})

/** A token whose signature is another's. */
const forged = (token: string): string =>
  `${token.slice(0, token.lastIndexOf('.') + 1)}${randomBytes(64).toString('base64url')}`

const rows: readonly Row[] = [
  {
    name: 'guarded',
    share: 400,
    statuses: [200],
    run: (load, { accessToken }) => load.ask({ path: '/user/data', headers: bearer(accessToken) }),
  },
  {
    name: 'profile',
    share: 60,
    statuses: [200],
    run: (load, { accessToken }) => load.ask({ path: '/user', headers: bearer(accessToken) }),
  },
  {
    name: 'sessions',
    share: 10,
    statuses: [200],
    run: (load, { accessToken }) => load.ask({ path: '/user/sessions', headers: bearer(accessToken) }),
  },
  { name: 'refresh', share: 180, statuses: [200], run: (load, visitor) => load.renew(visitor) },
  { name: 'login', share: 5, statuses: [200], run: (load, visitor) => load.signIn(visitor) },
  {
    name: 'logout',
    share: 5,
    statuses: [204],
    async run(load, visitor) {
      const answer = await load.ask({
        path: '/user/logout',
        ...json({ refresh_token: visitor.refreshToken }),
      })
      await load.signIn(visitor)
      return answer
    },
  },
  {
    name: 'wrong password',
    share: 5,
    statuses: [403],
    run: (load, { username }) =>
      load.ask({ path: '/user/login', ...json({ username, password: 'not the lantern' }) }),
  },
  {
    name: 'unknown user',
    share: 3,
    statuses: [403],
    run: (load, _, number) =>
      load.ask({ path: '/user/login', ...json({ username: `nobody${number}`, password }) }),
  },
  {
    name: 'register',
    share: 2,
    statuses: [201],
    run: (load, _, number) => {
      const username = `new${number}x${randomBytes(4).toString('hex')}`
      return load.ask({
        path: '/user/register',
        ...json({ username, password, email: `${username}@example.com` }),
      })
    },
  },
  {
    name: 'forgot',
    share: 20,
    statuses: [202],
    run: (load, { username }, number) =>
      load.ask({
        path: '/user/password/forgot',
        ...json({ email: number % 2 === 0 ? `${username}@example.com` : `nobody${number}@example.com` }),
      }),
  },
  { name: 'no token', share: 50, statuses: [403], run: load => load.ask({ path: '/user/data' }) },
  {
    name: 'forged token',
    share: 50,
    statuses: [403],
    run: (load, { accessToken }) => load.ask({ path: '/user/data', headers: bearer(forged(accessToken)) }),
  },
  {
    name: 'two credentials',
    share: 10,
    statuses: [400],
    run: (load, { accessToken }) =>
      load.ask({
        path: '/user/data',
        headers: { authorization: `Bearer ${accessToken}, Bearer ${accessToken}` },
      }),
  },
  {
    name: 'unknown API key',
    share: 10,
    statuses: [403],
    run: load => {
      const key = `lk_${randomBytes(16).toString('base64url')}_${randomBytes(32).toString('base64url')}`
      return load.ask({ path: '/user/data', headers: bearer(key) })
    },
  },
  {
    name: 'forged refresh token',
    share: 30,
    statuses: [403],
    run: load =>
      load.ask({
        path: '/user/refresh',
        ...json({ refresh_token: `lkr_${randomBytes(61).toString('base64url')}` }),
      }),
  },
  {
    name: 'forged link',
    share: 10,
    statuses: [400],
    run: load =>
      load.ask({
        path: '/user/email/verify',
        ...json({ token: `lko_${randomBytes(49).toString('base64url')}` }),
      }),
  },
  {
    name: 'broken JSON',
    share: 30,
    statuses: [400],
    run: load =>
      load.ask({ path: '/user/login', method: 'POST', headers: asJson, body: '{"username":"ada","pass' }),
  },
  {
    name: 'junk body',
    share: 20,
    statuses: [415, 400],
    run: (load, _, number) =>
      load.ask({
        path: '/user/login',
        method: 'POST',
        headers: { 'content-type': number % 2 === 0 ? 'application/octet-stream' : 'multipart/form-data' },
        body: randomBytes(200),
      }),
  },
  {
    name: 'long body',
    share: 5,
    statuses: [413],
    run: load =>
      load.ask({
        path: '/user/login',
        method: 'POST',
        headers: form,
        body: `username=${'a'.repeat(20_000)}`,
      }),
  },
  {
    name: 'nowhere',
    share: 30,
    statuses: [404],
    run: load => load.ask({ path: `/${randomBytes(12).toString('base64url')}` }),
  },
  {
    name: 'wrong method',
    share: 15,
    statuses: [405],
    run: load => load.ask({ path: '/user/login', method: 'PUT', headers: asJson, body: '{}' }),
  },
  {
    name: 'pages and documents',
    share: 50,
    statuses: [200],
    run: (load, _, number) => {
      const path = ['/', '/forgot', '/register', '/.well-known/jwks.json', '/health/ready'][number % 5]
      return load.ask({ path: path ?? '/' })
    },
  },
]

const total = rows.reduce((sum, { share }) => sum + share, 0)

/** The row of a request: a shuffle that is the same in every run, and has every share right over a short stretch. */
function rowOf(number: number): Row {
  let at = (number * 619) % total
  for (const row of rows) {
    at -= row.share
    if (at < 0) return row
  }
  throw new Error('the shares do not add up')
}

export class MixedLoad {
  readonly #agent: Agent
  readonly #url: string
  /** Answers that a row does not allow: name, status and what was told. */
  readonly surprises: string[] = []
  #number = 0

  constructor(url: string, sockets: number) {
    this.#url = url
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets })
  }

  /** Makes an account, with an address that its owner has verified, and signs in. */
  async visitor(username: string): Promise<Visitor> {
    const visitor = { username, accessToken: '', refreshToken: '' }
    await this.ask({
      path: '/user/register',
      ...json({ username, password, email: `${username}@example.com` }),
    })
    await this.signIn(visitor)
    return visitor
  }

  async signIn(visitor: Visitor): Promise<Answer> {
    return keep(
      visitor,
      await this.ask({ path: '/user/login', ...json({ username: visitor.username, password }) }),
    )
  }

  async renew(visitor: Visitor): Promise<Answer> {
    return keep(
      visitor,
      await this.ask({ path: '/user/refresh', ...json({ refresh_token: visitor.refreshToken }) }),
    )
  }

  /** A new access token, shown to the guard. */
  async renewAndShow(visitor: Visitor): Promise<void> {
    await this.renew(visitor)
    await this.ask({ path: '/user/data', headers: bearer(visitor.accessToken) })
  }

  /** The next request of the mixture. */
  async next(visitor: Visitor): Promise<void> {
    const number = this.#number++
    const row = rowOf(number)
    const { status, text } = await row.run(this, visitor, number)
    if (!row.statuses.includes(status)) this.surprises.push(`${row.name}: ${status} ${text.slice(0, 200)}`)
  }

  ask({ path, method = 'GET', headers = {}, body }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.#url}${path}`, { method, headers, agent: this.#agent })
      asked.once('error', reject)
      asked.once('response', answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }))
        answer.once('error', reject)
      })
      asked.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function keep(visitor: Visitor, answer: Answer): Answer {
  if (answer.status !== 200) return answer
  // The answer of a sign-in and of a renewal.
  const { access_token, refresh_token } = JSON.parse(answer.text) as Record<
    'access_token' | 'refresh_token',
    string
  >
  visitor.accessToken = access_token
  visitor.refreshToken = refresh_token
  return answer
}
