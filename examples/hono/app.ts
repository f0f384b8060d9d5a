// A login server and guarded routes in one Hono application.

import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { createLatchkey } from '@latchkey/server'
import { Hono } from 'hono'
import { protect } from 'latchkey/hono'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})
const app = new Hono()

app.get('/', c => c.json({ hello: 'everybody' }))
app.get('/notes', protect(auth.guard), c => c.json({ notes: [], of: c.get('auth').user?.username }))
app.post('/notes', protect({ ...auth.guard, scope: 'notes:write' }), c =>
  c.json({ by: c.get('auth').user?.username }, 201),
)
// The login server is a handler from Request to Response; the caller's address is for its limits and its audit log.
app.all('*', c => auth.handler(c.req.raw, { address: getConnInfo(c).remote.address }))

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => console.log(`http://localhost:${port}`))
