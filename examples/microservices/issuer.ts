// The issuer: the login server in a process of its own. Nobody else holds a private key or knows the users.
import { createServer } from 'node:http'
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/node'

const port = Number(process.env['PORT'] ?? 4000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  // Whom the tokens are for: each service accepts those that name it.
  audience: ['urn:example:notes', 'urn:example:billing'],
  // These services know only the published keys, so a token lives until it expires: short.
  accessTtl: '5m',
  roles: { admin: ['*'], accountant: ['invoices:read'] },
})

createServer(mount(auth)).listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
