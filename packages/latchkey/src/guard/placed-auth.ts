// Reads the caller that a guard has placed on a request: typed by the guard's own schema, where a request type that
// the whole application shares cannot be.
import type { CallerOf, Guard } from './guard.ts'

/** Gives the caller; throws a TypeError when the request did not come through this guard. */
export function placedAuth<Native, Rules, Optional extends boolean>(
  guard: Guard<Native, unknown>,
  request: { readonly auth?: unknown },
  isOptional: Optional | undefined,
): CallerOf<Rules, Optional> {
  const { auth } = request
  const isThere = guard.admitted(auth) || (auth === undefined && isOptional === true)
  if (!isThere)
    throw new TypeError('this request did not come through this guard: put the guard before the handler')
  // This guard made it, with the schema that `Rules` is; undefined only where the guard is optional.
  return auth as CallerOf<Rules, Optional>
}
