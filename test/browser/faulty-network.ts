// A network between a client and a real server that fails as told: it loses answers, cuts them, refuses connections,
// or holds requests back. It also serves pages, so that a browser finds both at one origin.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Before the request is passed on, after the server has answered, or in the middle of the answer. */
export type Fault = 'refuse' | 'lose-answer' | 'cut-answer'

export interface Passing {
  method: string
  path: string
  /** The request's body as text. */
  body: string
}

export interface Page {
  type: string
  text: string
}

export interface FaultyNetwork {
  url: string
  /** The server behind it. */
  target: string
  /** What went through, or tried to, in its order. */
  passed: Passing[]
  /** Asked for each request; may hold it back. */
  fault: (passing: Passing) => Fault | undefined | Promise<Fault | undefined>
  /** What is served by the network itself, by path. */
  pages: Record<string, Page>
  count(path: string): number
  close(): Promise<void>
}

export async function openFaultyNetwork(): Promise<FaultyNetwork> {
  const server = createServer((incoming, outgoing) => {
    pass(network, incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const network: FaultyNetwork = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    target: '',
    passed: [],
    fault: () => undefined,
    pages: {},
    count: path => network.passed.filter(one => one.path === path).length,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return network
}

async function pass(
  network: FaultyNetwork,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = incoming.url ?? '/'
  const page = network.pages[path.split('?')[0] ?? '']
  if (page !== undefined) {
    outgoing.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-store' }).end(page.text)
    return
  }
  const body = await buffer(incoming)
  const passing = { method: incoming.method ?? 'GET', path, body: body.toString() }
  network.passed.push(passing)
  const fault = await network.fault(passing)
  if (fault === 'refuse') {
    outgoing.destroy()
    return
  }
  const answer = await ask(network.target + path, incoming, body)
  if (fault === 'lose-answer') {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(answer.status, answer.headers)
  if (fault === 'cut-answer') {
    outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => outgoing.destroy())
    return
  }
  outgoing.end(answer.body)
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

async function ask(url: string, { method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const asked = request(url, { method, headers, agent: false })
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) }
}
