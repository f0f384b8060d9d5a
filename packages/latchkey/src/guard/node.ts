// Bare node:http: listeners of `request` and of `upgrade` (WebSockets). The caller is put at `req.auth`.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard, type GuardVerdict } from './guard.ts'
import type { GuardOptions } from './options.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { NodeRequest } from './request.ts'
import { sendRefusal } from './send-refusal.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

/** A request that a guard let through. */
export type Guarded<Caller> = IncomingMessage & { auth: Caller }

export type RequestHandler<Caller> = (request: Guarded<Caller>, response: ServerResponse) => unknown
export type UpgradeHandler<Caller> = (request: Guarded<Caller>, socket: Duplex, head: Buffer) => unknown

type Listener = (request: IncomingMessage, response: ServerResponse) => void
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<IncomingMessage, Rules, Optional> {
  /** Answers a refused request instead of the guard. An upgrade is always refused by the guard. */
  readonly onRefused?:
    | ((refusal: Refusal, request: IncomingMessage, response: ServerResponse) => void)
    | undefined
}

/** Wraps listeners: of `request`, or by `.upgrade` of `upgrade`. They run for admitted requests only. */
export interface NodeGuard<Rules = ClaimRequirements, Optional extends boolean = false> {
  (handler: RequestHandler<CallerOf<Rules, Optional>>): Listener
  upgrade(handler: UpgradeHandler<CallerOf<Rules, Optional>>): UpgradeListener
}

/**
 * `createServer(protect(options, handler))`; without a handler it gives the wrapper, for several handlers and for
 * upgrades: `server.on('upgrade', guard.upgrade(handler))`. Throws a TypeError for options that cannot be meant.
 */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
  handler: RequestHandler<CallerOf<Rules, Optional>>,
): Listener
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): NodeGuard<Rules, Optional>
export function protect<Rules extends ClaimsOption, Optional extends boolean>(
  options: ProtectOptions<Rules, Optional>,
  handler?: RequestHandler<CallerOf<Rules, Optional>>,
): Listener | NodeGuard<Rules, Optional> {
  refuseUncalled('protect', options, 'createServer(protect({ secret: process.env.JWT_SECRET }, handler))')
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  type Judged = GuardVerdict<unknown>
  const judge = (request: IncomingMessage, conclude: (verdict: Judged) => void): void => {
    const verdict = guard.check(new NodeRequest(request, request))
    if (verdict instanceof Promise) void verdict.then(conclude)
    else conclude(verdict)
  }
  /** Undefined only behind an optional guard, as the type of the caller says. */
  const withCaller = (request: IncomingMessage, verdict: Judged): Guarded<CallerOf<Rules, Optional>> =>
    Object.assign(request, {
      auth: (verdict.kind === 'admitted' ? verdict.auth : undefined) as CallerOf<Rules, Optional>,
    })

  const wrap = (handle: RequestHandler<CallerOf<Rules, Optional>>): Listener => {
    requireHandler(handle)
    return (request, response) =>
      judge(request, verdict => {
        if (verdict.kind === 'refused') {
          if (onRefused === undefined) sendRefusal(response, verdict)
          else onRefused(verdict, request, response)
          return
        }
        // CORS belongs in front: behind this there is only a handler that counts on its caller.
        if (verdict.kind === 'preflight') response.writeHead(204).end()
        else handle(withCaller(request, verdict), response)
      })
  }
  const wrapUpgrade = (handle: UpgradeHandler<CallerOf<Rules, Optional>>): UpgradeListener => {
    requireHandler(handle)
    return (request, socket, head) => {
      // Node has taken its own listener off the socket; a client that goes away meanwhile must not end the process.
      const ignore = (): void => undefined
      socket.on('error', ignore)
      judge(request, verdict => {
        if (verdict.kind !== 'admitted' && verdict.kind !== 'anonymous')
          return refuseUpgrade(socket, verdict.kind === 'refused' ? verdict : undefined)
        handle(withCaller(request, verdict), socket, head)
        socket.off('error', ignore)
      })
    }
  }
  return handler === undefined ? Object.assign(wrap, { upgrade: wrapUpgrade }) : wrap(handler)
}

/** `createServer(protect(options))` would hand the first request over as the handler. */
function requireHandler(handler: unknown): void {
  if (typeof handler === 'function') return
  throw new TypeError('protect: give the handler to guard: createServer(protect(options, handler))')
}
