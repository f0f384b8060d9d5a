// NestJS, on Express or on Fastify: a guard class, and two decorators that say what a route differs in. Decorators are
// plain functions here; what they say is kept by the handler or the class that they stand on.
import './express-request.ts'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import type { Refusal } from './challenge.ts'
import type { ClaimRequirements, ClaimsOption } from './claim-requirements.ts'
import { type CallerOf, createGuard, type Guard, type GuardVerdict } from './guard.ts'
import { scopesOf } from './guard-rules.ts'
import type { GuardOptions } from './options.ts'
import { placedAuth } from './placed-auth.ts'
import { refuseUncalled } from './refuse-uncalled.ts'
import { type NodeMessage, NodeRequest } from './request.ts'
import { sendRefusal } from './send-refusal.ts'

export type { Auth, AuthUser } from './auth.ts'
export type { Refusal } from './challenge.ts'

/** The request as Nest's platform hands it over: Express's, or Fastify's with Node's own inside. */
export type NestRequest = NodeMessage & { readonly raw?: NodeMessage; auth?: unknown }

type Reply = Parameters<typeof sendRefusal>[0] & {
  code?(status: number): { headers(all: object): { send(body: Buffer): unknown } }
}

/** A guard class of Nest: for `@UseGuards`, or for every route by `{ provide: APP_GUARD, useClass: … }`. */
export interface NestGuard<Rules = ClaimRequirements, Optional extends boolean = false> {
  new (): CanActivate
  /** The class is a guard itself, so that `app.useGlobalGuards(protect(options))` works too. */
  canActivate: CanActivate['canActivate']
  /** The caller of a guarded request, its claims typed by the guard's schema. */
  auth(request: { readonly auth?: unknown }): CallerOf<Rules, Optional>
}

export interface ProtectOptions<Rules = ClaimsOption, Optional extends boolean = false>
  extends GuardOptions<NestRequest, Rules, Optional> {
  /** Throws, or returns, the exception that a refused request ends with; Nest's exception filters answer it. */
  readonly onRefused?: ((refusal: Refusal, context: ExecutionContext) => Error) | undefined
}

type Decorated = object

const publicPlaces = new WeakSet<Decorated>()
const scopesOfPlaces = new WeakMap<Decorated, readonly string[]>()

/** Lets everybody in at a route, or at all routes of a controller. */
export function Public(): MethodDecorator & ClassDecorator {
  return decorator(place => publicPlaces.add(place))
}

/** Asks for scopes at a route or a controller, all of them, besides those that the guard asks for. */
export function Scopes(...scopes: readonly [string, ...string[]]): MethodDecorator & ClassDecorator {
  const names = scopesOf(scopes, 'Scopes')
  return decorator(place => scopesOfPlaces.set(place, [...(scopesOfPlaces.get(place) ?? []), ...names]))
}

function decorator(mark: (place: Decorated) => void): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, descriptor?: { readonly value?: unknown }) => {
    // A method's function where there is one, else the class itself.
    const { value } = descriptor ?? {}
    mark(typeof value === 'function' ? value : target)
  }
}

/** Makes a guard class. Throws a TypeError for options that cannot be meant. */
export function protect<Rules extends ClaimsOption = ClaimRequirements, Optional extends boolean = false>(
  options: ProtectOptions<Rules, Optional>,
): NestGuard<Rules, Optional> {
  refuseUncalled('protect', options, '@UseGuards(protect({ secret: process.env.JWT_SECRET }))')
  const { onRefused, ...given } = options
  const guard = createGuard(given)
  const guards = new Map<string, typeof guard>([['', guard]])

  return class LatchkeyGuard implements CanActivate {
    static auth(request: { readonly auth?: unknown }): CallerOf<Rules, Optional> {
      return placedAuth<NestRequest, Rules, Optional>(guard, request, options.optional)
    }

    static canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      // Other transports have no request to read a credential from, and nobody is let in for that.
      if (context.getType() !== 'http') return false
      const places = placesOf(context)
      if (places.some(place => publicPlaces.has(place))) return true
      const request = context.switchToHttp().getRequest<NestRequest>()
      const asking = guardAsking(guards, guard, places)
      const conclude = (verdict: GuardVerdict<unknown>): boolean | Promise<boolean> => {
        if (verdict.kind === 'admitted') request.auth = verdict.auth
        if (verdict.kind !== 'refused') return true
        if (onRefused !== undefined) throw onRefused(verdict, context)
        send(context.switchToHttp().getResponse<Reply>(), verdict)
        return answered()
      }
      const verdict = asking.check(new NodeRequest(request.raw ?? request, request))
      return verdict instanceof Promise ? verdict.then(conclude) : conclude(verdict)
    }

    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      return LatchkeyGuard.canActivate(context)
    }
  }
}

/**
 * The request has its answer. `false` would have Nest throw, and an exception filter answer it once more; so nothing
 * is said any more. A promise of its own for each request: one for all would keep whoever ever waited for it.
 */
function answered(): Promise<boolean> {
  return new Promise(() => undefined)
}

function send(reply: Reply, refusal: Refusal): void {
  if (reply.code === undefined) sendRefusal(reply, refusal)
  else reply.code(refusal.status).headers(refusal.headers).send(Buffer.from(refusal.body))
}

/** The handler, its class, and the classes that this one extends. */
function placesOf(context: ExecutionContext): Decorated[] {
  const places: Decorated[] = [context.getHandler()]
  let type: unknown = context.getClass()
  while (typeof type === 'function' && type !== Function.prototype) {
    places.push(type)
    type = Object.getPrototypeOf(type)
  }
  return places
}

function guardAsking<Payload>(
  guards: Map<string, Guard<NestRequest, Payload>>,
  guard: Guard<NestRequest, Payload>,
  places: readonly Decorated[],
): Guard<NestRequest, Payload> {
  const scopes = places.flatMap(place => scopesOfPlaces.get(place) ?? [])
  const name = scopes.join(' ')
  const known = guards.get(name)
  if (known !== undefined) return known
  const made = guard.asking(scopes)
  guards.set(name, made)
  return made
}
