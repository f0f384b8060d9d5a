// Hono 4. The caller is put at `c.get('auth')`.
import type { Context, MiddlewareHandler } from 'hono'
import type { Auth } from './auth.ts'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { refusalResponse } from './refusal-response.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { FetchRequest, type NodeMessage } from './request.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Set by `protect` before the handler runs; not there behind an optional guard without a credential. */
    auth: Auth
  }
}

/** A middleware of Hono; handlers after it have `c.get('auth')` and `c.var.auth`, typed by the guard's schema. */
export type HonoGuard<Rules = ClaimRequirements, Optional extends boolean = false> = MiddlewareHandler<{
  Variables: { auth: CallerOf<Rules, Optional> }
}>

/** What `protect` takes for Hono. */
export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<Context, Rules, Optional> {
  /** Answers a refused request instead of the guard. What it throws goes to `app.onError`. */
  readonly onRefused?: ((refusal: Refusal, context: Context) => Response | Promise<Response>) | undefined
}

/** Lets requests with a good token through to the next handler. Throws a TypeError for options that cannot be meant. */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): HonoGuard<Rules, Optional> {
  refuseUncalled('protect', options, "app.get('/data', protect({ secret: process.env.JWT_SECRET }), handler)")
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  return async (context, next) => {
    const verdict = await guard.check(new FetchRequest(context.req.raw, context, addressIn(context.env)))
    if (verdict.kind === 'refused') return onRefused?.(verdict, context) ?? refusalResponse(verdict)
    if (verdict.kind === 'admitted') context.set('auth', verdict.auth)
    return next()
  }
}

/** What Hono's adapter for Node puts beside a request, itself or under `server`. */
interface NodeBindings {
  readonly incoming?: NodeMessage
  readonly server?: NodeBindings
}

function addressIn(env: unknown): string | undefined {
  // Each runtime puts something of its own here; only Node's has these names.
  const bindings = env as NodeBindings | undefined
  return (bindings?.server ?? bindings)?.incoming?.socket?.remoteAddress
}
