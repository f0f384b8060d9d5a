// A process that signs in with a wrong password at a fixed rate, whatever is answered, and tells what was.
// Arguments: the server's URL, requests a second, seconds. It writes bytes to sockets itself: a client that costs as
// much as the server would measure itself.
import { connect, type Socket } from 'node:net'

export interface StormAnswers {
  sent: number
  /** Left without an answer at the end. */
  unanswered: number
  /** How many answers there were by status. */
  statuses: Readonly<Record<string, number>>
  /** Refusals of a full queue that do not say when to come again. */
  withoutRetryAfter: number
  /** Milliseconds that refusals of a full queue took, ascending. */
  refusalMs: readonly number[]
}

const mostSockets = 4_000

/** Storms, and writes the answers to stdout. */
async function storm(url: string, rate: number, seconds: number): Promise<StormAnswers> {
  const { hostname, port } = new URL(url)
  const statuses: Record<string, number> = {}
  const refusalMs: number[] = []
  let [sent, answered, withoutRetryAfter, opened] = [0, 0, 0, 0]
  const free: Socket[] = []
  const sentAt = new WeakMap<Socket, number>()

  const take = (socket: Socket, head: string): void => {
    answered += 1
    const status = head.slice(9, 12)
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status === '503') {
      refusalMs.push(performance.now() - (sentAt.get(socket) ?? 0))
      if (!/\r\nretry-after: \d/i.test(head)) withoutRetryAfter += 1
    }
    free.push(socket)
  }
  const send = (socket: Socket): void => {
    const body = `{"username":"guest-${sent % 64}","password":"not the password"}`
    sentAt.set(socket, performance.now())
    sent += 1
    socket.write(
      `POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  }
  const open = (): void => {
    opened += 1
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('connect', () => send(socket))
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      text += chunk
      const end = text.indexOf('\r\n\r\n')
      const [, length] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
      // An answer in chunks ends with an empty one.
      const isWhole =
        end >= 0 &&
        (length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= end + 4 + Number(length))
      if (!isWhole) return
      const head = text.slice(0, end + 2)
      text = ''
      take(socket, head)
    })
    socket.on('close', () => {
      opened -= 1
      const at = free.indexOf(socket)
      if (at >= 0) free.splice(at, 1)
    })
  }
  const startMs = performance.now()
  let due = 0
  for (;;) {
    const elapsed = (performance.now() - startMs) / 1000
    if (elapsed >= seconds) break
    for (; due < elapsed * rate; due++) {
      const socket = free.pop()
      if (socket !== undefined) send(socket)
      else if (opened < mostSockets) open()
    }
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return {
    sent,
    unanswered: sent - answered,
    statuses,
    withoutRetryAfter,
    refusalMs: refusalMs.toSorted((a, b) => a - b),
  }
}

const [url = '', rate, seconds] = process.argv.slice(2)
const answers = await storm(url, Number(rate), Number(seconds))
process.stdout.write(JSON.stringify(answers), () => process.exit(0))
