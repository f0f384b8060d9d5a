// A login server and guarded routes in one Express application.
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/express'
import express from 'express'
import { protect } from 'latchkey/express'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})
const app = express()
app.use(express.json())
app.use(mount(auth))

app.get('/', (_req, res) => {
  res.json({ hello: 'everybody' })
})
app.get('/notes', protect(auth.guard), (req, res) => {
  res.json({ notes: [], of: req.auth.user?.username })
})
app.post('/notes', protect({ ...auth.guard, scope: 'notes:write' }), (req, res) => {
  res.status(201).json({ by: req.auth.user?.username })
})

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
