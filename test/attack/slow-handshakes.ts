// TLS connections that never come to a request: silent ones, half a greeting, a greeting a byte at a time, and a
// finished handshake with nothing after it.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const kinds = [
  'silence',
  'half a greeting',
  'a greeting drop by drop',
  'nothing after the handshake',
] as const

/** Seconds until the server closed each, by kind; undefined where it had not after `withinSeconds`. */
export type HandshakeFigures = Record<(typeof kinds)[number], number | undefined>

/** Opens one of each and waits until all are closed. The certificate is not looked at. */
export async function openSlowHandshakes(url: string, withinSeconds: number): Promise<HandshakeFigures> {
  const { hostname, port } = new URL(url)
  const greeting = await clientHello()
  const open = (): Socket => connect(Number(port), hostname)
  const begin: Record<(typeof kinds)[number], () => Socket> = {
    silence: open,
    'half a greeting': () => written(open(), greeting.subarray(0, greeting.length / 2)),
    'a greeting drop by drop': () => dripped(open(), greeting),
    'nothing after the handshake': () =>
      connectTls({ port: Number(port), host: hostname, rejectUnauthorized: false }),
  }
  const figures = kinds.map(async kind => [kind, await secondsUntilClosed(begin[kind](), withinSeconds)])
  // A row for each kind.
  return Object.fromEntries(await Promise.all(figures)) as HandshakeFigures
}

/** What a client of TLS says first (RFC 8446 4.1.2). */
async function clientHello(): Promise<Buffer> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const client = connectTls({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1' })
  client.on('error', () => undefined)
  const [accepted] = (await once(listener, 'connection')) as [Socket]
  const [greeting] = (await once(accepted, 'data')) as [Buffer]
  client.destroy()
  accepted.destroy()
  listener.close()
  return greeting
}

function written(socket: Socket, bytes: Buffer): Socket {
  socket.on('connect', () => socket.write(bytes))
  return socket
}

/** A byte a second: there are more than anybody waits for. */
function dripped(socket: Socket, bytes: Buffer): Socket {
  let at = 0
  const drip = setInterval(() => socket.write(bytes.subarray(at, ++at)), 1_000)
  socket.on('close', () => clearInterval(drip))
  return socket
}

function secondsUntilClosed(socket: Socket, withinSeconds: number): Promise<number | undefined> {
  const openedMs = performance.now()
  socket.on('error', () => undefined)
  socket.resume()
  return new Promise(resolve => {
    const late = setTimeout(() => {
      resolve(undefined)
      socket.destroy()
    }, withinSeconds * 1_000)
    socket.on('close', () => {
      clearTimeout(late)
      resolve((performance.now() - openedMs) / 1_000)
    })
  })
}
