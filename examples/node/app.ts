// A login server, a guarded route and a guarded WebSocket handshake on bare node:http.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/node'
import { protect } from 'latchkey/node'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})
const login = mount(auth)
const guard = protect(auth.guard)

const readNotes = guard((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ notes: [], of: request.auth.user?.username }))
})
const writeNote = protect({ ...auth.guard, scope: 'notes:write' }, (request, response) => {
  response.writeHead(201, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ by: request.auth.user?.username }))
})

const server = createServer((request, response) => {
  login(request, response, () => {
    if (request.url === '/notes')
      return (request.method === 'POST' ? writeNote : readNotes)(request, response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ hello: 'everybody' }))
  })
})

// The handshake of RFC 6455 4.2.2 by hand; a library such as ws takes over at the same place.
server.on(
  'upgrade',
  guard.upgrade((request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const text = Buffer.from(`hello ${request.auth.user?.username}`)
    socket.end(Buffer.concat([Buffer.from([0x81, text.length]), text]))
  }),
)

server.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
