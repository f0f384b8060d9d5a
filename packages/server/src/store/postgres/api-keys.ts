// The verbs of API keys.
import type {
  ApiKeyId,
  ApiKeyRecord,
  AuditRecord,
  NewMail,
  RevocationRecord,
  SessionId,
  UserId,
} from '../records.ts'
import { apiKeyColumns, apiKeyFromRow, rowFromApiKey } from '../sqlite/rows.ts'
import type { NewApiKeyOutcome } from '../store.ts'
import { queueMail } from './mails.ts'
import type { Query } from './pool.ts'
import { isLive } from './sessions.ts'
import { insert, writeAudit, writeRevocations } from './statements.ts'

export interface NewApiKey {
  key: ApiKeyRecord
  maxKeys: number
  audit: AuditRecord
  mail: NewMail | undefined
  /** The session that asks. */
  sessionId: SessionId | undefined
}

export async function createApiKey(
  query: Query,
  { key, maxKeys, audit, mail, sessionId }: NewApiKey,
): Promise<NewApiKeyOutcome> {
  // The row stays locked: a ban, a deletion or another key of this user waits for this one.
  const user = await query('SELECT 1 FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE', [
    key.userId,
  ])
  if (user.count === 0) return 'user_gone'
  if (sessionId !== undefined && !(await isLive(query, sessionId))) return 'session_ended'
  const { rows } = await query(
    'SELECT count(*) AS live FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL',
    [key.userId],
  )
  if (Number(rows[0]?.['live']) >= maxKeys) return 'too_many'
  await insert(query, 'api_keys', rowFromApiKey(key))
  await writeAudit(query, audit)
  if (mail !== undefined) await queueMail(query, mail)
  return 'created'
}

export async function findApiKey(query: Query, id: ApiKeyId): Promise<ApiKeyRecord | undefined> {
  const { rows } = await query(`SELECT ${apiKeyColumns} FROM api_keys WHERE id = $1`, [id])
  return rows[0] && apiKeyFromRow(rows[0])
}

export async function apiKeysOfUser(query: Query, id: UserId): Promise<ApiKeyRecord[]> {
  const { rows } = await query(
    `SELECT ${apiKeyColumns} FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id`,
    [id],
  )
  return rows.map(apiKeyFromRow)
}

export async function touchApiKey(query: Query, id: ApiKeyId, now: number): Promise<void> {
  await query('UPDATE api_keys SET last_used_at = $1 WHERE id = $2', [now, id])
}

export interface ApiKeyRehash {
  id: ApiKeyId
  from: Pick<ApiKeyRecord, 'secretHash'>
  to: Pick<ApiKeyRecord, 'secretHash' | 'keyVersion'>
}

export async function rehashApiKey(query: Query, { id, from, to }: ApiKeyRehash): Promise<void> {
  await query('UPDATE api_keys SET secret_hash = $1, key_version = $2 WHERE id = $3 AND secret_hash = $4', [
    to.secretHash,
    to.keyVersion,
    id,
    from.secretHash,
  ])
}

export interface ApiKeyRevocation {
  id: ApiKeyId
  userId: UserId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export async function revokeApiKey(
  query: Query,
  { id, userId, at, audit }: ApiKeyRevocation,
): Promise<RevocationRecord[]> {
  const { count } = await query(
    'UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL',
    [at.now, id, userId],
  )
  if (count === 0) return []
  await writeAudit(query, audit)
  return writeRevocations(query, [{ kind: 'api_key', id, expiresAt: at.revocationExpiresAt }])
}

/** Lets every process forget what it remembers of a user's keys; the rows stay as they are. */
export async function recallApiKeysOfUser(
  query: Query,
  id: UserId,
  expiresAt: number,
): Promise<RevocationRecord[]> {
  const { rows } = await query('SELECT id FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL', [id])
  return writeRevocations(
    query,
    rows.map(row => ({ kind: 'api_key', id: String(row['id']), expiresAt })),
  )
}

/** Revokes every key of a user. */
export async function revokeApiKeysOfUser(
  query: Query,
  id: UserId,
  { now, revocationExpiresAt }: { now: number; revocationExpiresAt: number },
): Promise<RevocationRecord[]> {
  const { rows } = await query(
    'UPDATE api_keys SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL RETURNING id',
    [now, id],
  )
  return writeRevocations(
    query,
    rows.map(row => ({ kind: 'api_key', id: String(row['id']), expiresAt: revocationExpiresAt })),
  )
}
