// A service that only guards: its own process, with the published keys and the feed of a server. Speaks HTTP on a
// free port of the loopback: GET / is guarded, GET /status tells about the feed and counts the sockets it opened.
import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import { remoteKeys } from 'latchkey'
import { createGuard, revocationFeed } from 'latchkey/guard'

const { issuer, jwks, feedUrl, clientId, clientSecret, maxStale, clockTolerance } = JSON.parse(
  process.argv[2] ?? '{}',
)

let sockets = 0
subscribe('net.client.socket', () => {
  sockets += 1
})

const feed =
  feedUrl === undefined ? undefined : revocationFeed({ url: feedUrl, clientId, clientSecret, maxStale })
const guard = createGuard({
  keys: remoteKeys(jwks),
  issuer,
  audience: issuer,
  revocations: feed,
  clockTolerance,
})

const server = createServer(async (request, response) => {
  if (request.url === '/status') return response.end(JSON.stringify({ sockets, ...feed?.status() }))
  const { method, url, headers } = request
  const verdict = await guard.check({ authorization: headers.authorization, method, url })
  if (verdict.kind === 'admitted') return response.end('welcome')
  response.writeHead(verdict.status, verdict.headers).end(verdict.body)
})
process.once('SIGTERM', () => {
  feed?.close()
  server.closeAllConnections()
  server.close()
})
server.listen(0, '127.0.0.1', async () => {
  await feed?.ready()
  process.stdout.write(`running on http://127.0.0.1:${server.address().port}\n`)
})
