// Lets nobody past without a token, whichever route is behind. In front of a route's own guard it is a second lock.
import { protect } from 'latchkey/next'
import { NextResponse } from 'next/server'

const issuer = process.env['LATCHKEY_URL'] ?? 'http://localhost:4000'

export const proxy = protect({ jwks: `${issuer}/.well-known/jwks.json`, issuer, audience: issuer }, () =>
  NextResponse.next(),
)

export const config = { matcher: '/api/:path*' }
