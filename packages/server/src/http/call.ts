// What an endpoint is given: one request, its steps done, each result under its own name.

import type { LatchkeyError } from 'latchkey'
import type { ApiDescription } from '../api/openapi.ts'
import type { AuthContext, Caller } from '../auth/context.ts'
import type { ReadToken } from '../auth/introspection.ts'
import type { Overview } from '../auth/overview.ts'
import type { TrustedProxies } from '../config.ts'
import type { Outbox } from '../mail/transport.ts'
import type { ThemeAssets } from '../pages/theme-assets.ts'
import type { ShownSetting } from '../shown-settings.ts'
import type { SessionRecord, UserRecord } from '../store/records.ts'
import type { Tracing } from '../tracing.ts'
import type { Connection } from './connection.ts'
import type { SessionCookie } from './cookies.ts'
import type { InspectToken } from './inspect-token.ts'
import type { RevocationStream } from './revocation-stream.ts'

/** What all endpoints work with; made once, by the composition root. */
export interface Services {
  readonly auth: AuthContext
  /** Checks the credential of a request, an access token or an API key: its claims, or the refusal to answer with. */
  readonly admit: (request: Request, caller: Caller) => Promise<Admission>
  /** The claims of an access token that we signed, expired or revoked ones too: enough to end its session. */
  readonly readSpentToken: (token: string) => Claims | undefined
  /** The claims of an access token or an API key that is good now; undefined for any other. */
  readonly readToken: ReadToken
  /** Says how far a token comes here, and where it stops. */
  readonly inspectToken: InspectToken
  readonly revocationStream: RevocationStream
  /** What Prometheus reads. */
  readonly metrics: () => string
  /** Figures for administrators. */
  readonly overview: Overview
  /** The settings in force, secrets hidden. */
  readonly settings: readonly ShownSetting[]
  /** Lists what is missing before requests can be served; empty when nothing is. */
  readonly missing: () => Promise<readonly string[]>
  readonly cookie: SessionCookie
  readonly issuer: string
  readonly origins: ReadonlySet<string>
  readonly trustProxy: TrustedProxies
  readonly denyStatus: 401 | 403
  readonly jwksMaxAgeSeconds: number
  readonly log: RequestLog
  readonly tracing: Tracing
  /** The mails of a machine without a mail server; undefined everywhere else. */
  readonly outbox: Pick<Outbox, 'mails'> | undefined
  readonly version: string
  /** The operator's own colours and logo. */
  readonly theme: ThemeAssets
  readonly apiDescription: () => Promise<ApiDescription>
}

type Claims = Readonly<Record<string, unknown>>
export type Admission =
  | { kind: 'admitted'; claims: Claims; by: 'token' }
  | { kind: 'admitted'; claims: Claims; by: 'api_key'; scopes: readonly string[] }
  | { kind: 'refused'; response: Response; error: LatchkeyError }

/** Who calls, as the store knows them now. */
export interface Principal {
  readonly user: UserRecord
  /** The session of the access token; undefined for an API key. */
  readonly session: SessionRecord | undefined
}

export interface RequestLog {
  request(line: RequestLine): void
  /** An error that is ours: what a 500 or a 503 was about. */
  failure(requestId: string, error: unknown): void
  /** Something else worth knowing; of no request, unless one is named. */
  note(line: string, error?: unknown, requestId?: string): void
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
  /** Set on routes that ask for a user or an administrator. */
  readonly principal: Principal | undefined
  /** The values of the path's parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}
