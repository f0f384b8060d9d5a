// What the compiler knows of the caller behind each guard: without a generic at the call, and with a schema by it.
import { type } from 'arktype'
import express, { type Request as ExpressRequest } from 'express'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { checkToken, protect as protectExpress } from '../../src/guard/express.ts'
import { protect as protectFastify } from '../../src/guard/fastify.ts'
import { protect as protectFetch } from '../../src/guard/fetch.ts'
import type { Auth, GuardOptions } from '../../src/guard/guard.ts'
import { protect as protectHono } from '../../src/guard/hono.ts'
import { protect as protectKoa } from '../../src/guard/koa.ts'
import { protect as protectNest } from '../../src/guard/nest.ts'
import { protect as protectNext } from '../../src/guard/next.ts'
import { protect as protectNode } from '../../src/guard/node.ts'
import type { Claims } from '../../src/token/verdict.ts'

const secret = 'a shared secret that is longer than its hash'
const tenant = z.object({ tenant: z.string() })
type Tenant = { tenant: string }
/** As `createLatchkey` hands them out. */
const handedOut: GuardOptions = { secret }

describe('the caller', () => {
  it('is typed in Express', () => {
    const app = express()
    app.get('/x/:id', protectExpress({ secret }), (req, res) => {
      expectTypeOf(req.auth).toEqualTypeOf<Auth>()
      expectTypeOf(req.auth.claims).toEqualTypeOf<Claims>()
      expectTypeOf(req.params.id).toEqualTypeOf<string>()
      res.end()
    })
    app.get('/y', checkToken({ secret }), (req, res) => {
      expectTypeOf(req.token).toEqualTypeOf<string | undefined>()
      res.end()
    })
    const guard = protectExpress({ secret, claims: tenant })
    const optional = protectExpress({ secret, optional: true })
    expectTypeOf(guard.auth).returns.toEqualTypeOf<Auth<Tenant>>()
    expectTypeOf(optional.auth).returns.toEqualTypeOf<Auth | undefined>()
    expectTypeOf(protectExpress({ ...handedOut, scope: 'x' }).auth).returns.toEqualTypeOf<Auth>()
    protectExpress({
      secret,
      from: request => {
        expectTypeOf(request).toEqualTypeOf<ExpressRequest>()
        return request.get('x-token')
      },
      onRefused: (refusal, _request, _response, next) => next(refusal.error),
    })
    // @ts-expect-error: there is no such option
    expect(() => protectExpress({ secret, scopes: 'x' })).toThrow(TypeError)
  })

  it('is typed in Fastify', () => {
    const use = (app: FastifyInstance): void => {
      app.addHook('onRequest', protectFastify({ secret }))
      app.get(
        '/x',
        { onRequest: protectFastify({ secret }), preHandler: [protectFastify({ secret })] },
        request => {
          expectTypeOf(request.auth).toEqualTypeOf<Auth>()
          return {}
        },
      )
    }
    expectTypeOf(use).toBeFunction()
    const guard = protectFastify({ secret, claims: v.object({ tenant: v.string() }) })
    expectTypeOf(guard.auth).parameter(0).toEqualTypeOf<FastifyRequest>()
    expectTypeOf(guard.auth).returns.toEqualTypeOf<Auth<Tenant>>()
  })

  it('is typed in Hono', () => {
    const app = new Hono()
    app.get('/x', protectHono({ secret }), c => {
      expectTypeOf(c.get('auth')).toEqualTypeOf<Auth>()
      return c.text(c.var.auth.subject ?? '')
    })
    app.get('/y', protectHono({ secret, claims: tenant }), c => {
      expectTypeOf(c.get('auth').claims).toEqualTypeOf<Tenant>()
      expectTypeOf(c.var.auth.claims.tenant).toEqualTypeOf<string>()
      return c.text(c.var.auth.claims.tenant)
    })
    app.use(protectHono({ secret, optional: true })).get('/z', c => {
      expectTypeOf(c.get('auth')).toEqualTypeOf<Auth | undefined>()
      return c.text('')
    })
  })

  it('is typed in Koa', () => {
    const app = new Koa()
    app.use(protectKoa({ secret })).use(ctx => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Auth>()
    })
    new Koa().use(protectKoa({ secret, claims: type({ tenant: 'string' }) })).use(ctx => {
      expectTypeOf(ctx.state.auth.claims.tenant).toEqualTypeOf<string>()
    })
  })

  it('is typed in Nest', () => {
    const TenantGuard = protectNest({ secret, claims: tenant })
    expectTypeOf(TenantGuard.auth).returns.toEqualTypeOf<Auth<Tenant>>()
  })

  it('is typed in Next and in any fetch handler', () => {
    protectNext({ secret }, (request, auth) => {
      expectTypeOf(request).toEqualTypeOf<Request>()
      expectTypeOf(auth).toEqualTypeOf<Auth>()
      return new Response()
    })
    const GET = protectNext(
      { secret, claims: tenant },
      (_request: Request, auth, context: { params: Promise<{ id: string }> }) => {
        expectTypeOf(auth.claims).toEqualTypeOf<Tenant>()
        return Response.json(context)
      },
    )
    expectTypeOf(GET).parameters.toEqualTypeOf<[Request, { params: Promise<{ id: string }> }]>()
    const guard = protectFetch({ secret, optional: true })
    guard((_request, auth) => {
      expectTypeOf(auth).toEqualTypeOf<Auth | undefined>()
      return new Response()
    })
  })

  it('is typed in node:http, upgrades too', () => {
    protectNode({ secret }, (request, response) => {
      expectTypeOf(request.auth).toEqualTypeOf<Auth>()
      response.end()
    })
    protectNode({ secret, claims: tenant }).upgrade((request, socket) => {
      expectTypeOf(request.auth.claims).toEqualTypeOf<Tenant>()
      socket.destroy()
    })
  })
})
