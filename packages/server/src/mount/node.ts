// Mounts the server in a program on bare node:http.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Latchkey } from '../server.ts'
import { nodeListener } from './listener.ts'
import { requireLatchkey } from './require-latchkey.ts'

/**
 * Gives a listener. `createServer(mount(auth))` serves nothing else; called with a third argument, as in
 * `login(request, response, () => ownRoutes(request, response))`, it hands every path over that is not its own.
 */
export function mount(
  auth: Latchkey,
): (request: IncomingMessage, response: ServerResponse, pass?: () => void) => void {
  requireLatchkey(auth)
  const listener = nodeListener(auth.handler)
  return (request, response, pass) => {
    // What cannot be answered any more is cut, so that the client does not wait for the rest.
    listener(request, response, pass).catch(() => response.destroy())
  }
}
