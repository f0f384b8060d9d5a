// What an endpoint is given: one request, its steps done, each result under its own name.
import type { AuthContext, Caller } from '../auth/context.ts'
import type { TrustedProxies } from '../config.ts'
import type { Connection } from './connection.ts'
import type { SessionCookie } from './cookies.ts'

/** What all endpoints work with; made once, by the composition root. */
export interface Services {
  readonly auth: AuthContext
  /** Checks the access token of a request: its claims, or the refusal to answer with. */
  readonly admit: (request: Request) => Promise<Admission>
  /** The claims of an access token that we signed, expired or revoked ones too: enough to end its session. */
  readonly readSpentToken: (token: string) => Claims | undefined
  /** Lists what is missing before requests can be served; empty when nothing is. */
  readonly missing: () => Promise<readonly string[]>
  readonly cookie: SessionCookie
  readonly issuer: string
  readonly origins: ReadonlySet<string>
  readonly trustProxy: TrustedProxies
  readonly denyStatus: 401 | 403
  readonly jwksMaxAgeSeconds: number
  readonly log: RequestLog
  readonly version: string
}

export type Claims = Readonly<Record<string, unknown>>
export type Admission = { kind: 'admitted'; claims: Claims } | { kind: 'refused'; response: Response }

export interface RequestLog {
  request(line: RequestLine): void
  /** An error that is ours: what a 500 or a 503 was about. */
  failure(requestId: string, error: unknown): void
}

export interface RequestLine {
  requestId: string
  method: string
  /** The route's path, never the request's: that may hold a one-time link. */
  route: string
  status: number
  code: string | undefined
  ms: number
  address: string | undefined
}

/** A request on its way through its route's steps. */
export interface Call<Body = unknown> {
  readonly request: Request
  readonly connection: Connection
  readonly requestId: string
  readonly services: Services
  readonly caller: Caller
  readonly body: Body
  /** The verified claims; empty on a route that asks for no access token. */
  readonly claims: Claims
}
