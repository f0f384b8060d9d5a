// Express 4 and 5. The caller is put at `req.auth`.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from './auth.ts'
import type { Refusal } from './challenge.ts'
import { createGuard, type GuardVerdict } from './guard.ts'
import { type GuardOptions, refuseUnknownGuardOptions } from './options.ts'
import { NodeRequest } from './request.ts'

declare global {
  namespace Express {
    interface Request {
      /** Set by `protect` before the handler runs; not there behind an optional guard without a credential. */
      auth: Auth
    }
  }
}

type Next = (error?: unknown) => void
type Guarded = IncomingMessage & { auth?: unknown; token?: string }

/** A middleware of Express. */
export type ExpressGuard = (request: IncomingMessage, response: ServerResponse, next: Next) => void

export interface ProtectOptions extends GuardOptions<IncomingMessage> {
  /** Answers a refused request instead of the guard; `next(refusal.error)` hands it to Express's error handlers. */
  readonly onRefused?:
    | ((refusal: Refusal, request: IncomingMessage, response: ServerResponse, next: Next) => void)
    | undefined
}

/** Lets requests with a good token through to the next handler. Throws a TypeError for options that cannot be meant. */
export function protect(options: ProtectOptions): ExpressGuard {
  return guardOf('protect', options, (request, auth) => {
    request.auth = auth
  })
}

/** The tutorial's guard: `protect` that denies with 403, and puts the token at `req.token` too. */
export function checkToken(options: ProtectOptions): ExpressGuard {
  return guardOf('checkToken', { denyStatus: 403, ...options }, (request, auth) => {
    request.auth = auth
    request.token = auth.token
  })
}

function guardOf(
  name: string,
  options: ProtectOptions,
  place: (request: Guarded, auth: Auth) => void,
): ExpressGuard {
  refuseRequest(name, options)
  refuseUnknownGuardOptions(options, ['onRefused'])
  const { onRefused, ...guardOptions } = options
  const guard = createGuard<IncomingMessage>(guardOptions)
  return (request, response, next) => {
    const conclude = (verdict: GuardVerdict): void => {
      if (verdict.kind === 'refused') {
        if (onRefused !== undefined) onRefused(verdict, request, response, next)
        else response.writeHead(verdict.status, verdict.headers).end(verdict.body)
      } else {
        if (verdict.kind === 'admitted') place(request, verdict.auth)
        next()
      }
    }
    const verdict = guard.check(new NodeRequest(request, request))
    if (verdict instanceof Promise) verdict.then(conclude).catch(next)
    else conclude(verdict)
  }
}

/** `app.get('/x', checkToken, …)` would hand the request itself over as options. */
function refuseRequest(name: string, options: unknown): void {
  const isRequest =
    typeof options === 'object' && options !== null && 'headers' in options && 'socket' in options
  if (isRequest || typeof options !== 'object' || options === null) {
    throw new TypeError(
      `${name} makes a guard and has to be called: app.get('/data', ${name}({ secret: process.env.JWT_SECRET }), handler)`,
    )
  }
}
