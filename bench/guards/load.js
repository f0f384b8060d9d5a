// A load generator: so many connections, each with one request on its way, until the time is over. Requests are
// written beforehand, so that sending one costs a write and a count.

import { once } from 'node:events'
import { connect } from 'node:net'

const head = Buffer.from('\r\n\r\n')

/** One connection's turn-taking. Calls `next` for the bytes of each request; undefined ends it. */
async function converse(port, next) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let pending = Buffer.alloc(0)
  const send = () => {
    const request = next()
    if (request === undefined) socket.end()
    else socket.write(request)
  }
  socket.on('data', chunk => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    const end = pending.indexOf(head)
    if (end < 0) return
    const text = pending.latin1Slice(0, end)
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (pending.length < end + 4 + length) return
    if (!text.startsWith('HTTP/1.1 200')) return void socket.destroy(new Error(text.slice(0, 400)))
    pending = Buffer.alloc(0)
    send()
  })
  send()
  await Promise.race([once(socket, 'close'), once(socket, 'error').then(([error]) => Promise.reject(error))])
}

/** Requests answered in `seconds`, or `most` of them, and how long that took. `order` gives the next one's index. */
export async function load({ port, requests, order, seconds, most = Infinity, connections }) {
  const startedMs = performance.now()
  const endMs = startedMs + seconds * 1000
  let answered = 0
  const next = () => {
    if (answered >= most || performance.now() >= endMs) return undefined
    answered++
    return requests[order(requests.length)]
  }
  await Promise.all(Array.from({ length: connections }, () => converse(port, next)))
  return { answered, seconds: (performance.now() - startedMs) / 1000 }
}

/** Each in its turn. */
export function inTurn() {
  let at = 0
  return count => at++ % count
}

/** Any of them, by a fixed sequence of chance: the same in every run. */
export function byChance() {
  let state = 2463534242
  return count => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % count
  }
}
