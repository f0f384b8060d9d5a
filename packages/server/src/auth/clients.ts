// Clients: services that sign in as themselves with an id and a secret, and the access tokens they get.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { ClientId, ClientRecord } from '../store/records.ts'
import { attemptBucket } from './attempt-bucket.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { countAttempts } from './count-attempts.ts'
import { newAccessId, newClientId, newTokenId } from './identifiers.ts'
import type { MasterKey } from './master-key.ts'
import { rateLimited } from './rate-limited.ts'
import { revocationEnd } from './sessions.ts'

const secretBytes = 32

/** What a token's `sub` and `client_id` call a client: no user's id looks like it. */
export const clientSubject = (id: ClientId): string => `client:${id}`

export interface ShownClient {
  id: string
  name: string
  scopes: readonly string[]
  audiences: readonly string[]
  created_at: number
  disabled_at: number | null
}

export function shownClient(client: ClientRecord): ShownClient {
  return {
    id: client.id,
    name: client.name,
    scopes: client.scopes,
    audiences: client.audiences,
    created_at: client.createdAt,
    disabled_at: client.disabledAt ?? null,
  }
}

/** A client and its secret, which nobody can show again. */
export async function createClient(
  context: AuthContext,
  wanted: Pick<ClientRecord, 'name' | 'scopes' | 'audiences'>,
  by: Caller & { actor: string | undefined },
): Promise<{ client: ClientRecord; secret: string }> {
  const nowMs = context.clock()
  const secret = randomBytes(secretBytes).toString('base64url')
  const client: ClientRecord = {
    ...wanted,
    id: newClientId(nowMs),
    secretHash: hashSecret(context.master, secret),
    keyVersion: context.master.version,
    accessId: newAccessId(),
    createdAt: Math.floor(nowMs / 1000),
    disabledAt: undefined,
  }
  const audit = auditOf(context, 'client_made', by, { actor: by.actor, detail: client.id })
  await context.store.createClient(client, audit)
  return { client, secret }
}

/** Disables a client; its access tokens die at every connected guard. Throws `not_found`. */
export async function disableClient(
  context: AuthContext,
  id: string,
  by: Caller & { actor: string | undefined },
): Promise<void> {
  const nowMs = context.clock()
  // Any text may be asked for; only a real id finds a client.
  const clientId = id as ClientId
  const at = { now: Math.floor(nowMs / 1000), revocationExpiresAt: revocationEnd(context, nowMs) }
  const audit = auditOf(context, 'client_disabled', by, { actor: by.actor, detail: clientId })
  const revoked = await context.store.disableClient(clientId, at, audit)
  if (revoked === undefined) throw new LatchkeyError('not_found')
  context.revocations.apply(revoked)
}

interface ClientCredentials {
  id: string
  secret: string
}

/**
 * The client behind an id and a secret; undefined when either is wrong or it is disabled. Failures are counted by the
 * caller's address and by the client: throws `rate_limited` when there were too many. The right secret, which nobody
 * can guess, always passes, so that strangers cannot stop a service by its name.
 */
export async function authenticateClient(
  context: AuthContext,
  credentials: ClientCredentials,
  { address }: Caller,
): Promise<ClientRecord | undefined> {
  const client = await findAuthentic(context, credentials)
  if (client !== undefined) return client
  context.addressLimiter.failure('client', address)
  const bucket = attemptBucket(context.master, 'client', 'client', credentials.id)
  const wait = await countAttempts(context, 'client_name', [bucket])
  if (wait !== undefined) throw rateLimited(wait.waitMs)
  return undefined
}

async function findAuthentic(
  context: AuthContext,
  { id, secret }: ClientCredentials,
): Promise<ClientRecord | undefined> {
  const { master, store } = context
  // Any text may be presented; only a real id finds a client.
  const client = await store.findClient(id as ClientId)
  const hashKey = [master, master.previous].find(one => one?.version === client?.keyVersion)
  const presented = hashSecret(hashKey ?? master, secret)
  // The comparison is made for an unknown client too, so that time does not tell which ids exist.
  const matches = timingSafeEqual(presented, client?.secretHash ?? Buffer.alloc(presented.length))
  if (client === undefined || hashKey === undefined || !matches || client.disabledAt !== undefined)
    return undefined
  if (hashKey !== master) {
    const renewed = { secretHash: hashSecret(master, secret), keyVersion: master.version }
    await store.rehashClient(client.id, client, renewed)
  }
  return client
}

/** Under the API keys' key, with a word of its own in front: the hash of the one is never that of the other. */
function hashSecret(master: MasterKey, secret: string): Uint8Array {
  return createHmac('sha256', master.apiKey).update('client ').update(secret).digest()
}

/**
 * An access token for the client itself (RFC 6749 4.4, RFC 9068), with the scopes that it asks for of those it has.
 * Undefined when it asks for another.
 */
export function signClientToken(
  context: AuthContext,
  client: ClientRecord,
  asked: string | undefined,
): { token: string; scope: string; expiresInSeconds: number } | undefined {
  const scopes = asked === undefined ? client.scopes : asked.split(' ').filter(one => one !== '')
  if (scopes.some(scope => !client.scopes.includes(scope))) return undefined
  const issuedAt = Math.floor(context.clock() / 1000)
  const scope = scopes.join(' ')
  const token = context.keyRing.sign({
    iss: context.issuer,
    sub: clientSubject(client.id),
    aud: context.audience,
    exp: issuedAt + context.rules.accessTtl,
    iat: issuedAt,
    jti: newTokenId(),
    client_id: clientSubject(client.id),
    sid: client.accessId,
    scope,
  })
  return { token, scope, expiresInSeconds: context.rules.accessTtl }
}
