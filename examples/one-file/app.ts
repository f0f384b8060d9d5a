// A login server and a guarded route in one Express application.
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/express'
import express from 'express'
import { protect } from 'latchkey/express'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({ issuer: `http://localhost:${port}` })
const app = express()

app.use(mount(auth)) // /user/register, /user/login, /user/data, /user/refresh, /user/logout

app.get('/notes', protect(auth.guard), (req, res) => {
  res.json({ notes: [`Only ${req.auth.user?.username} sees this.`] })
})

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
