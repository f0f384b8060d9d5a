// The session of one tab: whether there is one, its access token in memory and nowhere else, and its renewal. Changes
// happen in turns; what they mean for the application is said after the turn, when no lock is held any more.
import { type ErrorCode, LatchkeyError } from '../base/errors.ts'
import { askServer } from './ask-server.ts'
import type { Credential, SignInTokens } from './credential.ts'
import { type AuthEvent, type AuthListener, createListeners } from './listeners.ts'
import { ageMs, type Grant, type Held, hold, postpone, type Session, type User } from './session.ts'
import type { News } from './tabs.ts'
import type { Turns } from './turns.ts'

/** Codes that a renewal is refused with when there is no session to renew. */
const endings: ReadonlySet<string> = new Set([
  'missing_token',
  'invalid_token',
  'refresh_expired',
  'refresh_reused',
  'session_revoked',
])

export interface KeeperOptions {
  readonly url: string
  readonly credential: Credential
  readonly turns: Turns
  readonly tell: (news: News) => void
  /** Called once for each session that ended without anybody wishing it. */
  readonly onEnded: (reason: ErrorCode) => void
}

export interface SessionKeeper {
  signIn(fields: object): Promise<Session>
  signOut(fields: object): Promise<void>
  /**
   * The token to use now, renewed when it is due; undefined when nobody is signed in. `refused` is one that a server
   * would not take. Throws the codes of `POST /user/refresh`, and `network_error`, which changes nothing.
   */
  usable(refused?: string): Promise<Held | undefined>
  /** Takes over what another tab told. */
  hear(news: News): void
  updateUser(user: User): void
  /** Gives the end of the listening. */
  listen(listener: AuthListener): () => void
}

export function keepSession(options: KeeperOptions): SessionKeeper {
  const { url, credential, turns, tell } = options
  const { fetchCredentials: credentials } = credential
  let held: Held | undefined
  /** Whether it is known yet if there is a session. */
  let isKnown = false
  /** Why the last session ended, when nobody wished it. */
  let ending: ErrorCode | undefined
  let renewing: Promise<void> | undefined
  const listeners = createListeners()

  /** Does its work in a turn; what changed is said once the turn is over. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const resume = listeners.pause()
    try {
      return await turns(work)
    } finally {
      resume()
    }
  }

  function become(grant: Grant | undefined, reason?: ErrorCode): void {
    const before = held
    held = grant && hold(grant)
    const events = isKnown ? eventsBetween(before, held) : (['INITIAL_SESSION'] as const)
    isKnown = true
    ending = reason
    for (const event of events) listeners.say(event, held?.session)
    if (held === undefined && reason !== undefined) listeners.run(() => options.onEnded(reason))
  }

  function change(grant: Grant): void {
    become(grant)
    tell({ kind: 'granted', grant })
  }

  function end(reason?: ErrorCode): void {
    become(undefined, reason)
    tell({ kind: 'ended', reason })
  }

  async function renew(stale: string | undefined, wasKnown: boolean): Promise<void> {
    // Another tab was faster, or somebody signed in or out, while this one waited for its turn.
    if (held?.grant.accessToken !== stale || isKnown !== wasKnown) return
    const body = await credential.prepareRenewal()
    if (body === undefined) return finish(new LatchkeyError('missing_token'))
    const askedAtMs = Date.now()
    try {
      const answer = await askServer({ url: `${url}/user/refresh`, body, credentials })
      const { grant, refreshToken } = readGrant(answer, askedAtMs)
      await credential.settleRenewal(body, refreshToken)
      change(grant)
    } catch (error) {
      if (!isEnding(error)) throw error
      await credential.settleRenewal(body, undefined)
      finish(error)
    }
  }

  /** There is no session any more. That there never was one here is no error. */
  function finish(error: LatchkeyError): void {
    if (!isKnown && error.code === 'missing_token') {
      become(undefined)
      return
    }
    end(error.code)
    throw error
  }

  async function usable(refused?: string): Promise<Held | undefined> {
    const isGood = (): boolean => held?.grant.accessToken !== refused
    if (isKnown && held === undefined) {
      // A call that was on its way when the session ended says the same as the one that found it out.
      if (refused !== undefined && ending !== undefined) throw new LatchkeyError(ending)
      return undefined
    }
    if (held !== undefined && isGood() && ageMs(held) < held.renewalAgeMs) return held
    const [stale, wasKnown] = [held?.grant.accessToken, isKnown]
    renewing ??= inTurn(() => renew(stale, wasKnown)).finally(() => {
      renewing = undefined
    })
    try {
      await renewing
    } catch (error) {
      if (held === undefined || !isGood() || ageMs(held) >= held.grant.lifetimeMs) throw error
      // It could not be renewed, but it is good for a while.
      postpone(held)
    }
    return held
  }

  return {
    usable,
    signIn: fields =>
      inTurn(async () => {
        const askedAtMs = Date.now()
        const body = { ...fields, ...(await credential.prepareSignIn()) }
        const answer = await askServer({ url: `${url}/user/login`, body, credentials })
        const { grant, ...tokens } = readGrant(answer, askedAtMs)
        await credential.signedIn(tokens)
        change(grant)
        return hold(grant).session
      }),
    signOut: fields =>
      inTurn(async () => {
        const proof = await credential.prepareSignOut()
        const body = { ...fields, ...proof }
        try {
          if (proof !== undefined) await askServer({ url: `${url}/user/logout`, body, credentials })
        } catch (error) {
          // A session that is gone already is what was asked for.
          if (!isEnding(error)) throw error
        }
        await credential.signedOut()
        end()
      }),
    hear(news) {
      if (news.kind === 'granted') become(news.grant)
      else if (!isKnown || held !== undefined) become(undefined, news.reason)
    },
    updateUser(user) {
      if (held !== undefined && held.grant.user.id === user.id) change({ ...held.grant, user })
    },
    listen(listener) {
      const hearer = listeners.add(listener)
      if (isKnown) hearer.begin(held?.session)
      // What cannot be known now is told when it is.
      else usable().catch(() => {})
      return hearer.remove
    },
  }
}

/** What an application is told when the one became the other. */
function eventsBetween(before: Held | undefined, after: Held | undefined): AuthEvent[] {
  if (after === undefined) return before === undefined ? [] : ['SIGNED_OUT']
  if (before === undefined || before.grant.user.id !== after.grant.user.id) return ['SIGNED_IN']
  const isRenewed = before.grant.accessToken !== after.grant.accessToken
  const isUpdated = JSON.stringify(before.grant.user) !== JSON.stringify(after.grant.user)
  return [...(isRenewed ? ['TOKEN_REFRESHED' as const] : []), ...(isUpdated ? ['USER_UPDATED' as const] : [])]
}

/** Whether this refusal of a renewal says that there is no session. */
export function isEnding(error: unknown): error is LatchkeyError {
  return error instanceof LatchkeyError && endings.has(error.code)
}

interface GrantAnswer {
  access_token: string
  expires_in: number
  refresh_token?: string
  device_token?: string
  user: User
}

/** The answer to a sign-in and to a renewal. Throws `network_error` when it is not Latchkey's. */
function readGrant(answer: unknown, askedAtMs: number): { grant: Grant } & SignInTokens {
  // Checked by the two fields that nothing else has together.
  const {
    access_token: accessToken,
    expires_in: seconds,
    refresh_token,
    device_token,
    user,
  } = (answer ?? {}) as GrantAnswer
  if (typeof accessToken !== 'string' || !(seconds > 0))
    throw new LatchkeyError('network_error', { detail: 'The answer was not from Latchkey.' })
  return {
    grant: { accessToken, user, lifetimeMs: seconds * 1000, askedAtMs },
    refreshToken: refresh_token,
    deviceToken: device_token,
  }
}
