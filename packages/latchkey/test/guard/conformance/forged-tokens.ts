// The attack corpus: tokens that nobody who may sign has signed, or that must not count though somebody has. Each is
// sent to a guard with public keys and to one with a secret.
import { createHash, createHmac } from 'node:crypto'
import {
  base64url,
  claims,
  compact,
  ecdsa,
  hmac,
  issued,
  issuer,
  now,
  rsaSign,
  type Sign,
  secret,
  shared,
  signers,
} from './setting.ts'

export interface ForgedToken {
  readonly name: string
  readonly token: string
}

const { es, rs, strange } = signers
const pem = (kind: 'spki' | 'pkcs1', key = rs.publicKey): string =>
  key.export({ type: kind, format: 'pem' }) as string
const der = (key = rs.publicKey): Buffer => key.export({ type: 'spki', format: 'der' })
const jwk = (key = rs.publicKey): object => key.export({ format: 'jwk' })
const unsigned: Sign = () => Buffer.alloc(0)
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'es' }
const byStrange = ecdsa(strange.privateKey)

/** HS256 with something public as the secret: RS256 and ES256 turned upside down (CVE-2015-9235 and its kin). */
const confused = (name: string, key: string | Buffer): ForgedToken => ({
  name: `HS256 with ${name} as the secret`,
  token: compact({ alg: 'HS256', typ: 'at+jwt', kid: 'rs' }, claims, hmac(key)),
})
const unsignedAs = (alg: unknown): ForgedToken => ({
  name: `alg ${JSON.stringify(alg)} without a signature`,
  token: compact({ ...header, alg }, claims, unsigned),
})
const strangeWith = (name: string, members: object): ForgedToken => ({
  name: `a strange key ${name}`,
  token: compact({ ...header, ...members }, claims, byStrange),
})

const [goodHeader = '', goodClaims = '', goodSignature = ''] = issued().split('.')
const [sharedHeader = '', , sharedSignature = ''] = shared().split('.')
const withClaims = (value: object): string => base64url(JSON.stringify({ ...claims, ...value }))
const bytes = Buffer.from(goodSignature, 'base64url')

/** A raw signature as DER: SEQUENCE of two INTEGERs. */
function derOf(raw: Buffer): Buffer {
  const integer = (part: Buffer): Buffer => {
    const value = (part[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), part]) : part
    return Buffer.concat([Buffer.from([2, value.length]), value])
  }
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

export const forgedTokens: readonly ForgedToken[] = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    '',
    null,
    undefined,
    0,
    ['none'],
    ['ES256'],
    { alg: 'ES256' },
  ].map(unsignedAs),
  { name: 'alg none with a signature', token: compact({ ...header, alg: 'none' }, claims, byStrange) },
  { name: 'a good header and an empty signature', token: `${goodHeader}.${goodClaims}.` },
  { name: 'no signature part', token: `${goodHeader}.${goodClaims}` },
  { name: 'a shared header and an empty signature', token: `${sharedHeader}.${withClaims({})}.` },
  confused('the RSA key as SPKI PEM', pem('spki')),
  confused('the RSA key as PKCS #1 PEM', pem('pkcs1')),
  confused('the RSA key as PEM without its last line break', pem('spki').trimEnd()),
  confused('the RSA key as DER', der()),
  confused('the RSA key as JWK', JSON.stringify(jwk())),
  confused('the RSA modulus', (jwk() as { n: string }).n),
  confused('the EC key as PEM', pem('spki', es.publicKey)),
  confused('the EC key as JWK', JSON.stringify(jwk(es.publicKey))),
  confused('nothing', ''),
  confused('zero bytes', Buffer.alloc(32)),
  confused('the word secret', 'secret'),
  confused('the word undefined', 'undefined'),
  confused('the issuer', issuer),
  confused('the kid', 'rs'),
  strangeWith('of the same kid', {}),
  strangeWith('in the header as jwk', { jwk: jwk(strange.publicKey) }),
  strangeWith('named by jku', { jku: 'https://evil.example/jwks' }),
  strangeWith('named by x5u', { x5u: 'https://evil.example/key.pem' }),
  strangeWith('in the header as x5c', { x5c: [der(strange.publicKey).toString('base64')] }),
  strangeWith('without a kid', { kid: undefined }),
  strangeWith('with a kid that is a path', { kid: '../../../dev/null' }),
  strangeWith('with a kid that is SQL', { kid: "x' UNION SELECT 'key" }),
  strangeWith('with a kid that is __proto__', { kid: '__proto__' }),
  strangeWith('with a kid that is a number', { kid: 1 }),
  strangeWith('with a kid that is a list', { kid: ['es'] }),
  strangeWith('with a kid of 1,000 characters', { kid: 'x'.repeat(1000) }),
  {
    name: 'zeros for r and s (CVE-2022-21449)',
    token: `${goodHeader}.${goodClaims}.${base64url(Buffer.alloc(64))}`,
  },
  {
    name: 'a signature of 63 bytes',
    token: `${goodHeader}.${goodClaims}.${base64url(bytes.subarray(0, 63))}`,
  },
  {
    name: 'a signature of 65 bytes',
    token: `${goodHeader}.${goodClaims}.${base64url(Buffer.concat([bytes, Buffer.alloc(1)]))}`,
  },
  { name: 'a good signature as DER', token: `${goodHeader}.${goodClaims}.${base64url(derOf(bytes))}` },
  {
    name: 'a good signature with a bit turned',
    token: `${goodHeader}.${goodClaims}.${base64url(Buffer.from(bytes.map((byte, at) => (at === 10 ? byte ^ 1 : byte))))}`,
  },
  { name: 'a good signature with padding', token: `${issued()}==` },
  {
    name: 'a good signature in the other alphabet',
    token: `${goodHeader}.${goodClaims}.${bytes.toString('base64')}`,
  },
  {
    name: 'a good signature with unused bits set',
    token: `${issued().slice(0, -1)}${nextCharacter(goodSignature)}`,
  },
  {
    name: 'a good signature over other claims',
    token: `${goodHeader}.${withClaims({ sub: 'root' })}.${goodSignature}`,
  },
  {
    name: 'a shared signature over other claims',
    token: `${sharedHeader}.${withClaims({ sub: 'root' })}.${sharedSignature}`,
  },
  {
    name: 'a good signature under another header',
    token: `${base64url(JSON.stringify({ ...header, note: 1 }))}.${goodClaims}.${goodSignature}`,
  },
  {
    name: 'ES256 named RS256',
    token: compact({ alg: 'RS256', typ: 'at+jwt', kid: 'es' }, claims, ecdsa(es.privateKey)),
  },
  {
    name: 'ES256 named HS256',
    token: compact({ alg: 'HS256', typ: 'at+jwt', kid: 'es' }, claims, ecdsa(es.privateKey)),
  },
  {
    name: 'RS256 named PS256',
    token: compact({ alg: 'PS256', typ: 'at+jwt', kid: 'rs' }, claims, rsaSign(rs.privateKey)),
  },
  {
    name: 'RS512 of a key for RS256',
    token: compact({ alg: 'RS512', typ: 'at+jwt', kid: 'rs' }, claims, rsaSign(rs.privateKey, 'RSA-SHA512')),
  },
  {
    name: 'HS512 of a secret for HS256',
    token: compact({ alg: 'HS512', typ: 'at+jwt' }, claims, hmac(secret, 'sha512')),
  },
  {
    name: 'a hash in the place of a MAC',
    token: `${sharedHeader}.${withClaims({})}.${base64url(
      createHash('sha256')
        .update(`${sharedHeader}.${withClaims({})}`)
        .digest(),
    )}`,
  },
  {
    name: 'half a MAC',
    token: compact({ alg: 'HS256' }, claims, input =>
      createHmac('sha256', secret).update(input).digest().subarray(0, 16),
    ),
  },
  { name: 'crit with an unknown name', token: issued({}, { crit: ['note'], note: 1 }) },
  { name: 'an empty crit', token: issued({}, { crit: [] }) },
  { name: 'crit that names alg', token: issued({}, { crit: ['alg'] }) },
  { name: 'b64 false', token: issued({}, { b64: false, crit: ['b64'] }) },
  {
    name: 'alg twice',
    token: compact('{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"es"}', claims, ecdsa(es.privateKey)),
  },
  {
    name: 'exp twice',
    token: compact(header, `{"exp":${now - 1},${JSON.stringify(claims).slice(1)}`, ecdsa(es.privateKey)),
  },
  {
    name: 'a claim __proto__',
    token: compact(
      header,
      `{"__proto__":{"scope":"*"},${JSON.stringify(claims).slice(1)}`,
      ecdsa(es.privateKey),
    ),
  },
  { name: 'claims that are a list', token: compact(header, [claims], ecdsa(es.privateKey)) },
  {
    name: 'claims with something behind',
    token: compact(header, `${JSON.stringify(claims)}{}`, ecdsa(es.privateKey)),
  },
  {
    name: 'claims with a byte order mark',
    token: compact(header, `\ufeff${JSON.stringify(claims)}`, ecdsa(es.privateKey)),
  },
  { name: 'five parts', token: `${issued()}.AAAA.AAAA` },
  { name: 'four parts', token: `${issued()}.AAAA` },
  {
    name: 'a token in JSON form',
    token: JSON.stringify({
      protected: goodHeader,
      payload: goodClaims,
      signature: goodSignature,
    }).replaceAll(',', ' '),
  },
  {
    name: 'exp of 1e400',
    token: compact(
      header,
      JSON.stringify(claims).replace(`"exp":${claims.exp}`, '"exp":1e400'),
      ecdsa(es.privateKey),
    ),
  },
  { name: 'exp of -1', token: issued({ exp: -1 }) },
  { name: 'exp of true', token: issued({ exp: true }) },
]

/** The last character stands for four bits and two unused ones: its neighbour means the same bits. */
function nextCharacter(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1] ?? ''
}
