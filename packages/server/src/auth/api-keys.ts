// API keys: `lk_<id>_<secret>`, named, scoped, expiring; the secret is shown once and kept as an HMAC.
import { createHmac, randomBytes } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { ApiKeyId, ApiKeyRecord, SessionId, UserRecord } from '../store/records.ts'
import { scopeOfRoles } from './access-token.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller } from './context.ts'
import { newApiKeyId } from './identifiers.ts'
import type { MasterKey } from './master-key.ts'
import { mailTo, revocationEnd } from './sessions.ts'

const maxKeysPerUser = 100
const secretBytes = 32

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

/**
 * A key and its text, which nobody can show again. Throws `insufficient_scope`, `validation_failed`; `token_revoked`
 * when the user was disabled or deleted, or the session that asks has ended, meanwhile.
 */
export async function createApiKey(
  context: AuthContext,
  { user, sessionId }: { user: UserRecord; sessionId: SessionId },
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
  const mail = mailTo(user, 'api_key_made', createdAt)
  const outcome = await context.store.createApiKey(key, maxKeysPerUser, audit, { mail, sessionId })
  if (outcome === 'user_gone' || outcome === 'session_ended') throw new LatchkeyError('token_revoked')
  if (outcome === 'too_many') {
    const message = `There are ${maxKeysPerUser} keys already. Revoke one first.`
    throw new LatchkeyError('validation_failed', { errors: [{ path: 'name', message }] })
  }
  return { key, text: `lk_${key.id}_${secret}` }
}

/** Scopes over the user's own account, which every user may give to a key. */
export const ownScopes = new Set(['user:read', 'user:write'])

/** The scopes that a user may give to a key, by name; who has `*` may give others as well. */
export function apiKeyScopes(context: AuthContext, user: UserRecord): readonly string[] {
  const ofRoles = scopeOfRoles(user.roles, context.roles).split(' ')
  return [...new Set([...ownScopes, ...ofRoles])].filter(scope => scope !== '')
}

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

/** What is kept of a key's secret. */
export function hashSecret(master: MasterKey, secret: string): Uint8Array {
  return createHmac('sha256', master.apiKey).update(secret).digest()
}
