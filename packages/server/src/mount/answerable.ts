// What is refused before it is a request to anybody: more requests at once than one connection has any use for, and two
// Host headers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Requests of a connection that have no answer yet. A packet of 64 KB holds two thousand of them, and whoever does not
 * read the answers would have them all kept: no client that people use sends one before the last is answered.
 */
const mostUnanswered = 8

const unanswered = new WeakMap<Socket, number>()

/** Whether a request is answered. One that is not is refused here, by ending its connection or with 400. */
export function isAnswerable(request: IncomingMessage, response: ServerResponse): boolean {
  // HTTP/2 bounds its streams by itself.
  if (request.httpVersionMajor > 1) return true
  const { socket } = request
  const count = unanswered.get(socket) ?? 0
  if (count >= mostUnanswered) {
    socket.destroy()
    return false
  }
  unanswered.set(socket, count + 1)
  response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1))
  if (!hasTwoHosts(request.rawHeaders)) return true
  response.writeHead(400, { connection: 'close' }).end()
  return false
}

/** Node takes the first, a proxy in front may have taken the last (RFC 9112 3.2). */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts > 1
}
