// Step two: the guard. New tokens are access tokens of a key pair; old ones are honoured until they have died out.
import express from 'express'
import { createSigner, generateKey } from 'latchkey'
import { protect } from 'latchkey/express'

const port = Number(process.env['PORT'] ?? 3000)
const issuer = `http://localhost:${port}`
const audience = issuer
// In production this key comes from a file or a vault: createKey({ pem }).
const key = generateKey('ES256')
const signer = createSigner({ key, typ: 'at+jwt', issuer, audience, expiresIn: '1h' })
const app = express()

app.post('/login', express.json(), (req, res) => {
  const user = { id: '7', username: String(req.body.username), roles: [] }
  res.json({ token: signer({ sub: user.id, user }) })
})

const guard = protect({
  keys: key,
  issuer,
  audience,
  legacy: {
    unsafeSecret: 'privatekey',
    algorithms: ['HS256'],
    // The day of this release and the longest life of an old token. After it nothing signed with the word counts.
    acceptUntil: process.env['LEGACY_UNTIL'] ?? new Date(Date.now() + 3_600_000),
    map: ({ user }) => {
      const isUser = typeof user === 'object' && user !== null && 'id' in user
      return isUser ? String(user.id) : undefined
    },
  },
})
app.get('/data', guard, (req, res) => {
  res.json({ user: req.auth.claims['user'], subject: req.auth.subject })
})

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
