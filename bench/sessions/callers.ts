// Sixty-four callers, each with a connection of its own and one request at a time.
import { Agent, request } from 'node:http'

export const callerCount = 64

export interface Ask {
  path: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
}

export interface Answer {
  status: number
  body: string
  headers: Record<string, string | string[] | undefined>
}

/** Makes `count` requests and hands each answer to `take`. Gives the seconds it took. */
export async function callAll(
  url: string,
  count: number,
  askFor: (i: number) => Ask,
  take: (i: number, answer: Answer) => void,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: callerCount })
  let next = 0
  const startMs = performance.now()
  const caller = async (): Promise<void> => {
    for (;;) {
      const i = next++
      if (i >= count) return
      take(i, await send(url, askFor(i), agent))
    }
  }
  await Promise.all(Array.from({ length: callerCount }, caller))
  agent.destroy()
  return (performance.now() - startMs) / 1000
}

function send(
  url: string,
  { path, method = 'POST', headers = {}, body = '' }: Ask,
  agent: Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {}
    const outgoing = request(url + path, { agent, method, headers: { ...headers, ...length } }, incoming => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', chunk => {
        text += chunk
      })
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: text, headers: incoming.headers }),
      )
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
