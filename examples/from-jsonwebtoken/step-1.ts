// Step one: the import line. Every token and every answer is as before; strict parsing and safe keys come with it.
import express, { type ErrorRequestHandler } from 'express'
import { expressjwt, type Request } from 'express-jwt'
import jwt from 'latchkey/jsonwebtoken'

const port = Number(process.env['PORT'] ?? 3000)
const secret = 'privatekey'
const app = express()

app.post('/login', express.json(), (req, res) => {
  const user = { id: 7, username: String(req.body.username) }
  res.json({ token: jwt.sign({ user }, secret, { expiresIn: '1h' }) })
})
app.get('/data', expressjwt({ secret, algorithms: ['HS256'] }), (req: Request, res) => {
  res.json({ user: req.auth?.['user'] })
})
const refused: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status ?? 500).json({ error: error.code })
}
app.use(refused)

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
