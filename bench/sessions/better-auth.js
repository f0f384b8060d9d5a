// A peer as a server of its own: better-auth on node:sqlite with its JWT plugin. It has no refresh token: what comes
// closest is asking for a new JWT with the session cookie while the session's end is pushed on in the database.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'

const server = createServer()
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const database = new DatabaseSync(process.argv[2])
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
const options = {
  baseURL: url,
  secret: 'a lantern on the sill, and another one beside it',
  database,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  session: { expiresIn: 30 * 86_400, updateAge: 0 },
  plugins: [jwt()],
}
const { runMigrations } = await getMigrations(options)
await runMigrations()
const auth = betterAuth(options)
server.on('request', toNodeHandler(auth))
console.log(`running on ${url}`)
