// Another service of the same issuer, in another framework, which asks for a scope.
import fastify from 'fastify'
import { protect } from 'latchkey/fastify'

const port = Number(process.env['PORT'] ?? 4002)
const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const app = fastify()

const guard = protect({
  jwks: `${issuer}/.well-known/jwks.json`,
  issuer,
  audience: 'urn:example:billing',
  scope: 'invoices:read',
})
app.get('/invoices', { onRequest: guard }, request => ({ invoices: [], of: request.auth.user?.username }))

await app.listen({ port, host: '127.0.0.1' })
console.log(`http://localhost:${port}`)
