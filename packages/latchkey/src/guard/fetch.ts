// Any handler that is a function from Request to Response. The caller is the handler's second argument.
import { type Protect, protectAs } from './fetch-guard.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'
export type { FetchGuard, FetchHandler, GuardedFetch, Protect, ProtectOptions } from './fetch-guard.ts'

/**
 * `protect(options, handler)` wraps a handler; `protect(options)` gives the wrapper, for several handlers behind one
 * guard. Throws a TypeError for options that cannot be meant.
 */
export const protect: Protect = protectAs('protect({ secret: process.env.JWT_SECRET }, (request, auth) => …)')
