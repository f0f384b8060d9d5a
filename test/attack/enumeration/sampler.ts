// A program of its own, on a core of its own: sends the two sides of a comparison in turn over one connection and takes
// the time of each answer. Its argument is a file with a Comparison as JSON; it prints the times as JSON.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

export interface Side {
  path: string
  headers?: Record<string, string>
  /** `{n}` becomes a number of the sample's own, of seven digits. */
  body: string
}

export interface Comparison {
  url: string
  /** Pairs to take, and before them pairs that are not counted. */
  samples: number
  warmUp: number
  /** The number of the first sample. */
  from: number
  /** The statuses that both sides are answered with. */
  status: number
  /** Told in both sides' requests; a server with a planted flaw acts on it. */
  known: Side
  unknown: Side
}

/** Milliseconds of each sample. */
export interface Times {
  known: number[]
  unknown: number[]
}

const names = ['known', 'unknown'] as const

function requestOf({ path, headers = {}, body }: Side, name: (typeof names)[number], number: number): Buffer {
  const text = body.replaceAll('{n}', String(number))
  // Both marks are equally long.
  const mark = name === 'known' ? 'is-known' : 'unknown'
  const lines = Object.entries({
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    'x-sample': mark.padStart(8),
    ...headers,
  }).map(([header, value]) => `${header}: ${value}`)
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text}`)
}

/** The status of the next whole answer on a connection. */
class Answers {
  #text = ''
  #settle: ((status: number) => void) | undefined

  constructor(socket: Socket) {
    socket.setEncoding('latin1').on('data', chunk => {
      this.#text += chunk
      this.#look()
    })
  }

  next(): Promise<number> {
    return new Promise(resolve => {
      this.#settle = resolve
    })
  }

  #look(): void {
    const end = this.#text.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#text.slice(0, end)
    const status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    const isWhole =
      length === undefined
        ? status === 204 || this.#text.endsWith('\r\n0\r\n\r\n')
        : this.#text.length >= end + 4 + Number(length)
    if (!isWhole) return
    this.#text = ''
    this.#settle?.(status)
  }
}

async function sample({ url, samples, warmUp, from, status, ...sides }: Comparison): Promise<Times> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const answers = new Answers(socket)
  const times: Times = { known: [], unknown: [] }
  for (let at = -warmUp; at < samples; at++) {
    // Who goes first is drawn, so that nothing that comes round in a rhythm favours one side.
    const order = Math.random() < 0.5 ? names : names.toReversed()
    for (const name of order) {
      const request = requestOf(sides[name], name, from + 2 * (at + warmUp) + names.indexOf(name))
      const answered = answers.next()
      const startedNs = process.hrtime.bigint()
      socket.write(request)
      const got = await answered
      const tookNs = process.hrtime.bigint() - startedNs
      if (got !== status && !(name === 'unknown' && got === 202))
        throw new Error(`${name} was answered with ${got}`)
      if (at >= 0) times[name].push(Number(tookNs) / 1e6)
    }
  }
  socket.destroy()
  return times
}

const comparison = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Comparison
process.stdout.write(JSON.stringify(await sample(comparison)))
