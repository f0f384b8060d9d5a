// A login server and guarded routes in one Fastify application.
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/fastify'
import fastify from 'fastify'
import { protect } from 'latchkey/fastify'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})
const app = fastify()
await app.register(mount(auth))

app.get('/', () => ({ hello: 'everybody' }))
app.get('/notes', { onRequest: protect(auth.guard) }, request => ({
  notes: [],
  of: request.auth.user?.username,
}))
app.post('/notes', { onRequest: protect({ ...auth.guard, scope: 'notes:write' }) }, (request, reply) => {
  reply.code(201).send({ by: request.auth.user?.username })
})

await app.listen({ port, host: '127.0.0.1' })
console.log(`http://localhost:${port}`)
