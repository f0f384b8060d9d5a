// What every rule of this folder works with, and the values they hand to each other.
import type { Config, Roles } from '../config.ts'
import type { Metrics } from '../figures/metrics.ts'
import type { Recorder } from '../figures/recorder.ts'
import type { Hasher } from '../hash/hasher.ts'
import type { Hooks } from '../hooks.ts'
import type { SessionId, Transport, UserId } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { AddressLimiter } from './address-limiter.ts'
import type { KeyRing } from './key-ring.ts'
import type { MasterKey } from './master-key.ts'
import type { Revocations } from './revocations.ts'

/** Milliseconds since 1970. */
export type Clock = () => number

export interface AuthContext {
  readonly store: Store
  readonly master: MasterKey
  readonly hasher: Hasher
  readonly addressLimiter: AddressLimiter
  readonly keyRing: KeyRing
  readonly revocations: Revocations
  /** Where what happens is counted, for the console's charts. */
  readonly figures: Recorder
  /** Likewise, for GET /metrics. */
  readonly metrics: Metrics
  readonly clock: Clock
  readonly issuer: string
  readonly audience: string | readonly string[]
  readonly roles: Roles
  readonly rules: AccountRules
  readonly hooks: Hooks
  /** Writes a line into the log: our own words, the error behind them, and the request that it belongs to. */
  readonly note: (line: string, error?: unknown, requestId?: string) => void
}

type AccountRules = Pick<
  Config,
  | 'accessTtl'
  | 'sessionIdle'
  | 'sessionMax'
  | 'refreshGrace'
  | 'limits'
  | 'passwordMin'
  | 'breachCheckUrl'
  | 'productName'
  | 'registration'
  | 'requireVerifiedEmail'
  | 'keyRotation'
  | 'signingAlg'
>

export interface Username {
  /** As it is shown. */
  username: string
  /** As it is compared. */
  canonicalName: string
}

/** What everybody may know of a user. */
export interface PublicUser {
  id: UserId
  username: string
  roles: readonly string[]
}

/** The claims that the application adds to an access token. */
export type ExtraClaims = Readonly<Record<string, unknown>>

/** The answer to a sign-in and to each refresh. */
export interface Grant {
  accessToken: string
  expiresInSeconds: number
  refreshToken: string
  refreshExpiresInSeconds: number
  /** The pages' handle of a session that travels in a cookie; undefined for any other. */
  pageToken: string | undefined
  transport: Transport
  sessionId: SessionId
  user: PublicUser
  /** What tells the device the next time: a sign-in gives it. */
  deviceToken?: string
}

/** Who is calling from where, as far as a record keeps it. */
export interface Caller {
  address: string | undefined
  /** What the caller says of itself, its User-Agent. */
  device?: string | undefined
  /** What a device brings that logged in before. */
  deviceToken?: string | undefined
  /** What the log calls the request; undefined for the command line. */
  requestId?: string | undefined
}
