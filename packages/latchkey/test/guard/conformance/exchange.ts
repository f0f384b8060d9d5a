// One HTTP exchange over a socket of its own, written byte for byte: what a client library would refuse to send is
// what a guard has to bear.
import { connect } from 'node:net'

export interface WrittenRequest {
  readonly method?: string
  readonly target?: string
  /** As they are written, in this order; characters are bytes (latin1). */
  readonly headers?: readonly (readonly [string, string])[]
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends a request and reads the whole answer. Rejects when the server closes without one. */
export async function exchange(port: number, request: WrittenRequest): Promise<Answer> {
  const { method = 'GET', target = '/data', headers = [] } = request
  const hasBody = method === 'POST' || method === 'PUT'
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasBody ? ['Content-Length: 0'] : []),
    ...(headers.some(([name]) => name === 'Upgrade') ? [] : ['Connection: close']),
  ]
  return readAnswer(await sendBytes(port, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')), method)
}

function sendBytes(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

export function readAnswer(bytes: Buffer, method: string): Answer {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) throw new Error(`no answer: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`)
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  const rest = bytes.subarray(end + 4)
  const isChunked = headers['transfer-encoding'] === 'chunked'
  const body = method === 'HEAD' ? '' : (isChunked ? joinChunks(rest) : rest).toString('utf8')
  return { status: Number(first.split(' ')[1]), headers, body }
}

/** RFC 9112 7.1. */
function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) break
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}
