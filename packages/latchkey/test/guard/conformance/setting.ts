// The world of the table of cases: keys, publishers on the loopback, a clock that stands still, and the guards by name.
import { createHmac, createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LatchkeyError } from '../../../src/base/errors.ts'
import { createKey } from '../../../src/keys/create-key.ts'
import type { StandardSchema } from '../../../src/token/standard-schema.ts'
import type { Claims } from '../../../src/token/verdict.ts'
import type { RevocationSource } from '../../../src/token/verify.ts'
import type { CaseOptions } from './adapters.ts'

export const now = Date.UTC(2026, 0, 1) / 1000
export const issuer = 'https://issuer.example'
export const otherIssuer = 'https://other.example'
const audience = 'https://api.example'
export const secret = 'a shared secret that is longer than its hash'
const oldSecret = 'privatekey'

const pairOf = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const [es, strange, other] = [pairOf(), pairOf(), pairOf()]

/** Who can sign: the issuer with two keys, another issuer, and somebody whom nobody knows. */
export const signers = {
  es: { alg: 'ES256', kid: 'es', ...es },
  rs: { alg: 'RS256', kid: 'rs', ...rsa },
  other: { alg: 'ES256', kid: 'es', ...other },
  strange: { alg: 'ES256', kid: 'es', ...strange },
} as const

export const base64url = (value: string | Buffer): string => Buffer.from(value).toString('base64url')
const json = (value: unknown): string => base64url(JSON.stringify(value))

/** Makes a signature over any input; written with node:crypto alone, so that the engine is not its own witness. */
export type Sign = (input: string) => Buffer

export const hmac =
  (key: string | Buffer, hash = 'sha256'): Sign =>
  input =>
    createHmac(hash, key).update(input).digest()
export const ecdsa =
  (key: KeyObject): Sign =>
  input =>
    signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
export const rsaSign =
  (key: KeyObject, hash = 'RSA-SHA256'): Sign =>
  input =>
    createSign(hash).update(input).sign(key)

/** A token of any header and any claims, given as values or as JSON text. */
export function compact(header: unknown, claims: unknown, sign: Sign): string {
  const input = [header, claims]
    .map(part => (typeof part === 'string' ? base64url(part) : json(part)))
    .join('.')
  return `${input}.${base64url(sign(input))}`
}

export const claims = {
  iss: issuer,
  sub: 'ada',
  aud: audience,
  exp: now + 3600,
  iat: now,
  jti: 'token-1',
  sid: 'session-1',
  client_id: 'latchkey',
  auth_time: now - 60,
  acr: 'urn:example:two-factors',
  scope: 'notes:read notes:write',
  tenant: 'blue',
  user: { id: 'u1', username: 'ada', roles: ['editor'] },
}

type Changes = Readonly<Record<string, unknown>>

/** A token of the issuer's; changes of `undefined` take a claim away. */
export const issued = (changes: Changes = {}, header: Changes = {}): string =>
  compact(
    { alg: 'ES256', typ: 'at+jwt', kid: 'es', ...header },
    { ...claims, ...changes },
    ecdsa(signers.es.privateKey),
  )

/** A token signed with the shared secret. */
export const shared = (changes: Changes = {}, header: Changes = {}): string =>
  compact({ alg: 'HS256', typ: 'JWT', ...header }, { ...claims, ...changes }, hmac(secret))

/** A token as an application made it by hand before. */
export const old = (changes: Changes = {}, header: Changes = {}): string =>
  compact(
    { alg: 'HS256', typ: 'JWT', ...header },
    { user: { id: 7, username: 'grace' }, iat: now - 60, exp: now + 600, ...changes },
    hmac(oldSecret),
  )

const publicKey = ({ publicKey: key, alg, kid }: { publicKey: KeyObject; alg: string; kid: string }) =>
  createKey(key, { alg: alg as 'ES256', kid })

const schemaOf = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
  '~standard': { version: 1, vendor: 'test', validate },
})

/** Keeps only the tenant: a schema that forgets `scope`, `sub` and `sid`. */
const tenantOnly = schemaOf(value => {
  const tenant: unknown = (value as { tenant?: unknown }).tenant
  return typeof tenant === 'string' ? { value: { tenant } } : { issues: [{ message: 'no tenant' }] }
})

const revoked: RevocationSource = { isRevoked: ({ claims: { sid } }) => sid === 'session-ended' }

const fail = (): never => {
  throw new Error('this dependency is down')
}

const apiKeys = async (key: string) =>
  key === 'lk_good_key'
    ? { sub: 'machine', scope: 'notes:read', tenant: 'blue' }
    : key === 'lk_ended_key'
      ? { sub: 'machine', exp: now }
      : undefined

export interface Setting {
  readonly guards: Readonly<Record<string, CaseOptions>>
  /** The issuer that is found by its metadata. */
  readonly discoveredIssuer: string
  close(): Promise<void>
}

/** Opens the publishers and makes the options of every guard. */
export async function openSetting(): Promise<Setting> {
  const publisher = createServer((request, response) => {
    const origin = `http://127.0.0.1:${portOf()}`
    const documents: Record<string, unknown> = {
      '/jwks': { keys: [publicKey(signers.es).toJwk(), publicKey(signers.rs).toJwk()] },
      '/.well-known/oauth-authorization-server/tenant': {
        issuer: `${origin}/tenant`,
        jwks_uri: `${origin}/jwks`,
      },
      '/.well-known/oauth-authorization-server/liar': { issuer, jwks_uri: `${origin}/jwks` },
      '/oidc/.well-known/openid-configuration': { issuer: `${origin}/oidc`, jwks_uri: `${origin}/jwks` },
    }
    const document = documents[request.url ?? '']
    response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document))
  })
  // The cast: a server that listens on a port has an address of this shape.
  const portOf = (): number => (publisher.address() as AddressInfo).port
  publisher.listen(0, '127.0.0.1')
  await once(publisher, 'listening')
  const origin = `http://127.0.0.1:${portOf()}`
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const nobody = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
  closed.close()

  const clock = (): number => now * 1000
  const keys = [publicKey(signers.es), publicKey(signers.rs)]
  const own: CaseOptions = { keys, issuer, audience, clock }
  const legacy = {
    unsafeSecret: oldSecret,
    algorithms: ['HS256' as const],
    acceptUntil: new Date((now + 86_400) * 1000),
    map: ({ user }: Claims) => {
      const id: unknown = (user as { id: unknown }).id
      return typeof id === 'number' ? `legacy:${id}` : undefined
    },
  }

  return {
    discoveredIssuer: `${origin}/tenant`,
    guards: {
      secret: { secret, clock },
      own,
      jwks: { jwks: `${origin}/jwks`, issuer, audience, clock },
      'jwks down': { jwks: `${nobody}/jwks`, issuer, audience, clock },
      discover: { discover: true, issuer: [`${origin}/tenant`, `${origin}/oidc`], audience, clock },
      'discover a liar': { discover: true, issuer: `${origin}/liar`, audience, clock },
      'discover nobody': { discover: true, issuer: nobody, audience, clock },
      issuers: {
        issuers: [
          { issuer, audience, keys: publicKey(signers.es) },
          { issuer: otherIssuer, audience, keys: publicKey(signers.other) },
          { issuer: 'https://shared.example', audience, secret },
        ],
        clock,
      },
      'RS256 only': { ...own, algorithms: ['RS256'] },
      scope: { ...own, scope: 'notes:read notes:write' },
      'scope admin': { ...own, scope: 'admin' },
      'any scope': { ...own, anyScope: ['admin', 'notes:write'] },
      'any scope admin': { ...own, anyScope: ['admin', 'root'] },
      role: { ...own, role: ['admin', 'editor'] },
      'role admin': { ...own, role: 'admin' },
      'claims rules': {
        ...own,
        claims: { tenant: ['blue', 'green'], acr: value => String(value).startsWith('urn:') },
      },
      'claims rule fails': { ...own, claims: { tenant: fail } },
      'claims schema': { ...own, claims: tenantOnly, scope: 'notes:read', revocations: revoked },
      'claims schema later': {
        ...own,
        claims: schemaOf(async value => tenantOnly['~standard'].validate(value)),
      },
      'claims schema fails': { ...own, claims: schemaOf(fail) },
      'claims schema rejects': { ...own, claims: schemaOf(() => Promise.reject(new Error('down'))) },
      optional: { ...own, optional: true },
      cookie: { ...own, from: { cookie: 'token', origins: ['https://app.example'] } },
      query: { ...own, from: { query: 'access_token' } },
      'header or cookie': { ...own, from: ['header', { cookie: 'token' }] },
      function: { ...own, from: () => issued() },
      'function of nothing': { ...own, from: () => null },
      'function fails': { ...own, from: fail },
      'deny 403': { ...own, denyStatus: 403 },
      told: {
        ...own,
        realm: 'notes',
        resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource',
      },
      'step up': { ...own, maxAuthAge: '5m', acr: ['urn:example:two-factors'] },
      tolerance: { ...own, clockTolerance: '60s' },
      revocations: { ...own, revocations: revoked },
      'stale feed': {
        ...own,
        revocations: {
          isRevoked() {
            throw new LatchkeyError('revocations_stale', { retryAfterSeconds: 7 })
          },
        },
      },
      'revocations fail': { ...own, revocations: { isRevoked: fail } },
      'keys fail': { ...own, keys: { generation: 0, find: fail } },
      'API keys': { ...own, apiKeys, scope: 'notes:read', claims: { tenant: 'blue' } },
      'API keys for writing': { ...own, apiKeys, scope: 'notes:write' },
      'API keys fail': { ...own, apiKeys: fail },
      legacy: { ...own, legacy },
      'legacy without exp': { ...own, legacy: { ...legacy, maxAge: '1h' } },
      'legacy over': { ...own, legacy: { ...legacy, acceptUntil: now } },
    },
    async close() {
      publisher.closeAllConnections()
      publisher.close()
      await once(publisher, 'close')
    },
  }
}
