// One key in all the forms that the contestants take, and tokens signed with it by bare node:crypto.
import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const makers = {
  HS256: () => undefined,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
}

const webNames = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  Ed25519: { name: 'Ed25519' },
}

export const algorithms = Object.keys(makers)
const kid = 'bench-1'

async function secretForms() {
  // 32 bytes as text, so that every contestant is given the same ones.
  const text = randomBytes(24).toString('base64url')
  const web = await crypto.subtle.importKey('raw', Buffer.from(text), webNames.HS256, false, [
    'sign',
    'verify',
  ])
  const object = createSecretKey(Buffer.from(text))
  return {
    signing: object,
    verifying: object,
    signingText: text,
    verifyingText: text,
    webSigning: web,
    webVerifying: web,
  }
}

async function pairForms(alg) {
  const { publicKey, privateKey } = makers[alg]()
  const importAs = (jwk, use) => crypto.subtle.importKey('jwk', jwk, webNames[alg], false, [use])
  return {
    signing: privateKey,
    verifying: publicKey,
    signingText: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    verifyingText: String(publicKey.export({ format: 'pem', type: 'spki' })),
    webSigning: await importAs(privateKey.export({ format: 'jwk' }), 'sign'),
    webVerifying: await importAs(publicKey.export({ format: 'jwk' }), 'verify'),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: peerNameOf(alg) },
  }
}

/** The peers know Ed25519 by its old name (RFC 9864). */
function peerNameOf(alg) {
  return alg === 'Ed25519' ? 'EdDSA' : alg
}

/** A new key. `alg` is ours, `peerAlg` what the peers call it. */
export async function makeBenchKey(alg) {
  const isSecret = alg === 'HS256'
  const forms = isSecret ? await secretForms() : await pairForms(alg)
  return {
    alg,
    peerAlg: peerNameOf(alg),
    kid: isSecret ? undefined : kid,
    hash: alg === 'Ed25519' ? null : 'sha256',
    ...forms,
  }
}

/** A signature over ASCII text, as it stands in tokens. */
export function signatureOf(key, input) {
  const bytes = Buffer.from(input, 'latin1')
  if (key.alg === 'HS256') return createHmac('sha256', key.signing).update(bytes).digest('base64url')
  return sign(key.hash, bytes, { key: key.signing, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

/** A token of an issuer's access-token kind. `alg` is the name to write, `key.alg` unless given. */
export function tokenOf(key, claims, alg = key.alg) {
  const header = { alg, typ: 'at+jwt', ...(key.kid !== undefined && { kid: key.kid }) }
  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signatureOf(key, input)}`
}
