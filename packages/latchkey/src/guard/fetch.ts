// Any handler that is a function from Request to Response. The caller is the handler's second argument.
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import {
  type FetchGuard,
  type FetchHandler,
  fetchGuard,
  type GuardedFetch,
  type ProtectOptions,
} from './fetch-guard.ts'
import type { CallerOf } from './guard.ts'
import { refuseUncalled } from './refuse-uncalled.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'
export type { FetchGuard, FetchHandler, GuardedFetch, ProtectOptions } from './fetch-guard.ts'

/**
 * `protect(options, handler)` wraps a handler; `protect(options)` gives the wrapper, for several handlers behind one
 * guard. Throws a TypeError for options that cannot be meant.
 */
export function protect<
  Rules extends ClaimsOption = ClaimRequirements,
  Optional extends boolean = false,
  Req extends Request = Request,
  Rest extends readonly unknown[] = [],
>(
  options: ProtectOptions<Rules, Optional>,
  handler: FetchHandler<CallerOf<Rules, Optional>, Req, Rest>,
): GuardedFetch<Req, Rest>
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): FetchGuard<Rules, Optional>
export function protect<Rules extends ClaimsOption, Optional extends boolean>(
  options: ProtectOptions<Rules, Optional>,
  handler?: FetchHandler<CallerOf<Rules, Optional>, Request, []>,
): GuardedFetch<Request, []> | FetchGuard<Rules, Optional> {
  refuseUncalled('protect', options, 'protect({ secret: process.env.JWT_SECRET }, (request, auth) => …)')
  const guard = fetchGuard(options)
  return handler === undefined ? guard : guard(handler)
}
