// Fastify 5: a hook for `onRequest` or `preHandler`. The caller is put at `request.auth`.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Auth } from './auth.ts'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard, type GuardVerdict } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { placedAuth } from './placed-auth.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { NodeRequest } from './request.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `protect` before the handler runs; not there behind an optional guard without a credential. */
    auth: Auth
  }
}

/** A hook of Fastify. */
export interface FastifyGuard<Rules = ClaimRequirements, Optional extends boolean = false> {
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
  /** The caller of a guarded request, its claims typed by the guard's schema. */
  auth(request: FastifyRequest): CallerOf<Rules, Optional>
}

/** What `protect` takes for Fastify. */
export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<FastifyRequest, Rules, Optional> {
  /**
   * Answers a refused request instead of the guard. What it throws, such as `refusal.error`, goes to Fastify's error
   * handler.
   */
  readonly onRefused?:
    | ((refusal: Refusal, request: FastifyRequest, reply: FastifyReply) => unknown)
    | undefined
}

/**
 * `app.get('/data', { onRequest: protect(options) }, handler)`, or `app.addHook('onRequest', protect(options))` for
 * every route. Throws a TypeError for options that cannot be meant.
 */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): FastifyGuard<Rules, Optional> {
  const example = "app.get('/data', { onRequest: protect({ secret: process.env.JWT_SECRET }) }, handler)"
  refuseUncalled('protect', options, example)
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  const hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const conclude = (verdict: GuardVerdict<unknown>): void => {
      if (verdict.kind === 'admitted') Object.assign(request, { auth: verdict.auth })
      if (verdict.kind !== 'refused') done()
      // As bytes: Fastify would put a charset behind the type of a text.
      else if (onRefused === undefined)
        reply.code(verdict.status).headers(verdict.headers).send(Buffer.from(verdict.body))
      // The application answers; only its failure goes on.
      else new Promise(settle => settle(onRefused(verdict, request, reply))).catch(done)
    }
    const verdict = guard.check(new NodeRequest(request.raw, request))
    if (verdict instanceof Promise) verdict.then(conclude).catch(done)
    else conclude(verdict)
  }
  return Object.assign(hook, {
    auth: (request: FastifyRequest) =>
      placedAuth<FastifyRequest, Rules, Optional>(guard, request, options.optional),
  })
}
