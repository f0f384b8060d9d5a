// From Node's request and response to the server's handler and back. The library's listener does the translating;
// what it cannot know is here: which paths are ours, the socket's side, a body that somebody has read before.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Handler, ownsPath } from '../http/app.ts'
import type { Connection } from '../http/connection.ts'
import { isAnswerable } from './answerable.ts'

/** Set by a body parser that ran before. */
export interface BodyAlreadyRead {
  body?: unknown
}

/**
 * A listener that answers our routes and calls `pass` for every other path; without `pass` it answers those too.
 * `take` is called before one of ours is answered.
 */
export function nodeListener(
  handler: Handler,
): (
  request: IncomingMessage & BodyAlreadyRead,
  response: ServerResponse,
  pass?: () => void,
  take?: () => void,
) => Promise<void> {
  const listen = getRequestListener(
    (request, { incoming }) =>
      handler(
        withBodyAgain(request, incoming as IncomingMessage & BodyAlreadyRead),
        connectionOf(incoming as IncomingMessage),
      ),
    { overrideGlobalObjects: false },
  )
  return async (request, response, pass, take) => {
    if (pass !== undefined && !isOurs(pathOf(request.url))) return pass()
    take?.()
    if (!isAnswerable(request, response)) return
    await listen(request, response)
  }
}

function connectionOf(incoming: IncomingMessage): Connection {
  return { address: incoming.socket.remoteAddress, encrypted: 'encrypted' in incoming.socket }
}

/** The page at `/` says that a login server runs here; inside an application that place is the application's. */
function isOurs(path: string): boolean {
  return path !== '/' && ownsPath(path)
}

function pathOf(url: string | undefined): string {
  return (url ?? '/').split('?', 1)[0] ?? '/'
}

/** A parser such as express.json() has emptied the stream: the body is written again from what it left. */
function withBodyAgain(request: Request, incoming: IncomingMessage & BodyAlreadyRead): Request {
  if (
    !incoming.readableEnded ||
    incoming.body === undefined ||
    request.method === 'GET' ||
    request.method === 'HEAD'
  ) {
    return request
  }
  const { body } = incoming
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  if (Buffer.isBuffer(body) || typeof body === 'string') {
    return new Request(request.url, {
      method: request.method,
      headers,
      body: new Uint8Array(Buffer.from(body)),
    })
  }
  headers.set('content-type', 'application/json')
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) })
}
