// What an application learns of whoever is signed in, and the access token behind it as this machine holds it.
import { randomShare } from './random.ts'

/** Who is signed in, as the server last said. */
export interface User {
  readonly id: string
  readonly username: string
  readonly roles: readonly string[]
}

/** A session as an application sees it. */
export interface Session {
  readonly user: User
  /** When the access token runs out, in whole seconds since 1970 by this machine's clock. The session lives longer. */
  readonly expiresAt: number
}

/** A grant of the server with the instant that its age is counted from. Tabs hand it to each other as it is. */
export interface Grant {
  readonly accessToken: string
  readonly user: User
  readonly lifetimeMs: number
  /** When it was asked for, by this machine's clock: the token cannot be older. */
  readonly askedAtMs: number
}

/** A grant in the hands of one tab. */
export interface Held {
  readonly grant: Grant
  readonly session: Session
  /** `askedAtMs` on the clock that nobody can set. */
  readonly askedAtMonotonicMs: number
  /** The age at which it is renewed. */
  renewalAgeMs: number
}

/** Takes a grant in hand. Renewals are spread over 80 to 95 % of the lifetime, so that a fleet does not come at once. */
export function hold(grant: Grant): Held {
  return {
    grant,
    session: { user: grant.user, expiresAt: Math.floor((grant.askedAtMs + grant.lifetimeMs) / 1000) },
    askedAtMonotonicMs: performance.now() - (Date.now() - grant.askedAtMs),
    renewalAgeMs: grant.lifetimeMs * (0.8 + 0.15 * randomShare()),
  }
}

/**
 * How old a token is. The larger of two clocks: the wall clock may be set back, and the monotonic one stands still
 * on some systems while the machine sleeps. Neither asks what the server's clock says.
 */
export function ageMs(held: Held): number {
  return Math.max(Date.now() - held.grant.askedAtMs, performance.now() - held.askedAtMonotonicMs)
}

/** Puts the next renewal off a little: one has failed, and the token is still good. */
export function postpone(held: Held): void {
  held.renewalAgeMs = Math.min(ageMs(held) + held.grant.lifetimeMs * 0.05, held.grant.lifetimeMs)
}
