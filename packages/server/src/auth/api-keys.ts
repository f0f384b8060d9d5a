// API keys: `lk_<id>_<secret>`, named, scoped, expiring; the secret is shown once and kept as an HMAC.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { ApiKeyId, ApiKeyRecord, UserRecord } from '../store/records.ts'
import { publicUser, scopeOfRoles } from './access-token.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller, PublicUser } from './context.ts'
import { newApiKeyId } from './identifiers.ts'
import type { MasterKey } from './master-key.ts'
import { revocationEnd } from './sessions.ts'

const maxKeysPerUser = 100
const idLength = 22
const secretBytes = 32
const touchEachSeconds = 60

export interface ShownApiKey {
  id: string
  name: string
  scopes: readonly string[]
  created_at: number
  expires_at: number | null
  last_used_at: number | null
}

export function shownApiKey(key: ApiKeyRecord): ShownApiKey {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    created_at: key.createdAt,
    expires_at: key.expiresAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
  }
}

/** A key and its text, which nobody can show again. Throws `insufficient_scope`, `validation_failed`. */
export async function createApiKey(
  context: AuthContext,
  user: UserRecord,
  wanted: { name: string; scopes: readonly string[]; expiresInSeconds: number | undefined },
  caller: Caller,
): Promise<{ key: ApiKeyRecord; text: string }> {
  const granted = new Set(scopeOfRoles(user.roles, context.roles).split(' '))
  const beyond = wanted.scopes.find(
    scope => !granted.has(scope) && !granted.has('*') && !ownScopes.has(scope),
  )
  if (beyond !== undefined) {
    throw new LatchkeyError('insufficient_scope', { detail: `Your roles do not give the scope ${beyond}.` })
  }
  const nowMs = context.clock()
  const createdAt = Math.floor(nowMs / 1000)
  const secret = randomBytes(secretBytes).toString('base64url')
  const key: ApiKeyRecord = {
    id: newApiKeyId(nowMs),
    userId: user.id,
    name: wanted.name,
    secretHash: hashSecret(context.master, secret),
    keyVersion: context.master.version,
    scopes: wanted.scopes,
    createdAt,
    expiresAt: wanted.expiresInSeconds === undefined ? undefined : createdAt + wanted.expiresInSeconds,
    lastUsedAt: undefined,
    revokedAt: undefined,
  }
  const audit = auditOf(context, 'api_key_made', caller, { userId: user.id, detail: key.id })
  if ((await context.store.createApiKey(key, maxKeysPerUser, audit)) === 'too_many') {
    const message = `There are ${maxKeysPerUser} keys already. Revoke one first.`
    throw new LatchkeyError('validation_failed', { errors: [{ path: 'name', message }] })
  }
  return { key, text: `lk_${key.id}_${secret}` }
}

/** Scopes over the user's own account, which every user may give to a key. */
const ownScopes = new Set(['user:read', 'user:write'])

/** Throws `not_found` for a key that is not this user's. */
export async function revokeApiKey(
  context: AuthContext,
  user: UserRecord,
  id: string,
  caller: Caller,
): Promise<void> {
  const nowMs = context.clock()
  // Any text may be asked for; only a key of this user's is found.
  const keyId = id as ApiKeyId
  const audit = auditOf(context, 'api_key_revoked', caller, { userId: user.id, detail: keyId })
  const at = { now: Math.floor(nowMs / 1000), revocationExpiresAt: revocationEnd(context, nowMs) }
  const revoked = await context.store.revokeApiKey(keyId, user.id, at, audit)
  if (revoked.length === 0) throw new LatchkeyError('not_found')
  context.revocations.apply(revoked)
}

/** Who presents an API key, and what it may do: never more than its user may do now. */
export interface ApiKeyPrincipal {
  keyId: ApiKeyId
  user: PublicUser
  scopes: readonly string[]
  expiresAt: number | undefined
}

/** Whether a credential has the shape of an API key. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('lk_')
}

/** Checks a presented key. Undefined when it is unknown, wrong, expired, revoked, or its user is disabled. */
export async function readApiKey(context: AuthContext, text: string): Promise<ApiKeyPrincipal | undefined> {
  const id = text.slice(3, 3 + idLength)
  if (!looksLikeApiKey(text) || text[3 + idLength] !== '_') return undefined
  const key = await context.store.findApiKey(id as ApiKeyId)
  const secret = text.slice(4 + idLength)
  const { master } = context
  // A hash under a key that others know tells them nothing of the secret: it stays good until it is renewed.
  const hashKey = [master, master.previous].find(one => one?.version === key?.keyVersion)
  const presented = hashSecret(hashKey ?? master, secret)
  // The comparison is made for an unknown key too, so that time does not tell which ids exist.
  const matches = timingSafeEqual(presented, key?.secretHash ?? Buffer.alloc(presented.length))
  const now = Math.floor(context.clock() / 1000)
  if (
    key === undefined ||
    hashKey === undefined ||
    !matches ||
    key.revokedAt !== undefined ||
    (key.expiresAt ?? Infinity) <= now
  )
    return undefined
  const user = await context.store.findUser(key.userId)
  if (user === undefined || user.disabledAt !== undefined) return undefined
  if (hashKey !== master)
    await context.store.rehashApiKey(key.id, key, {
      secretHash: hashSecret(master, secret),
      keyVersion: master.version,
    })
  if ((key.lastUsedAt ?? 0) + touchEachSeconds <= now) await context.store.touchApiKey(key.id, now)
  const granted = new Set(scopeOfRoles(user.roles, context.roles).split(' '))
  const scopes = key.scopes.filter(scope => granted.has(scope) || granted.has('*') || ownScopes.has(scope))
  return { keyId: key.id, user: publicUser(user), scopes, expiresAt: key.expiresAt }
}

function hashSecret(master: MasterKey, secret: string): Uint8Array {
  return createHmac('sha256', master.apiKey).update(secret).digest()
}
