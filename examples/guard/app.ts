import express from 'express'
import { sign } from 'latchkey'
import { protect } from 'latchkey/express'

const secret = process.env.JWT_SECRET ?? '' // 32 bytes or more
const app = express()

app.get('/token', (req, res) => {
  res.send(sign({ sub: 'ada', scope: 'notes:read' }, secret, { expiresIn: '1h' }))
})
app.get('/notes', protect({ secret }), (req, res) => {
  res.json({ hello: req.auth.subject })
})
app.get('/admin', protect({ secret, scope: 'admin' }), (req, res) => {
  res.json({ hello: 'administrator' })
})

app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log('listening'))
