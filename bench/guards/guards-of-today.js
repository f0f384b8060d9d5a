// The guards that are measured, each as its own documentation writes it, by name. `credential` says what its requests
// carry; `make` runs in the server's process and gives a middleware of Express.
import { createPublicKey, createSecretKey, randomBytes } from 'node:crypto'
import { audience, issuer } from './tokens.js'

const revocationCount = 10_000

/** A live set with entries in it, asked for each request as the login server's own guard asks its. */
async function revocationSet() {
  const { RevocationSet } = await import('latchkey')
  const revoked = new RevocationSet()
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  for (let at = 0; at < revocationCount; at++) revoked.add(randomBytes(16).toString('base64url'), inAnHour)
  return {
    isRevoked: ({ claims, header }) =>
      [claims.sid, claims.jti, header.kid].some(id => typeof id === 'string' && revoked.has(id)),
  }
}

async function latchkey({ secret, publicPem }, alg, counted) {
  const [{ createKey }, { protect }] = await Promise.all([import('latchkey'), import('latchkey/express')])
  const key = alg === 'HS256' ? createKey({ secret }) : createKey({ pem: publicPem }, { alg, kid: 'bench' })
  const candidates = [key]
  // A source of keys that counts how often it is asked: each time is a token that was not remembered.
  const keys = {
    generation: 0,
    find: () => {
      counted.misses++
      return candidates
    },
  }
  return protect({ keys, issuer, audience, scope: 'notes:read', revocations: await revocationSet() })
}

export const guards = {
  'no guard': { credential: 'none', make: async () => (_request, _response, next) => next() },
  'latchkey, ES256': { credential: 'ES256', make: (keys, counted) => latchkey(keys, 'ES256', counted) },
  'latchkey, HS256': { credential: 'HS256', make: (keys, counted) => latchkey(keys, 'HS256', counted) },
  'the tutorial’s checkToken, HS256': {
    credential: 'HS256',
    async make({ secret }) {
      const { default: jwt } = await import('jsonwebtoken')
      return (request, response, next) => {
        const header = request.headers.authorization
        if (header === undefined) return response.sendStatus(403)
        request.token = header.split(' ')[1]
        jwt.verify(request.token, secret, (error, authorizedData) => {
          if (error) return response.sendStatus(403)
          request.auth = authorizedData
          next()
        })
      }
    },
  },
  'express-jwt, HS256': {
    credential: 'HS256',
    async make({ secret }) {
      const { expressjwt } = await import('express-jwt')
      return expressjwt({
        secret: createSecretKey(Buffer.from(secret)),
        algorithms: ['HS256'],
        issuer,
        audience,
      })
    },
  },
  'jose by hand, ES256': { credential: 'ES256', make: ({ publicPem }) => jose(createPublicKey(publicPem)) },
  'jose by hand, HS256': {
    credential: 'HS256',
    make: ({ secret }) => jose(createSecretKey(Buffer.from(secret))),
  },
  'better-auth getSession': {
    credential: 'session',
    async make(_keys, counted) {
      const auth = await betterAuth()
      counted.cookie = await signIn(auth)
      return async (request, response, next) => {
        const headers = new Headers({ cookie: request.headers.cookie ?? '' })
        const session = await auth.api.getSession({ headers })
        if (session === null) return response.sendStatus(401)
        request.auth = session
        next()
      }
    },
  },
}

async function jose(key) {
  const { jwtVerify } = await import('jose')
  return async (request, response, next) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer' || token === undefined) return response.sendStatus(401)
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        typ: 'at+jwt',
        requiredClaims: ['exp'],
      })
      request.auth = payload
    } catch {
      return response.sendStatus(401)
    }
    next()
  }
}

/** With everything in memory and its cookie cache off, as it is unless one turns it on. */
async function betterAuth() {
  const [{ betterAuth: create }, { memoryAdapter }] = await Promise.all([
    import('better-auth'),
    import('better-auth/adapters/memory'),
  ])
  return create({
    baseURL: 'http://localhost:3000',
    secret: 'a secret for a bench, of 32 bytes and more',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
}

async function signIn(auth) {
  const { headers } = await auth.api.signUpEmail({
    body: { email: 'ada@example.com', password: 'a lantern on the sill', name: 'Ada' },
    returnHeaders: true,
  })
  return headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ')
}
