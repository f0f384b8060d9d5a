// Loaded into a server to plant the flaw that the sampler must find: whoever is marked as unknown is answered at once,
// before any work. Nothing of the kind is in the server itself.
import { Server } from 'node:http'

const emit = Server.prototype.emit

Server.prototype.emit = function (event, ...args) {
  const [request, response] = args
  if (event !== 'request' || request.headers['x-sample'] !== 'unknown') return emit.call(this, event, ...args)
  request.resume().once('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"message":"early"}')
  })
  return true
}
