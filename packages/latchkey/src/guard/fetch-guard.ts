// A guard around a handler that is a function from Request to Response. Nothing comes after such a handler, so it runs
// for admitted requests only (and for anonymous ones, where the guard is optional).
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { refusalResponse } from './refusal-response.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { FetchRequest } from './request.ts'

export type FetchHandler<Caller, Req extends Request, Rest extends readonly unknown[]> = (
  request: Req,
  auth: Caller,
  ...rest: Rest
) => Response | Promise<Response>

export type GuardedFetch<Req extends Request, Rest extends readonly unknown[]> = (
  request: Req,
  ...rest: Rest
) => Promise<Response>

export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<Request, Rules, Optional> {
  /** Answers a refused request instead of the guard. */
  readonly onRefused?: ((refusal: Refusal, request: Request) => Response | Promise<Response>) | undefined
}

/** Wraps handlers; each gets the caller as its second argument, before whatever else it is called with. */
export type FetchGuard<Rules = ClaimRequirements, Optional extends boolean = false> = <
  Req extends Request = Request,
  Rest extends readonly unknown[] = [],
>(
  handler: FetchHandler<CallerOf<Rules, Optional>, Req, Rest>,
) => GuardedFetch<Req, Rest>

/** The two ways to call `protect`: with the handler, or without it. */
export interface Protect {
  <
    Rules extends ClaimsOption = ClaimRequirements,
    Optional extends boolean = false,
    Req extends Request = Request,
    Rest extends readonly unknown[] = [],
  >(
    options: ProtectOptions<Rules, Optional>,
    handler: FetchHandler<CallerOf<Rules, Optional>, Req, Rest>,
  ): GuardedFetch<Req, Rest>
  <Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
    options: ProtectOptions<Rules, Optional>,
  ): FetchGuard<Rules, Optional>
}

/** The `protect` of a page; `example` shows whoever passed it uncalled how it is called there. */
export function protectAs(example: string): Protect {
  return <Rules extends ClaimsOption, Optional extends boolean>(
    options: ProtectOptions<Rules, Optional>,
    handler?: FetchHandler<CallerOf<Rules, Optional>, Request, []>,
  ) => {
    refuseUncalled('protect', options, example)
    const guard = fetchGuard(options)
    // With a handler or without: the two ways that `Protect` describes.
    return (handler === undefined ? guard : guard(handler)) as never
  }
}

function fetchGuard<Rules extends ClaimsOption, Optional extends boolean>(
  options: ProtectOptions<Rules, Optional>,
): FetchGuard<Rules, Optional> {
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  return handler => {
    if (typeof handler !== 'function')
      throw new TypeError('protect: the handler must be a function from a Request to a Response')
    return async (request, ...rest) => {
      const verdict = await guard.check(new FetchRequest(request, request))
      if (verdict.kind === 'refused') return onRefused?.(verdict, request) ?? refusalResponse(verdict)
      // CORS belongs in front: behind this there is only a handler that counts on its caller.
      if (verdict.kind === 'preflight') return new Response(null, { status: 204 })
      const auth = verdict.kind === 'admitted' ? verdict.auth : undefined
      // Undefined only behind an optional guard, as the type of the caller says.
      return handler(request, auth as CallerOf<Rules, Optional>, ...rest)
    }
  }
}
