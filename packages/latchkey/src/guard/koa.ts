// Koa 3. The caller is put at `ctx.state.auth`.
import type { Context, Middleware } from 'koa'
import type { Auth } from './auth.ts'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { NodeRequest } from './request.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

declare module 'koa' {
  interface DefaultState {
    /** Set by `protect` before the handler runs; not there behind an optional guard without a credential. */
    auth: Auth
  }
}

/** A middleware of Koa; what `app.use` chains after it has `ctx.state.auth`, typed by the guard's schema. */
export type KoaGuard<Rules = ClaimRequirements, Optional extends boolean = false> = Middleware<{
  auth: CallerOf<Rules, Optional>
}>

/** What `protect` takes for Koa. */
export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<Context, Rules, Optional> {
  /** Answers a refused request instead of the guard. What it throws, by `ctx.throw` too, goes Koa's own way. */
  readonly onRefused?: ((refusal: Refusal, context: Context) => unknown) | undefined
}

/** Lets requests with a good token through to what comes next. Throws a TypeError for options that cannot be meant. */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): KoaGuard<Rules, Optional> {
  refuseUncalled('protect', options, 'app.use(protect({ secret: process.env.JWT_SECRET }))')
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  return async (context, next) => {
    // Koa hands over its own context, whatever the state of the application is called.
    const native = context as unknown as Context
    const verdict = await guard.check(new NodeRequest(context.req, native))
    if (verdict.kind === 'admitted') context.state.auth = verdict.auth
    if (verdict.kind !== 'refused') return next()
    if (onRefused !== undefined) return onRefused(verdict, native)
    context.status = verdict.status
    context.set({ ...verdict.headers })
    context.body = verdict.body
  }
}
