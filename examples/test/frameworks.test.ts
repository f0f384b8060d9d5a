// The small application of each framework: the same story, told over HTTP.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { build } from 'esbuild'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, callerAt, post, refusal, signIn } from '../../test/account.ts'
import { exampleFile, freePort, startExample } from './start-example.ts'

/** Nest's decorators need a compiler; its readers have one in `nest start`. */
async function compiledNest(): Promise<string> {
  const outfile = join(exampleFile('../node_modules/.cache'), `nest-example-${process.pid}.mjs`)
  onTestFinished(() => rmSync(outfile, { force: true }))
  await build({
    entryPoints: [exampleFile('nest/app.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  })
  return outfile
}

const examples = [
  { name: 'express', program: () => exampleFile('express/app.ts') },
  { name: 'fastify', program: () => exampleFile('fastify/app.ts') },
  { name: 'hono', program: () => exampleFile('hono/app.ts') },
  { name: 'koa', program: () => exampleFile('koa/app.ts') },
  { name: 'nest', program: compiledNest },
  { name: 'node', program: () => exampleFile('node/app.ts') },
]

describe.each(examples)('the application in $name', ({ name, program }) => {
  test('lets users in, guards its routes, and asks for a scope to write', async () => {
    const { url } = await startExample(await program())
    const call = callerAt(url)
    expect(await (await call('/')).json()).toEqual({ hello: 'everybody' })
    expect(await refusal(await call('/notes'))).toBe('401 missing_token')
    const { access_token: token } = await signIn(call)
    expect(await (await call('/notes', bearer(token))).json()).toEqual({ notes: [], of: 'ada' })
    const writing = await call('/notes', { method: 'POST', ...bearer(token) })
    expect(writing.headers.get('www-authenticate')).toContain('scope="notes:write"')
    expect(await refusal(writing)).toBe('403 insufficient_scope')
    expect((await call('/user/data', bearer(token))).status).toBe(200)

    await post(call, '/user/logout', {}, { authorization: `Bearer ${token}` })
    expect(await refusal(await call('/notes', bearer(token)))).toBe('401 token_revoked')
    if (name === 'node') await expectWebSocket(url, call)
  })
})

async function expectWebSocket(url: string, call: ReturnType<typeof callerAt>): Promise<void> {
  const { access_token: token } = await signIn(call)
  const greet = async (lines: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      `GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${lines}\r\n`,
    )
    let text = ''
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
    })
    await once(socket, 'close')
    return text
  }
  expect(await greet('')).toMatch(/^HTTP\/1\.1 401 /)
  const greeting = await greet(`Authorization: Bearer ${token}\r\n`)
  // The answer to this key is the one that RFC 6455 1.3 shows.
  expect(greeting).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  expect(greeting).toMatch(/hello ada$/)
}

describe('the application in next', () => {
  test('guards its route handlers with the keys of a login server', async () => {
    // The application in Express is a login server too, and its tokens are for its own issuer.
    const { url } = await startExample(exampleFile('express/app.ts'))
    // The route reads where the login server is when it is loaded.
    const issuer = url.replace('127.0.0.1', 'localhost')
    process.env['LATCHKEY_URL'] = issuer
    const route = await import('../next/app/api/notes/route.ts')
    const handlers: Record<string, (request: Request) => Promise<Response>> = route
    const listener = getRequestListener(
      request => handlers[request.method]?.(request) ?? new Response(null, { status: 405 }),
      { overrideGlobalObjects: false },
    )
    const server = createServer(listener as RequestListener)
    const port = await freePort()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const call = callerAt(`http://127.0.0.1:${port}`)
    expect(await refusal(await call('/api/notes'))).toBe('401 missing_token')
    const { access_token: token } = await signIn(callerAt(url))
    expect(await (await call('/api/notes', bearer(token))).json()).toEqual({ notes: [], of: 'ada' })
    const writing = await call('/api/notes', { method: 'POST', ...bearer(token) })
    expect(await refusal(writing)).toBe('403 insufficient_scope')
  })
})
