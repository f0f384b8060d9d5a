// Access tokens as the login server signs them, for the guards of this bench: one key an algorithm, every token its own.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createKey, createSigner } from 'latchkey'

export const issuer = 'https://login.example.com'
export const audience = 'https://api.example.com'

/** Keys in the forms that the servers' processes read. */
export function makeKeys() {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    secret: randomBytes(48).toString('base64url'),
    privatePem: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    publicPem: pair.publicKey.export({ format: 'pem', type: 'spki' }),
  }
}

const id = () => randomBytes(16).toString('base64url')

/** So many different tokens, alive for an hour. */
export function makeTokens({ secret, privatePem }, alg, count) {
  const key =
    alg === 'HS256' ? createKey({ secret }, { alg }) : createKey({ pem: privatePem }, { alg, kid: 'bench' })
  const sign = createSigner({ key, typ: 'at+jwt', issuer, audience, expiresIn: '1h', jwtid: true })
  return Array.from({ length: count }, () => {
    const user = { id: id(), username: 'ada', roles: ['editor'] }
    return sign({ sub: user.id, client_id: 'latchkey', sid: id(), amr: ['pwd'], scope: 'notes:read', user })
  })
}
