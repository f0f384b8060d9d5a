// A login server and guarded routes in one Koa application.
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/koa'
import Koa from 'koa'
import { protect } from 'latchkey/koa'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})
const app = new Koa()
app.use(mount(auth))

app.use((ctx, next) => {
  if (ctx.path !== '/') return next()
  ctx.body = { hello: 'everybody' }
})
// Everything below needs a token; writing needs a scope as well.
const reading = protect(auth.guard)
const writing = protect({ ...auth.guard, scope: 'notes:write' })
app.use((ctx, next) => (ctx.method === 'POST' ? writing(ctx, next) : reading(ctx, next)))
app.use(ctx => {
  if (ctx.path !== '/notes') return
  if (ctx.method === 'GET') ctx.body = { notes: [], of: ctx.state.auth.user?.username }
  if (ctx.method === 'POST') {
    ctx.status = 201
    ctx.body = { by: ctx.state.auth.user?.username }
  }
})

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
