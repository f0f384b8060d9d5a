// Sockets that are slow on purpose: headers a byte at a time, bodies a byte at a time, and nothing at all.
import { connect, type Socket } from 'node:net'

const kinds = {
  headers: {
    first: 'POST /user/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
    more: 'a',
  },
  body: {
    first:
      'POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16000\r\n\r\n{"username":"',
    more: 'a',
  },
  silence: { first: '', more: '' },
} as const

export interface SlowFigures {
  opened: number
  /** Seconds until the server closed each, ascending; missing for those that it did not close. */
  closedAfter: readonly number[]
}

/** Opens slow sockets, a third of each kind, each of which sends a byte a second, and waits until all are closed. */
export async function openSlowSockets(
  url: string,
  count: number,
  withinSeconds: number,
): Promise<SlowFigures> {
  const { hostname, port } = new URL(url)
  const names = Object.keys(kinds) as (keyof typeof kinds)[]
  const closedAfter: number[] = []
  const sockets: Socket[] = []
  const closings = Array.from({ length: count }, async (_, i) => {
    // Spread over a second, and so are the bytes: nobody's thousand sockets keep time with each other.
    await new Promise(resolve => setTimeout(resolve, (i * 1_000) / count))
    const { first, more } = kinds[names[i % names.length] ?? 'silence']
    const socket = connect(Number(port), hostname)
    sockets.push(socket)
    const openedMs = performance.now()
    let drip: NodeJS.Timeout | undefined
    socket.on('error', () => undefined)
    socket.on('connect', () => {
      if (first !== '') socket.write(first)
      if (more !== '') drip = setInterval(() => socket.write(more), 1_000)
    })
    // Read, so that the answer that comes with the end does not keep the socket open.
    socket.resume()
    return new Promise<void>(resolve => {
      socket.on('close', () => {
        clearInterval(drip)
        closedAfter.push((performance.now() - openedMs) / 1000)
        resolve()
      })
    })
  })
  const cut = setTimeout(() => {
    closedAfter.length = 0
    for (const socket of sockets) socket.destroy()
  }, withinSeconds * 1_000)
  await Promise.all(closings)
  clearTimeout(cut)
  return { opened: count, closedAfter: closedAfter.toSorted((a, b) => a - b) }
}
