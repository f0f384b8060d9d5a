// What each framework's page has of its own: the framework's error path, a guard that is passed uncalled, decorators,
// upgrades, the edge.
import 'reflect-metadata'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type ClientSessionOptions,
  connect as connectHttp2,
  createServer as createHttp2Server,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Controller, Get, HttpException, Module, UseGuards } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkToken, protect as protectExpress } from '../../src/guard/express.ts'
import { protect as protectFastify } from '../../src/guard/fastify.ts'
import { protect as protectFetch } from '../../src/guard/fetch.ts'
import { protect as protectHono } from '../../src/guard/hono.ts'
import { protect as protectKoa } from '../../src/guard/koa.ts'
import { Public, protect as protectNest, Scopes } from '../../src/guard/nest.ts'
import { protect as protectNext } from '../../src/guard/next.ts'
import { type ProtectOptions as NodeOptions, protect as protectNode } from '../../src/guard/node.ts'
import { sign } from '../../src/token/sign-once.ts'
import { readAnswer } from './conformance/exchange.ts'

const secret = 'a shared secret that is longer than its hash'
const tokenOf = (claims: object = {}) => sign({ sub: 'ada', ...claims }, secret, { expiresIn: '1h' })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${portOf(server)}`
}

// The cast: a server that listens on a port has an address of this shape.
const portOf = (server: Server): number => (server.address() as AddressInfo).port

describe("a framework's own error path", () => {
  it('is open in Express', async () => {
    const app = express()
    app.get('/data', protectExpress({ secret, onRefused: ({ error }, _req, _res, next) => next(error) }))
    const answer: express.ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(418).send(error.code)
    }
    app.use(answer)
    const url = await listening(createServer(app as RequestListener))
    const response = await fetch(`${url}/data`)
    expect([response.status, await response.text()]).toEqual([418, 'missing_token'])
  })

  it('is open in Fastify', async () => {
    const app = fastify()
    onTestFinished(() => app.close())
    app.setErrorHandler((error: { code?: string }, _request, reply) => reply.code(418).send(error.code))
    const throwing = protectFastify({
      secret,
      onRefused: ({ error }) => {
        throw error
      },
    })
    const answering = protectFastify({
      secret,
      onRefused: async ({ error }, _request, reply) => reply.code(419).send(error.code),
    })
    app.get('/throwing', { onRequest: throwing }, () => 'in')
    app.get('/answering', { onRequest: answering }, () => 'in')
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const [thrown, answered] = [await fetch(`${url}/throwing`), await fetch(`${url}/answering`)]
    expect([thrown.status, await thrown.text()]).toEqual([418, 'missing_token'])
    expect([answered.status, await answered.text()]).toEqual([419, 'missing_token'])
  })

  it('is open in Hono', async () => {
    const app = new Hono()
    const guard = protectHono({
      secret,
      onRefused: ({ error }) => {
        throw error
      },
    })
    app.get('/data', guard, c => c.text('in'))
    app.onError((error, c) => c.text('code' in error ? String(error.code) : '', 418))
    const response = await app.request('/data')
    expect([response.status, await response.text()]).toEqual([418, 'missing_token'])
  })

  it('is open in Koa', async () => {
    const app = new Koa()
    app.use(protectKoa({ secret, onRefused: ({ error }, ctx) => ctx.throw(418, error.code) }))
    app.silent = true
    const response = await fetch(await listening(createServer(app.callback())))
    expect([response.status, await response.text()]).toEqual([418, 'missing_token'])
  })

  it('is open in Nest', async () => {
    const url = await serveNest(
      protectNest({ secret, onRefused: ({ error }) => new HttpException({ why: error.code }, 418) }),
    )
    const response = await fetch(`${url}/notes`)
    expect([response.status, await response.json()]).toEqual([418, { why: 'missing_token' }])
  })

  it('is open in fetch handlers, Next, and node:http', async () => {
    const handler = protectFetch(
      { secret, onRefused: ({ error }) => new Response(error.code, { status: 418 }) },
      () => Response.json('in'),
    )
    expect(await (await handler(new Request('https://api.example/'))).text()).toBe('missing_token')
    const listener = protectNode(
      { secret, onRefused: ({ error }, _request, response) => response.writeHead(418).end(error.code) },
      (_request, response) => response.end('in'),
    )
    const response = await fetch(await listening(createServer(listener)))
    expect([response.status, await response.text()]).toEqual([418, 'missing_token'])
  })
})

describe('a guard that is passed uncalled', () => {
  // What a framework would hand over in the place of options.
  const request = { headers: {}, method: 'GET', url: '/' }
  const context = { req: request, res: {} }
  it.each([
    ['express protect', protectExpress, request, /protect makes a guard and has to be called: app\.get/],
    ['express checkToken', checkToken, request, /checkToken makes a guard and has to be called/],
    ['fastify', protectFastify, request, /onRequest: protect/],
    ['hono', protectHono, context, /app\.get/],
    ['koa', protectKoa, context, /app\.use/],
    ['next', protectNext, new Request('https://api.example/'), /export const GET = protect/],
    ['node', protectNode, request, /createServer/],
    ['fetch', protectFetch, new Request('https://api.example/'), /has to be called/],
    ['nest', protectNest, undefined, /@UseGuards/],
  ])('in %s says how to call it', (_name, protect, given, message) => {
    const call = protect as unknown as (given: unknown) => unknown
    expect(() => call(given)).toThrow(TypeError)
    expect(() => call(given)).toThrow(message)
  })

  it('never lets a request through in Express', async () => {
    const app = express()
    app.get('/data', checkToken as unknown as express.RequestHandler, (_req, res) => {
      res.send('in')
    })
    const quiet: express.ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(500).send(String(error))
    }
    app.use(quiet)
    const response = await fetch(`${await listening(createServer(app as RequestListener))}/data`)
    expect(response.status).toBe(500)
    expect(await response.text()).toContain('has to be called')
  })

  it.each([
    ['node', protectNode({ secret })],
    ['fetch', protectFetch({ secret })],
  ])('of %s says that a handler is missing', (_name, guard) => {
    const wrap = guard as unknown as (given: unknown) => unknown
    expect(() => wrap(request)).toThrow(/handler/)
  })
})

describe('checkToken', () => {
  it('denies with 403 and puts the token beside its claims, as the tutorial does', async () => {
    const app = express()
    app.get('/data', checkToken({ secret }), (req, res) => {
      res.json({ token: req.token, sub: req.auth.subject })
    })
    const url = `${await listening(createServer(app as RequestListener))}/data`
    expect((await fetch(url)).status).toBe(403)
    const token = tokenOf()
    expect(await (await fetch(url, bearer(token))).json()).toEqual({ token, sub: 'ada' })
  })
})

describe("the caller by the guard's own hand", () => {
  it('is there behind this guard only', async () => {
    const [guard, other] = [protectExpress({ secret }), protectExpress({ secret })]
    const app = express()
    app.get('/data', guard, (req, res) => {
      expect(() => other.auth(req)).toThrow(/did not come through this guard/)
      res.send(guard.auth(req).subject)
    })
    const url = `${await listening(createServer(app as RequestListener))}/data`
    expect(await (await fetch(url, bearer(tokenOf()))).text()).toBe('ada')
    const open = protectExpress({ secret, optional: true })
    // A request without a caller: what an optional guard lets through.
    expect(open.auth({} as express.Request)).toBeUndefined()
    expect(() => guard.auth({} as express.Request)).toThrow(TypeError)
  })
})

type NestGuard = ReturnType<typeof protectNest>

/** A controller with a guarded route, a public one, and one that asks for a scope, decorated by hand. */
async function serveNest(guard: NestGuard, isGlobal = false): Promise<string> {
  class Base {
    notes(): string {
      return 'notes'
    }
    open(): string {
      return 'open'
    }
    write(): string {
      return 'written'
    }
  }
  class Notes extends Base {}
  const decorate = (name: string, ...decorators: MethodDecorator[]): void => {
    const descriptor = Object.getOwnPropertyDescriptor(Base.prototype, name) ?? {}
    for (const one of decorators) one(Base.prototype, name, descriptor)
  }
  decorate('notes', Get('notes'))
  decorate('open', Get('open'), Public())
  decorate('write', Get('write'), Scopes('notes:write'))
  Scopes('notes:read')(Base)
  Controller()(Notes)
  if (!isGlobal) UseGuards(guard)(Notes)
  class Root {}
  Module({
    controllers: [Notes],
    providers: isGlobal ? [{ provide: APP_GUARD, useClass: guard }] : [],
  })(Root)
  const app = await NestFactory.create(Root, new ExpressAdapter(), { logger: false })
  onTestFinished(() => app.close())
  await app.listen(0, '127.0.0.1')
  return `http://127.0.0.1:${portOf(app.getHttpServer() as Server)}`
}

describe('a Nest guard class', () => {
  it('is a guard itself for useGlobalGuards', async () => {
    class Notes {
      notes(): string {
        return 'notes'
      }
    }
    Get('notes')(Notes.prototype, 'notes', Object.getOwnPropertyDescriptor(Notes.prototype, 'notes') ?? {})
    Controller()(Notes)
    class Root {}
    Module({ controllers: [Notes] })(Root)
    const app = await NestFactory.create(Root, new ExpressAdapter(), { logger: false })
    onTestFinished(() => app.close())
    app.useGlobalGuards(protectNest({ secret }))
    await app.listen(0, '127.0.0.1')
    const url = `http://127.0.0.1:${portOf(app.getHttpServer() as Server)}/notes`
    expect((await fetch(url)).status).toBe(401)
    expect(await (await fetch(url, bearer(tokenOf()))).text()).toBe('notes')
  })
})

describe('a guard of node as a middleware', () => {
  it('calls next for who may go on, a preflight too, and answers the others', async () => {
    const guard = protectNode({ secret })
    const seen: unknown[] = []
    const server = createServer((request, response) =>
      guard(request, response, () => {
        seen.push((request as { auth?: { subject?: string } }).auth?.subject)
        response.end('in')
      }),
    )
    server.on('upgrade', (request, socket) =>
      guard(request, socket, () => socket.end('HTTP/1.1 101 x\r\n\r\n')),
    )
    const url = await listening(server)
    expect((await fetch(url)).status).toBe(401)
    expect(await (await fetch(url, bearer(tokenOf()))).text()).toBe('in')
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    expect((await fetch(url, { method: 'OPTIONS', headers })).status).toBe(200)
    expect(seen).toEqual(['ada', undefined])
  })
})

describe('a guard of node over HTTP/2', () => {
  it('knows its own origin, which has no Host there, and a second credential', async () => {
    const guard = protectNode({ secret, from: ['header', { cookie: 'token' }] })
    const handle = guard((_request, response) => response.end())
    // The compatibility API gives a request and a response that are used like those of HTTP/1.
    const server = createHttp2Server(handle as never)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const options: ClientSessionOptions & { strictSingleValueFields: boolean } = {
      strictSingleValueFields: false,
    }
    const session = connectHttp2(origin, options)
    onTestFinished(() => {
      session.destroy()
      server.close()
    })
    const statusOf = async (headers: Record<string, unknown>): Promise<unknown> => {
      const stream = session.request({ ':method': 'POST', ...(headers as OutgoingHttpHeaders) })
      stream.end()
      const [answer] = await once(stream, 'response')
      return answer[':status']
    }
    const cookie = `token=${tokenOf()}`
    expect(await statusOf({ cookie, origin })).toBe(200)
    expect(await statusOf({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf({ authorization: [`Bearer ${tokenOf()}`, 'Bearer another'] })).toBe(400)
  })
})

describe.each([
  ['on a controller', false],
  ['for every route', true],
])('a Nest guard %s', (_name, isGlobal) => {
  it('lets everybody in where it says Public, and asks for what Scopes says', async () => {
    const url = await serveNest(protectNest({ secret }), isGlobal)
    const statusOf = async (path: string, scope?: string) =>
      (await fetch(url + path, scope === undefined ? {} : bearer(tokenOf({ scope })))).status
    expect(await statusOf('/open')).toBe(200)
    expect(await statusOf('/notes')).toBe(401)
    expect(await statusOf('/notes', 'notes:read')).toBe(200)
    expect(await statusOf('/notes', 'notes:write')).toBe(403)
    expect(await statusOf('/write', 'notes:read')).toBe(403)
    expect(await statusOf('/write', 'notes:read notes:write')).toBe(200)
    const refused = await fetch(`${url}/write`, bearer(tokenOf({ scope: '' })))
    expect(refused.headers.get('www-authenticate')).toContain('scope="notes:write notes:read"')
  })
})

describe('a Nest guard', () => {
  it('lets nobody in by another transport than HTTP', () => {
    const Guard = protectNest({ secret })
    const context = { getType: () => 'ws' } as unknown as Parameters<
      InstanceType<typeof Guard>['canActivate']
    >[0]
    expect(new Guard().canActivate(context)).toBe(false)
  })

  it('refuses scopes that could not be asked for', () => {
    expect(() => Scopes('a b"')).toThrow(TypeError)
  })

  it('lets go of a request that it refused', async () => {
    setFlagsFromString('--expose-gc')
    // The flag puts `gc` into every context that is made from now on.
    const gc = runInNewContext('gc') as () => void
    const refused: WeakRef<object>[] = []
    const from = (request: object): undefined => {
      refused.push(new WeakRef(request))
    }
    const url = await serveNest(protectNest({ secret, from }), true)
    for (let n = 0; n < 20; n++) expect((await fetch(`${url}/notes`)).status).toBe(401)
    // The connection holds on to its latest one.
    const rest = () => {
      gc()
      return refused.filter(request => request.deref() !== undefined).length
    }
    await expect.poll(rest).toBeLessThan(3)
    expect(refused).toHaveLength(20)
  })
})

describe('an upgrade behind protect of node', () => {
  const open = async (options: NodeOptions = { secret }) => {
    const server = createServer()
    const sockets: unknown[] = []
    server.on(
      'upgrade',
      protectNode(options).upgrade((request, socket) => {
        sockets.push(request.auth.subject)
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\nhello')
      }),
    )
    await listening(server)
    return { port: portOf(server), sockets }
  }
  const upgrade = (port: number, lines: readonly string[]): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      const head = ['GET /chat HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', ...lines]
      const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`))
      socket.on('data', chunk => chunks.push(chunk))
      socket.on('error', reject)
      socket.on('close', () => resolve(Buffer.concat(chunks)))
    })

  it('goes on with a good token', async () => {
    const { port, sockets } = await open()
    const answer = readAnswer(await upgrade(port, [`Authorization: Bearer ${tokenOf()}`]), 'GET')
    expect([answer.status, answer.body, sockets]).toEqual([101, 'hello', ['ada']])
  })

  it.each([
    ['without a token', [], 401, 'missing_token', 'Bearer'],
    ['with a bad token', ['Authorization: Bearer x'], 401, 'invalid_token', /invalid_token/],
    [
      'with two',
      ['Authorization: Bearer x', 'Authorization: Bearer y'],
      400,
      'invalid_request',
      /invalid_request/,
    ],
  ])('%s is refused as any request is', async (_name, lines, status, code, challenge) => {
    const { port, sockets } = await open()
    const answer = readAnswer(await upgrade(port, lines), 'GET')
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.headers['www-authenticate']).toMatch(challenge)
    expect(JSON.parse(answer.body)).toMatchObject({ code })
    expect(sockets).toEqual([])
  })

  it('with a cookie from a foreign page is refused: browsers ask nobody before a WebSocket', async () => {
    const { port, sockets } = await open({ secret, from: { cookie: 'token' } })
    const cookie = `Cookie: token=${tokenOf()}`
    const foreign = readAnswer(await upgrade(port, [cookie, 'Origin: https://evil.example']), 'GET')
    expect([foreign.status, JSON.parse(foreign.body).code]).toEqual([403, 'origin_refused'])
    expect(sockets).toEqual([])
    expect(readAnswer(await upgrade(port, [cookie, 'Origin: http://x']), 'GET').status).toBe(101)
  })

  it('whose client goes away while the keys are fetched ends nothing but itself', async () => {
    const publisher = createServer()
    const jwks = `${await listening(publisher)}/jwks`
    const { port, sockets } = await open({ jwks, issuer: 'https://issuer.example', audience: 'a' })
    const socket = connect(port, '127.0.0.1')
    const token = sign({}, secret, { typ: 'at+jwt', keyid: 'x' })
    socket.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    )
    const [, response] = await once(publisher, 'request')
    socket.resetAndDestroy()
    await once(socket, 'close')
    response.writeHead(200).end('{"keys":[]}')
    // The server is still there for the next one.
    expect(readAnswer(await upgrade(port, []), 'GET').status).toBe(401)
    expect(sockets).toEqual([])
  })
})

describe('latchkey/next', () => {
  const run = promisify(execFile)
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const resolve = async (...conditions: string[]) => {
    const code = `import { protect } from 'latchkey/next'
      try { console.log(typeof protect({ secret: '${secret}' })) } catch (error) { console.log(String(error)) }`
    const flags = conditions.map(name => `--conditions=${name}`)
    const { stdout } = await run(process.execPath, [...flags, '--input-type=module', '-e', code], {
      cwd: root,
    })
    return stdout.trim()
  }

  it('says on the edge what it needs, and works on Node', async () => {
    expect(await resolve('latchkey-dev', 'edge-light')).toMatch(
      /^TypeError: latchkey\/next needs the Node runtime/,
    )
    expect(await resolve('latchkey-dev')).toBe('function')
  })
})
