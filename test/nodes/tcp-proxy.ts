// A TCP proxy that a test can turn bad: passes, swallows, or cuts.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Passes what comes, both ways. */
  heal(): void
  /** Keeps connections open and passes nothing on: a network that swallows everything. */
  swallow(): void
  /** Cuts every connection and each new one. */
  cut(): void
  close(): void
}

/** Starts a proxy on a free port in front of `targetPort` on the loopback. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>()
  let mode: 'pass' | 'swallow' | 'cut' = 'pass'

  const server = createServer(inner => {
    if (mode === 'cut') return inner.destroy()
    const outer = connect(targetPort, '127.0.0.1')
    const pair: [Socket, Socket] = [inner, outer]
    pairs.add(pair)
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', chunk => {
        if (mode === 'pass') to.write(chunk)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
    pass(inner, outer)
    pass(outer, inner)
    return undefined
  })
  const cutAll = (): void => {
    for (const [inner, outer] of pairs) {
      inner.resetAndDestroy()
      outer.destroy()
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A server that listens on a port has one.
    port: (server.address() as AddressInfo).port,
    heal() {
      // What was swallowed is lost: a stream with a hole in it is none.
      if (mode === 'swallow') cutAll()
      mode = 'pass'
    },
    swallow() {
      mode = 'swallow'
    },
    cut() {
      mode = 'cut'
      cutAll()
    },
    close() {
      mode = 'cut'
      cutAll()
      server.close()
    },
  }
}
