// Express 4 and 5. The caller is put at `req.auth`.
import './express-request.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import type { Auth } from './auth.ts'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard, type GuardVerdict } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { placedAuth } from './placed-auth.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { NodeRequest } from './request.ts'
import { sendRefusal } from './send-refusal.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

/** A middleware of Express. */
export interface ExpressGuard<Rules = ClaimRequirements, Optional extends boolean = false> {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void
  /** The caller of a guarded request, its claims typed by the guard's schema. */
  auth(request: IncomingMessage): CallerOf<Rules, Optional>
}

/** What `protect` takes for Express. */
export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<Request, Rules, Optional> {
  /** Answers a refused request instead of the guard; `next(refusal.error)` hands it to Express's error handlers. */
  readonly onRefused?:
    | ((refusal: Refusal, request: Request, response: Response, next: NextFunction) => void)
    | undefined
}

/** Lets requests with a good token through to the next handler. Throws a TypeError for options that cannot be meant. */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): ExpressGuard<Rules, Optional> {
  return guardOf('protect', options, (request, auth) => {
    request.auth = auth
  })
}

/** The tutorial's guard: `protect` that denies with 403, and puts the token at `req.token` too. */
export function checkToken<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): ExpressGuard<Rules, Optional> {
  return guardOf('checkToken', options, (request, auth) => {
    request.auth = auth
    request.token = auth.token
  })
}

type Guarded = IncomingMessage & { auth?: unknown; token?: string }

function guardOf<Rules extends ClaimsOption, Optional extends boolean>(
  name: 'protect' | 'checkToken',
  options: ProtectOptions<Rules, Optional>,
  place: (request: Guarded, auth: Pick<Auth<unknown>, 'token'>) => void,
): ExpressGuard<Rules, Optional> {
  refuseUncalled(name, options, `app.get('/data', ${name}({ secret: process.env.JWT_SECRET }), handler)`)
  const { onRefused, ...given } = options
  const denying = name === 'checkToken' ? { denyStatus: 403 as const, ...given } : given
  const guard = createGuard(denying)
  const middleware = (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void => {
    // Express hands over its own request and response, which are these.
    const [native, answer] = [request as Request, response as Response]
    const conclude = (verdict: GuardVerdict<unknown>): void => {
      if (verdict.kind === 'refused') {
        if (onRefused !== undefined) onRefused(verdict, native, answer, next)
        else sendRefusal(response, verdict)
        return
      }
      if (verdict.kind === 'admitted') place(request, verdict.auth)
      next()
    }
    const verdict = guard.check(new NodeRequest(request, native))
    if (verdict instanceof Promise) verdict.then(conclude).catch(next)
    else conclude(verdict)
  }
  return Object.assign(middleware, {
    auth: (request: Guarded) => placedAuth<Request, Rules, Optional>(guard, request, options.optional),
  })
}
