// A refusal on a socket that has left HTTP's hands: the answer is written by hand and the socket closed (RFC 6455 4.2.2).
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal } from './challenge.ts'

/** `undefined`: what asks for an upgrade is no preflight, and is not understood. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal | undefined): void {
  const { status, headers, body } = refusal ?? { status: 400, headers: { 'content-length': '0' }, body: '' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.once('finish', () => socket.destroy())
  socket.end(
    [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, 'connection: close', '', body].join(
      '\r\n',
    ),
  )
}
