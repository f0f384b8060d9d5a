// Mounts the server in a Fastify application: its routes are answered, every other request goes on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Latchkey } from '../server.ts'
import { nodeListener } from './listener.ts'
import { requireLatchkey } from './require-latchkey.ts'

/** The little of Fastify that is used. */
interface Instance {
  addHook(name: 'onRequest', hook: (request: Arrived, reply: Reply, done: () => void) => void): unknown
}
interface Arrived {
  readonly raw: IncomingMessage
}
interface Reply {
  readonly raw: ServerResponse
  hijack(): unknown
  getHeaders(): Record<string, number | string | string[] | undefined>
}

/** `app.register(mount(auth))`. Its routes are taken before Fastify reads their bodies. */
export function mount(auth: Latchkey): (app: Instance, options: unknown, done: () => void) => void {
  requireLatchkey(auth)
  const listener = nodeListener(auth.handler)
  const plugin = (app: Instance, _options: unknown, done: () => void): void => {
    app.addHook('onRequest', ({ raw }, reply, next) => {
      const answered = listener(raw, reply.raw, next, () => {
        reply.hijack()
        // What hooks before this one have said, a CORS plugin's above all.
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) reply.raw.setHeader(name, value)
      })
      answered.catch(() => reply.raw.destroy())
    })
    done()
  }
  // The hook is for the whole application and not for a context of its own; Fastify reads that from here.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
