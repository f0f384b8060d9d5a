// createClient: the session of an application's user, in a browser, in Node and on a phone.
import type { ErrorCode } from '../base/errors.ts'
import { askServer } from './ask-server.ts'
import { authorisedFetch } from './authorised-fetch.ts'
import { cookieCredential } from './cookie-credential.ts'
import type { AuthListener } from './listeners.ts'
import { randomShare } from './random.ts'
import { secureUrl } from './secure-url.ts'
import type { Session, User } from './session.ts'
import { isEnding, keepSession } from './session-keeper.ts'
import { memoryStore, type Store, storeCredential } from './store-credential.ts'
import { joinTabs } from './tabs.ts'
import { takeTurns } from './turns.ts'

export { LatchkeyError } from '../base/errors.ts'
export type { AuthEvent, AuthListener } from './listeners.ts'
export type { Session, User } from './session.ts'
export type { Store } from './store-credential.ts'

/** A session that ended without anybody wishing it. */
export interface Expiry {
  /** The code that the renewal was refused with, such as `refresh_expired`. */
  readonly reason: ErrorCode
  /** The path of the page that the user was on, with its query and fragment; undefined outside browsers. */
  readonly returnTo: string | undefined
}

export interface ClientOptions {
  /** Where the login server is. https, or http on the loopback. */
  readonly url: string
  /** Keeps the refresh token. Without one: a cookie that no script sees in browsers, memory elsewhere. */
  readonly store?: Store
  /** Further origins that `fetch` sends the access token to. */
  readonly tokenOrigins?: readonly string[]
  /** Called once for each session that ended by itself: the way back to the login page. */
  readonly onExpired?: (expiry: Expiry) => void
}

export interface SignUp {
  readonly username: string
  readonly password: string
  readonly email?: string
  readonly invitation?: string
}

export interface SignIn {
  /** A username, or a verified e-mail address. */
  readonly username: string
  readonly password: string
  /** What the list of devices calls this one. */
  readonly device?: string
}

export interface Client {
  /** Registers a user, who is not signed in by that. Throws the codes of `POST /user/register`. */
  signUp(fields: SignUp): Promise<{ user: User }>
  /** Throws the codes of `POST /user/login`. */
  signIn(fields: SignIn): Promise<Session>
  /**
   * Ends the session, with `all` every session of the user. Without the network it throws `network_error`, and the
   * user is still signed in.
   */
  signOut(options?: { readonly all?: boolean }): Promise<void>
  /** The session, renewed when it is due; undefined when nobody is signed in. Throws `network_error`. */
  getSession(): Promise<Session | undefined>
  /** A token good for use now; undefined when nobody is signed in. Throws the codes of `POST /user/refresh`. */
  getAccessToken(): Promise<string | undefined>
  /** The global `fetch` with the access token, for the origins that may have it. Throws `network_error` too. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Tells what becomes of the session, first what it is. Gives the end of the telling. */
  onAuthStateChange(listener: AuthListener): () => void
}

/**
 * Makes a client. It renews the session when it is used, never on a timer, so that an idle user's session can run out.
 *
 * All errors that are not a caller's mistake are LatchkeyError with the server's code, or `network_error` when the
 * server could not be reached: that ends no session. Throws a TypeError for a URL that no credential may go to, and
 * the runtime's own error where there is no Web Crypto.
 */
export function createClient(options: ClientOptions): Client {
  // Where there is no randomness, as on a phone without the polyfill, it fails now: not after a password was sent.
  randomShare()
  const given = secureUrl('url', options.url)
  const url = `${given.origin}${given.pathname.replace(/\/+$/, '')}`
  const tokenOrigins = (options.tokenOrigins ?? []).map(origin => secureUrl('tokenOrigins', origin).origin)
  // Key stores of phones take letters, digits and these three marks alone.
  const name = `latchkey.${url.replace(/[^\w.-]+/g, '_')}`

  refuseReadable(options.store)
  // Tabs share a cookie, and so a session. A client with a store of its own shares nothing.
  const isShared = options.store === undefined && typeof document === 'object'
  const tabs = isShared ? joinTabs(name, news => keeper.hear(news)) : undefined
  const keeper = keepSession({
    url,
    credential: isShared ? cookieCredential(name) : storeCredential(name, options.store ?? memoryStore()),
    turns: takeTurns(tabs && { name, tabs }),
    tell: news => tabs?.tell(news),
    onEnded: reason => options.onExpired?.({ reason, returnTo: pageAddress() }),
  })
  const authorised = {
    origins: new Set([given.origin, ...tokenOrigins]),
    base: globalThis.document?.baseURI ?? `${url}/`,
    tokenToUse: async (refused?: string) => (await keeper.usable(refused))?.grant.accessToken,
    async onAnswer({ url: asked, method }: { url: string; method: string }, response: Response) {
      if (method !== 'PATCH' || asked !== `${url}/user` || !response.ok) return
      const { user } = (await response.clone().json()) as { user: User }
      keeper.updateUser({ id: user.id, username: user.username, roles: user.roles })
    },
  }

  return {
    async signUp(fields) {
      const answer = await askServer({ url: `${url}/user/register`, body: fields, credentials: 'omit' })
      return answer as { user: User }
    },
    signIn: keeper.signIn,
    signOut: (fields = {}) => keeper.signOut(fields),
    getSession: () =>
      keeper.usable().then(
        held => held?.session,
        error => {
          // It has just turned out that there is none.
          if (isEnding(error)) return undefined
          throw error
        },
      ),
    getAccessToken: authorised.tokenToUse,
    fetch: (input, init) => authorisedFetch(input, init, authorised),
    onAuthStateChange: keeper.listen,
  }
}

function refuseReadable(store: Store | undefined): void {
  if (typeof Storage === 'function' && store instanceof Storage)
    throw new TypeError('store is readable by every script of the page: leave it out')
}

function pageAddress(): string | undefined {
  const { pathname, search, hash } = globalThis.location ?? {}
  return pathname && pathname + search + hash
}
