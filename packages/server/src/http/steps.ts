// The steps of a request, in their order: https, credential, principal, body, endpoint. Each returns a value or throws.
import { LatchkeyError } from 'latchkey'
import { isAdministrator } from '../auth/admin.ts'
import type { Caller } from '../auth/context.ts'
import { findPageSession } from '../auth/page-session.ts'
import type { AccessId, SessionId, SessionRecord, UserId, UserRecord } from '../store/records.ts'
import { readFields } from './body.ts'
import type { Admission, Call, Principal, Services } from './call.ts'
import { type Connection, callerAddress, isFromLoopback, isUnencrypted } from './connection.ts'
import { freshLoginSeconds } from './fresh-login.ts'
import { seeOther } from './html.ts'
import { loadShapes } from './late-shapes.ts'
import { readQuery } from './query.ts'
import type { Route } from './route.ts'

export interface Arrival {
  request: Request
  connection: Connection
  requestId: string
  params: Readonly<Record<string, string>>
  /** Hears why the guard refused: its answer is made already. */
  onRefused(error: LatchkeyError): void
}

type Admitted = Extract<Admission, { kind: 'admitted' }>

/** Takes a request through its route's steps. Throws LatchkeyError for every refusal but the guard's, which it returns. */
export async function takeSteps(route: Route, arrival: Arrival, services: Services): Promise<Response> {
  const { request, connection } = arrival
  if (route.unencrypted !== true) requireEncryption(request, connection, services)

  if (route.hashes === true) services.auth.hasher.requireRoom()
  if (route.access === 'loopback' && !isFromLoopback(request, connection, services.issuer))
    throw new LatchkeyError('not_found')
  if (route.access === 'page' || route.access === 'console') return takePageSteps(route, arrival, services)
  const admission = isOpen(route, arrival, services)
    ? undefined
    : await services.admit(request, callerOf(arrival, services))
  if (admission?.kind === 'refused') {
    arrival.onRefused(admission.error)
    return admission.response
  }
  if (admission?.by === 'api_key') requireKeyScope(route, admission.scopes)
  if (admission?.by === 'token') requireScope(route, admission.claims)
  const principal =
    admission === undefined || isEnough(route, admission) ? undefined : await principalOf(admission, services)
  if (principal !== undefined) requireRights(route, principal, services)

  return runWith(route, { arrival, services, principal, claims: admission?.claims ?? {} })
}

/** Whether the route asks this caller for no credential. */
function isOpen({ access }: Route, { request, connection }: Arrival, { issuer }: Services): boolean {
  return (
    access === 'public' ||
    access === 'loopback' ||
    (access === 'operator' && isFromLoopback(request, connection, issuer))
  )
}

/** Whether a credential says everything about its caller that the route asks: nobody is looked for in the store. */
function isEnough({ access }: Route, { claims }: Admitted): boolean {
  return access === 'token' || (access === 'operator' && isClient(claims))
}

function isClient(claims: Admitted['claims']): boolean {
  return String(claims['sub']).startsWith('client:')
}

/** The body, and the endpoint: what is left once it is known who calls. */
async function runWith(
  route: Route,
  { arrival, ...known }: Pick<Call, 'services' | 'principal' | 'claims'> & { arrival: Arrival },
): Promise<Response> {
  const { request } = arrival
  const query = readQuery(request)
  const body = route.method === 'GET' ? {} : await readBody(route, request)
  const caller = callerOf(arrival, known.services)
  return route.run({ ...arrival, ...known, caller, body, query })
}

/** Pages of somebody: they know who is there by their own cookie, and send others to the sign-in page and back. */
async function takePageSteps(route: Route, arrival: Arrival, services: Services): Promise<Response> {
  const { request } = arrival
  if (route.method !== 'GET') requireOwnPage(request, services)
  const principal = await pageReader(request, services)
  if (principal === undefined) return seeOther(signInPath(route, request))
  try {
    requireRights(route, principal, services)
  } catch (error) {
    if (!isStaleLogin(error)) throw error
    return seeOther(`${signInPath(route, request)}&again=1`)
  }
  return runWith(route, { arrival, services, principal, claims: {} })
}

/** Who is looking at a page; undefined for anybody who did not sign in by cookie. */
export async function pageReader(
  request: Request,
  { cookie, auth }: Services,
): Promise<{ user: UserRecord; session: SessionRecord } | undefined> {
  const pageToken = cookie.readPage(request.headers)
  return pageToken === undefined ? undefined : findPageSession(auth, pageToken)
}

/** The sign-in page that leads back here; for a form, back to where it stood. */
export function signInPath(route: Pick<Route, 'method'>, request: Request): string {
  const { pathname, search } = new URL(request.url)
  const from = route.method === 'GET' ? pathname + search : formPlace(request, pathname)
  return `/login?return_to=${encodeURIComponent(from)}`
}

/** The page that a form was sent from; without a Referer the first page of its section, which can be opened. */
function formPlace(request: Request, pathname: string): string {
  const referrer = request.headers.get('referer') ?? ''
  if (!URL.canParse(referrer)) return `/${pathname.split('/')[1] ?? ''}`
  const { pathname: place, search } = new URL(referrer)
  return place + search
}

function isStaleLogin(error: unknown): boolean {
  return error instanceof LatchkeyError && error.code === 'insufficient_user_authentication'
}

const maxDeviceLength = 200

/** Who calls from where, with what, as far as anybody keeps it. */
function callerOf({ request, connection, requestId }: Arrival, { cookie, trustProxy }: Services): Caller {
  return {
    requestId,
    address: callerAddress(request.headers, connection, trustProxy),
    device: request.headers.get('user-agent')?.slice(0, maxDeviceLength) || undefined,
    deviceToken: cookie.readDevice(request.headers),
  }
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  const fields = await readFields(request)
  const { parseShape } = await loadShapes()
  return parseShape(await route.body(), fields)
}

function requireEncryption(request: Request, connection: Connection, services: Services): void {
  if (!isUnencrypted(request, connection, services)) return
  throw new LatchkeyError('https_required', {
    detail: 'Call this server by https; its proxy says that you did not.',
  })
}

function requireScope(route: Route, claims: Admitted['claims']): void {
  // Who administrates watches as well, by their role.
  if (route.access === 'operator' && !isClient(claims)) return
  if (route.scope === undefined) {
    if (!isClient(claims)) return
    throw new LatchkeyError('forbidden', { detail: 'This is for users, and the token is of a client.' })
  }
  const scopes = String(claims['scope'] ?? '').split(' ')
  if (scopes.includes(route.scope) || scopes.includes('*')) return
  throw new LatchkeyError('insufficient_scope', { detail: `This takes the scope ${route.scope}.` })
}

function requireKeyScope(route: Route, scopes: readonly string[]): void {
  if (route.apiKeyScope === undefined)
    throw new LatchkeyError('forbidden', { detail: 'This route takes no API key.' })
  if (scopes.includes(route.apiKeyScope) || scopes.includes('*')) return
  throw new LatchkeyError('insufficient_scope', { detail: `This takes the scope ${route.apiKeyScope}.` })
}

/** The user and the session of a credential, as the store has them now: a token may be up to its lifetime older. */
async function principalOf({ claims }: Admitted, { auth }: Services): Promise<Principal> {
  const [sub, sid] = [claims['sub'], claims['sid']]
  const user = typeof sub === 'string' ? await auth.store.findUser(sub as UserId) : undefined
  const session =
    typeof sid === 'string' ? await auth.store.findSessionByAccessId(sid as AccessId) : undefined
  if (user === undefined || user.disabledAt !== undefined) throw new LatchkeyError('token_revoked')
  return { user, session }
}

const administered: ReadonlySet<Route['access']> = new Set(['admin', 'console', 'operator'])

/** Throws `forbidden`, `insufficient_user_authentication`. */
function requireRights(route: Route, { user, session }: Principal, { auth }: Services): void {
  if (!administered.has(route.access)) return
  if (!isAdministrator(auth, user))
    throw new LatchkeyError('forbidden', { detail: 'This is for administrators.' })
  const age = auth.clock() / 1000 - (session?.authTime ?? 0)
  if (route.method !== 'GET' && age > freshLoginSeconds) {
    throw new LatchkeyError('insufficient_user_authentication', {
      detail: 'Sign in again: this takes a login at most 15 minutes old.',
    })
  }
}

/** The principal of a route that asks for one. */
export function requirePrincipal({ principal }: Call): Principal {
  if (principal === undefined) throw new Error('a route that needs a principal asks for none')
  return principal
}

/** The user who is signed in, and their session's id. Throws `forbidden` for an API key, which has none. */
export function requireSignedIn(call: Call): { user: UserRecord; sessionId: SessionId } {
  const { user, session } = requirePrincipal(call)
  if (session === undefined) throw new LatchkeyError('forbidden')
  return { user, sessionId: session.id }
}

/**
 * Asked wherever the session cookie is set or read: the page that calls is the issuer's own or a listed one.
 * Throws `origin_refused`, for a request without an Origin too: a browser always sends one with these methods.
 */
export function requireKnownOrigin(request: Request, services: Services): void {
  const origin = request.headers.get('origin')
  if (origin !== null && isKnownOrigin(origin, services)) return
  throw new LatchkeyError('origin_refused', {
    detail: 'A session in a cookie needs a page of the issuer, or of an origin listed in LATCHKEY_ORIGINS.',
  })
}

/** Asked of every form of a page: no other origin may send it. Throws `origin_refused`. */
export function requireOwnPage(request: Request, services: Services): void {
  if (isOwnPage(request, services)) return
  throw new LatchkeyError('origin_refused', { detail: 'This form is sent by our own pages only.' })
}

/** Whether a form was sent from a page of ours that may be told apart from others. */
export function isOwnPage(request: Request, { issuer }: Services): boolean {
  return request.headers.get('origin') === new URL(issuer).origin
}

/** Whether pages of this origin may call with credentials. */
export function isKnownOrigin(origin: string, services: Services): boolean {
  return origin === new URL(services.issuer).origin || services.origins.has(origin)
}
