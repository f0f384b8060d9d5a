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

/** Handles a request that was let through. */
export type RequestHandler<Caller> = (request: Guarded<Caller>, response: ServerResponse) => unknown
/** Handles an upgrade that was let through, a WebSocket's for example. */
export type UpgradeHandler<Caller> = (request: Guarded<Caller>, socket: Duplex, head: Buffer) => unknown

type Listener = (request: IncomingMessage, response: ServerResponse) => void
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** What `protect` takes for node:http. */
export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<IncomingMessage, Rules, Optional> {
  /** Answers a refused request instead of the guard. An upgrade is always refused by the guard. */
  readonly onRefused?:
    | ((refusal: Refusal, request: IncomingMessage, response: ServerResponse) => void)
    | undefined
}

/** What is answered: a response, or after an upgrade the bare socket. */
type Answering = ServerResponse | Duplex

/** A guard for several handlers. They run for admitted requests only. */
export interface NodeGuard<Rules = ClaimRequirements, Optional extends boolean = false> {
  /** Wraps a listener of `request`. */
  (handler: RequestHandler<CallerOf<Rules, Optional>>): Listener
  /** As a middleware: `next` is called for a request that may go on, a CORS preflight among them. */
  (request: IncomingMessage, answering: Answering, next: () => void): void
  /** Wraps a listener of `upgrade`. */
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
  const enter = (
    request: IncomingMessage,
    answering: Answering,
    go: (verdict: Exclude<GuardVerdict<unknown>, Refusal>) => void,
  ): void => {
    const release = isResponse(answering) ? undefined : holdErrors(answering)
    const conclude = (verdict: GuardVerdict<unknown>): void => {
      if (verdict.kind === 'refused') {
        if (!isResponse(answering)) refuseUpgrade(answering, verdict)
        else if (onRefused === undefined) sendRefusal(answering, verdict)
        else onRefused(verdict, request, answering)
        return
      }
      Object.assign(request, { auth: verdict.kind === 'admitted' ? verdict.auth : undefined })
      go(verdict)
      release?.()
    }
    const verdict = guard.check(new NodeRequest(request, request))
    if (verdict instanceof Promise) void verdict.then(conclude)
    else conclude(verdict)
  }

  const wrap = (handle: (...parts: never[]) => unknown): ((...parts: Arrival) => void) => {
    if (typeof handle !== 'function')
      throw new TypeError('protect: give the handler to guard: createServer(protect(options, handler))')
    return (request, answering, ...rest) =>
      enter(request, answering, verdict => {
        // CORS belongs in front: behind this there is only a handler that counts on its caller.
        if (verdict.kind === 'preflight') answerPreflight(answering)
        // The handler takes what the event gives; `auth` is placed, and undefined only where the guard is optional.
        else handle(...([request, answering, ...rest] as never[]))
      })
  }
  if (handler !== undefined) return wrap(handler)
  const both = (first: unknown, answering?: Answering, next?: () => void) =>
    // Two ways to call it: with a handler, or with what a middleware is given.
    answering === undefined || typeof next !== 'function'
      ? wrap(first as () => unknown)
      : enter(first as IncomingMessage, answering, next)
  return Object.assign(both as NodeGuard<Rules, Optional>, { upgrade: wrap })
}

/** What the events `request` and `upgrade` give. */
type Arrival = [request: IncomingMessage, answering: Answering, head?: Buffer]

function isResponse(answering: Answering): answering is ServerResponse {
  return 'writeHead' in answering
}

/** Node has taken its own listener off an upgraded socket: a client that goes away must not end the process. */
function holdErrors(socket: Duplex): () => void {
  const ignore = (): void => undefined
  socket.on('error', ignore)
  return () => socket.off('error', ignore)
}

function answerPreflight(answering: Answering): void {
  if (isResponse(answering)) answering.writeHead(204).end()
  else refuseUpgrade(answering, undefined)
}
