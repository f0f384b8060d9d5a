// Next on the Node runtime: route handlers, and the proxy. The caller is the handler's second argument, Next's own
// second argument (`{ params }`) comes after it.
import { type Protect, protectAs } from './fetch-guard.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'
export type { FetchGuard, FetchHandler, GuardedFetch, Protect, ProtectOptions } from './fetch-guard.ts'

/**
 * `protect(options, handler)` wraps a handler; `protect(options)` gives the wrapper, for several handlers behind one
 * guard. Throws a TypeError for options that cannot be meant.
 */
export const protect: Protect = protectAs(
  'export const GET = protect({ secret: process.env.JWT_SECRET }, (request, auth) => …)',
)
