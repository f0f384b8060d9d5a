// The page at /: what runs here and what to do next.

import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { tryItLines } from './try-it.ts'

const addresses = [
  ['POST /user/register', 'makes an account'],
  ['POST /user/login', 'gives an access token and a refresh token'],
  ['GET /user/data', 'answers the verified claims'],
  ['POST /user/refresh', 'renews both tokens'],
  ['POST /user/logout', 'ends the session at once'],
  ['GET /.well-known/jwks.json', 'the public keys, for your other services'],
  ['GET /health/ready', 'whether it can serve'],
] as const

/** Another than in the lines that the terminal prints: both may be pasted as they are, one after the other. */
const tryItUser = { username: 'grace', password: 'a password of your own' }

/** `hasOutbox`: mails stay on this machine, and a page shows them. */
export interface HomeFacts {
  readonly issuer: string
  readonly version: string
  readonly hasOutbox: boolean
  readonly frame: Frame
}

export function home({ issuer, version, hasOutbox, frame }: HomeFacts) {
  const guardExample = [
    "import { protect } from 'latchkey/express'",
    '',
    "app.use('/api', protect({",
    `  jwks: '${issuer}/.well-known/jwks.json',`,
    `  issuer: '${issuer}',`,
    `  audience: '${issuer}',`,
    '}))',
  ].join('\n')
  return (
    <Layout title={frame.product} frame={frame}>
      <h1>Your login server is running</h1>
      <p class="muted">
        Latchkey {version}. It keeps your users, signs them in and hands out tokens that your API can check.
      </p>
      <p class="links">
        <a href="/login">Sign in</a>
        <a href="/register">Create an account</a>
        <a href="/account">Your account</a>
        <a href="/admin">Console</a>
        {hasOutbox && <a href="/outbox">Outbox</a>}
      </p>
      <section class="card">
        <h2>Sign somebody in</h2>
        <p>
          Three lines for a terminal: they make a user, sign in and read the guarded route. Put a password of
          your own into the first two.
        </p>
        <pre tabindex={0}>{tryItLines(issuer, tryItUser).join('\n')}</pre>
      </section>
      <section class="card">
        <h2>Guard a route in your app</h2>
        <pre tabindex={0}>{guardExample}</pre>
        <p class="muted">
          A request without a good token gets 401 there. The claims of a good one are at <code>req.auth</code>
          . Until the first release, <code>npm pack -w latchkey</code> in the clone makes what to install.
        </p>
      </section>
      <section class="card">
        <h2>What it answers</h2>
        <table>
          <tbody>
            {addresses.map(([route, meaning]) => (
              <tr>
                <th scope="row">
                  <code>{route}</code>
                </th>
                <td>{meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="links">
          <a href="/docs">All of it, to read and to try out</a>
          <a href="/inspect">Why is a token refused?</a>
        </p>
      </section>
    </Layout>
  )
}
