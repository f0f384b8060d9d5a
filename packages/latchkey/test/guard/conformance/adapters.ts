// Each framework's real server with one guarded route, /data, that answers who called. The seven of the contract, and
// their kin: Express 4, Nest on Fastify, a bare fetch handler.
import 'reflect-metadata'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, serve as serveHono } from '@hono/node-server'
import { All, Controller, Module, Req, Res, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { protect as protectExpress } from '../../../src/guard/express.ts'
import { protect as protectFastify } from '../../../src/guard/fastify.ts'
import { protect as protectFetch } from '../../../src/guard/fetch.ts'
import type { Auth, ClaimsOption, GuardOptions } from '../../../src/guard/guard.ts'
import { protect as protectHono } from '../../../src/guard/hono.ts'
import { protect as protectKoa } from '../../../src/guard/koa.ts'
import { protect as protectNest } from '../../../src/guard/nest.ts'
import { protect as protectNext } from '../../../src/guard/next.ts'
import { protect as protectNode } from '../../../src/guard/node.ts'

/** Options that fit every framework. */
export type CaseOptions = GuardOptions<unknown, ClaimsOption, boolean>

export interface RunningServer {
  readonly port: number
  close(): Promise<unknown>
}

export interface Adapter {
  readonly name: string
  /** Serves /data behind a guard. */
  serve(options: CaseOptions): Promise<RunningServer>
}

/** What the route says of its caller; the same value in every framework. */
function said(auth: Auth | undefined): object {
  return {
    subject: auth?.subject ?? null,
    username: auth?.user?.username ?? null,
    scopes: auth?.scopes ?? [],
    roles: auth?.roles ?? [],
    alg: auth?.header.alg ?? null,
  }
}

/** What the application's CORS would answer; the guard lets such a request through to it. */
const corsStatus = 204

/** The caller as it really is at a place whose type promises one. */
const callerAt = (place: { readonly auth?: unknown }): Auth | undefined => place.auth as Auth | undefined

async function listening(server: Server): Promise<RunningServer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return running(server)
}

function running(server: Server): RunningServer {
  // The cast: a server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port, close }
}

const onExpress =
  (make: () => ReturnType<typeof express>) =>
  (options: CaseOptions): Promise<RunningServer> => {
    const app = make()
    app.all('/data', protectExpress(options), (req, res) => {
      const auth = callerAt(req)
      if (req.method === 'OPTIONS' && auth === undefined) res.status(corsStatus).end()
      else res.json(said(auth))
    })
    return listening(createServer(app as RequestListener))
  }

/** Reads what Nest's two platforms have in common. */
interface NestReply {
  status(code: number): { send(body?: unknown): unknown }
}

function nestModule(options: CaseOptions): new () => object {
  class DataController {
    read(request: { method: string; auth?: unknown }, reply: NestReply): void {
      const auth = callerAt(request)
      if (request.method === 'OPTIONS' && auth === undefined) reply.status(corsStatus).send()
      else reply.status(200).send(said(auth))
    }
  }
  Req()(DataController.prototype, 'read', 0)
  Res()(DataController.prototype, 'read', 1)
  const descriptor = Object.getOwnPropertyDescriptor(DataController.prototype, 'read') ?? {}
  All()(DataController.prototype, 'read', descriptor)
  UseGuards(protectNest(options))(DataController)
  Controller('data')(DataController)
  class DataModule {}
  Module({ controllers: [DataController] })(DataModule)
  return DataModule
}

async function runningNest(app: NestExpressApplication | NestFastifyApplication): Promise<RunningServer> {
  await app.listen(0, '127.0.0.1')
  return { port: running(app.getHttpServer() as Server).port, close: () => app.close() }
}

const onFetch = (handler: (request: Request) => Response | Promise<Response>): Promise<RunningServer> =>
  listening(createServer(getRequestListener(handler, { overrideGlobalObjects: false }) as RequestListener))

export const adapters: readonly Adapter[] = [
  { name: 'express', serve: onExpress(express) },
  {
    name: 'fastify',
    async serve(options) {
      const app = fastify()
      app.route({
        method: ['GET', 'HEAD', 'POST', 'OPTIONS'],
        url: '/data',
        onRequest: protectFastify(options),
        handler(request, reply) {
          const auth = callerAt(request)
          if (request.method === 'OPTIONS' && auth === undefined) reply.code(corsStatus).send()
          else reply.send(said(auth))
        },
      })
      await app.listen({ port: 0, host: '127.0.0.1' })
      return { port: running(app.server).port, close: () => app.close() }
    },
  },
  {
    name: 'hono',
    async serve(options) {
      const app = new Hono()
      app.all('/data', protectHono(options), c => {
        const auth = callerAt({ auth: c.get('auth') })
        return c.req.method === 'OPTIONS' && auth === undefined
          ? c.body(null, corsStatus)
          : c.json(said(auth))
      })
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
      await once(server, 'listening')
      return running(server)
    },
  },
  {
    name: 'koa',
    serve(options) {
      const app = new Koa()
      app.use(protectKoa(options))
      app.use(ctx => {
        const auth = callerAt(ctx.state)
        if (ctx.method === 'OPTIONS' && auth === undefined) ctx.status = corsStatus
        else ctx.body = said(auth)
      })
      return listening(createServer(app.callback()))
    },
  },
  {
    name: 'nest',
    serve: async options =>
      runningNest(
        await NestFactory.create<NestExpressApplication>(nestModule(options), new ExpressAdapter(), {
          logger: false,
        }),
      ),
  },
  {
    name: 'next',
    serve(options) {
      // What a route handler is given: the request, and beside it the parameters of the path.
      const handler = protectNext(options, (_request: Request, auth, _context: { params: Promise<object> }) =>
        Response.json(said(auth)),
      )
      return onFetch(request => handler(request, { params: Promise.resolve({}) }))
    },
  },
  {
    name: 'node',
    serve: options =>
      listening(
        createServer(
          protectNode(options, (request, response) => {
            response.setHeader('content-type', 'application/json')
            response.end(JSON.stringify(said(request.auth)))
          }),
        ),
      ),
  },
  { name: 'express 4', serve: onExpress(express4) },
  {
    name: 'nest on fastify',
    serve: async options =>
      runningNest(
        await NestFactory.create<NestFastifyApplication>(nestModule(options), new FastifyAdapter(), {
          logger: false,
        }),
      ),
  },
  {
    name: 'fetch',
    serve: options => onFetch(protectFetch(options, (_request, auth) => Response.json(said(auth)))),
  },
]
