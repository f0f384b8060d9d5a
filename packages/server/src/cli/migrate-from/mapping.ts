// How calls of the old libraries are written with Latchkey's own. The page docs/migrate/jsonwebtoken.md is made from this
// table.

export const mapping: readonly (readonly [before: string, after: string])[] = [
  [
    "jwt.sign(claims, secret, { expiresIn: '1h' })",
    "sign(claims, secret, { expiresIn: '1h' }) of latchkey; createSigner({ key }) for many",
  ],
  [
    "jwt.verify(token, secret, { algorithms: ['HS256'] })",
    'verify(token, secret); createVerifier({ keys }) for many',
  ],
  ['jwt.verify(token, getKey, callback)', 'createVerifier({ keys: remoteKeys(url) }).async(token)'],
  ['jwt.decode(token)', 'decode(token), which proves nothing either'],
  ['promisify(jwt.verify)', 'createVerifier({ keys }).async'],
  ['a PEM as the key', "createKey({ pem }, { alg: 'RS256' })"],
  ['ignoreExpiration: true', 'unsafeIgnoreExpiration: true'],
  ["error.name === 'TokenExpiredError'", "error.code === 'token_expired'"],
  [
    'a middleware around jwt.verify',
    'protect({ secret }) of latchkey/express, /fastify, /koa, /hono, /nest, /next, /node',
  ],
  ["expressjwt({ secret, algorithms: ['HS256'] })", 'protect({ secret }) of latchkey/express'],
  ['req.auth.sub, req.auth.role', 'req.auth.subject, req.auth.claims.role'],
]
