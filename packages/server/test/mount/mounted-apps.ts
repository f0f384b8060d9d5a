// One application in each framework: the login server mounted in it, and a guarded route of its own beside.
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { protect as protectExpress } from 'latchkey/express'
import { protect as protectFastify } from 'latchkey/fastify'
import { protect as protectHono } from 'latchkey/hono'
import { protect as protectKoa } from 'latchkey/koa'
import { protect as protectNode } from 'latchkey/node'
import { onTestFinished } from 'vitest'
import { mount as mountExpress } from '../../src/mount/express.ts'
import { mount as mountFastify } from '../../src/mount/fastify.ts'
import { mount as mountKoa } from '../../src/mount/koa.ts'
import { mount as mountNode } from '../../src/mount/node.ts'
import type { Latchkey } from '../../src/server.ts'

export interface MountedApp {
  readonly name: string
  /** Serves until the test ends; gives the URL. GET /notes is guarded, GET /open is not. */
  serve(auth: Latchkey): Promise<string>
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  // The cast: a server that listens on a port has an address of this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type App = ReturnType<typeof express>

/** `prepare` puts in front of the mount what the application has there. */
const onExpress = (
  name: string,
  make: () => App,
  prepare: (app: App) => unknown = () => undefined,
): MountedApp => ({
  name,
  serve(auth) {
    const app = make()
    prepare(app)
    app.use((_request, response, next) => {
      response.setHeader('x-from-the-app', 'yes')
      next()
    })
    app.use(mountExpress(auth))
    app.get('/open', (_request, response) => response.json({ open: true }))
    app.get('/notes', protectExpress({ ...auth.guard, scope: 'notes:read' }), (request, response) =>
      response.json({ by: request.auth.user?.username }),
    )
    return listening(createServer(app as RequestListener))
  },
})

/** A parser of bodies for Koa as the usual ones are: it leaves what it read at ctx.request.body. */
const koaParser: Koa.Middleware = async (ctx, next) => {
  if (ctx.is('json')) {
    const chunks: Buffer[] = []
    for await (const chunk of ctx.req) chunks.push(chunk as Buffer)
    Object.assign(ctx.request, { body: JSON.parse(Buffer.concat(chunks).toString()) })
  }
  return next()
}

const onKoa = (name: string, parsers: readonly Koa.Middleware[]): MountedApp => ({
  name,
  serve(auth) {
    const app = new Koa()
    for (const parser of parsers) app.use(parser)
    app.use((ctx, next) => {
      ctx.set('x-from-the-app', 'yes')
      return next()
    })
    app.use(mountKoa(auth))
    const guard = protectKoa({ ...auth.guard, scope: 'notes:read' })
    app.use((ctx, next) => {
      if (ctx.path !== '/open') return next()
      ctx.body = { open: true }
    })
    app.use(guard)
    app.use(ctx => {
      ctx.body = { by: ctx.state.auth.user?.username }
    })
    return listening(createServer(app.callback()))
  },
})

export const mountedApps: readonly MountedApp[] = [
  onExpress('express', express),
  onExpress('express after express.json()', express, app => app.use(express.json())),
  onExpress('express after every parser', express, app => {
    app.use(express.json(), express.urlencoded({ extended: true }), express.text(), express.raw())
  }),
  onExpress('express after a parser of bytes', express, app => app.use(express.raw({ type: () => true }))),
  onExpress('express after a parser of text', express, app =>
    app.use(express.text({ type: 'application/json' })),
  ),
  onExpress('express 4', express4),
  onExpress('express 4 after express.json()', express4, app => app.use(express.json())),
  {
    name: 'fastify',
    async serve(auth) {
      const app = fastify()
      app.addHook('onRequest', (_request, reply, done) => {
        reply.header('x-from-the-app', 'yes')
        done()
      })
      await app.register(mountFastify(auth))
      app.get('/open', () => ({ open: true }))
      app.get('/notes', { onRequest: protectFastify({ ...auth.guard, scope: 'notes:read' }) }, request => ({
        by: request.auth.user?.username,
      }))
      onTestFinished(() => app.close())
      return app.listen({ port: 0, host: '127.0.0.1' })
    },
  },
  onKoa('koa', []),
  onKoa('koa after a parser of bodies', [koaParser]),
  {
    name: 'node',
    serve(auth) {
      const login = mountNode(auth)
      const notes = protectNode({ ...auth.guard, scope: 'notes:read' }, (request, response) => {
        response.end(JSON.stringify({ by: request.auth.user?.username }))
      })
      return listening(
        createServer((request, response) => {
          response.setHeader('x-from-the-app', 'yes')
          login(request, response, () => {
            if (request.url === '/open') response.end('{"open":true}')
            else notes(request, response)
          })
        }),
      )
    },
  },
  {
    name: 'hono',
    serve(auth) {
      const app = new Hono()
      app.use(async (c, next) => {
        await next()
        c.header('x-from-the-app', 'yes')
      })
      app.get('/open', c => c.json({ open: true }))
      app.get('/notes', protectHono({ ...auth.guard, scope: 'notes:read' }), c =>
        c.json({ by: c.get('auth').user?.username }),
      )
      app.all('*', c => auth.handler(c.req.raw))
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
      return listening(createServer(listener as RequestListener))
    },
  },
]
