// A service that knows the issuer's published keys and nothing else of it. Calls billing with its caller's own token.
import express from 'express'
import { protect } from 'latchkey/express'

const port = Number(process.env['PORT'] ?? 4001)
const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const billing = process.env['BILLING'] ?? 'http://localhost:4002'
const app = express()

const guard = protect({ jwks: `${issuer}/.well-known/jwks.json`, issuer, audience: 'urn:example:notes' })

app.get('/notes', guard, (req, res) => {
  res.json({ notes: [], of: req.auth.user?.username })
})
app.get('/notes/costs', guard, async (req, res) => {
  const answer = await fetch(`${billing}/invoices`, {
    headers: { authorization: `Bearer ${req.auth.token}` },
  })
  res.status(answer.status).json({ billing: await answer.json() })
})

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
