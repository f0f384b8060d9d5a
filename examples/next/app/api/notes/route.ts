// Guarded route handlers of Next. The login server runs apart; this application knows where it is.
import { protect } from 'latchkey/next'

const issuer = process.env['LATCHKEY_URL'] ?? 'http://localhost:4000'
const guard = { jwks: `${issuer}/.well-known/jwks.json`, issuer, audience: issuer }

export const GET = protect(guard, (_request, auth) => Response.json({ notes: [], of: auth.user?.username }))

export const POST = protect({ ...guard, scope: 'notes:write' }, (_request, auth) =>
  Response.json({ by: auth.user?.username }, { status: 201 }),
)
