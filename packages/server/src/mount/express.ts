// Mounts the server in an Express application, 4 or 5: its routes are answered, every other request goes on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Latchkey } from '../server.ts'
import { type BodyAlreadyRead, nodeListener } from './listener.ts'
import { requireLatchkey } from './require-latchkey.ts'

type Next = (error?: unknown) => void

/** `app.use(mount(auth))`, before or after `express.json()` and other parsers of bodies. */
export function mount(
  auth: Latchkey,
): (request: IncomingMessage & BodyAlreadyRead, response: ServerResponse, next: Next) => void {
  requireLatchkey(auth)
  const listener = nodeListener(auth.handler)
  return (request, response, next) => {
    listener(request, response, next).catch(next)
  }
}
