// Mounts the server in a Koa application: its routes are answered, every other request goes on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Latchkey } from '../server.ts'
import { type BodyAlreadyRead, nodeListener } from './listener.ts'
import { requireLatchkey } from './require-latchkey.ts'

/** The little of Koa's context that is used. */
interface KoaContext {
  req: IncomingMessage & BodyAlreadyRead
  res: ServerResponse
  request: object
  respond?: boolean | undefined
}

/** `app.use(mount(auth))`, before or after a parser of bodies. */
export function mount(
  auth: Latchkey,
): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown> {
  requireLatchkey(auth)
  const listener = nodeListener(auth.handler)
  return async (context, next) => {
    const { req, res, request } = context
    // Where Koa's parsers leave what they have read.
    if (req.body === undefined && 'body' in request) req.body = request.body
    let isPassed = false
    // Koa must not answer while the listener does; it may again for a path that is not ours.
    context.respond = false
    await listener(req, res, () => {
      isPassed = true
    })
    if (!isPassed) return undefined
    context.respond = true
    return next()
  }
}
