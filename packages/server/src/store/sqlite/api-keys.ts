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
import type { NewApiKeyOutcome } from '../store.ts'
import { type Connection, writeAudit, writeRevocation } from './connection.ts'
import { queueMail } from './mails.ts'
import { apiKeyColumns, placeholders, rowFromApiKey } from './rows.ts'
import { isLive } from './sessions.ts'

export interface NewApiKey {
  key: ApiKeyRecord
  maxKeys: number
  audit: AuditRecord
  mail: NewMail | undefined
  /** The session that asks. */
  sessionId: SessionId | undefined
}

export function createApiKey(
  db: Connection,
  { key, maxKeys, audit, mail, sessionId }: NewApiKey,
): NewApiKeyOutcome {
  if (sessionId !== undefined && !isLive(db, sessionId)) return 'session_ended'
  const user = db.prepare('SELECT 1 FROM users WHERE id = ? AND disabled_at IS NULL').get(key.userId)
  if (user === undefined) return 'user_gone'
  const row = db
    .prepare('SELECT count(*) AS live FROM api_keys WHERE user_id = ? AND revoked_at IS NULL')
    .get(key.userId)
  if (Number(row?.['live']) >= maxKeys) return 'too_many'
  db.prepare(`INSERT INTO api_keys (${apiKeyColumns}) VALUES (${placeholders(apiKeyColumns)})`).run(
    rowFromApiKey(key),
  )
  writeAudit(db, audit)
  if (mail !== undefined) queueMail(db, mail)
  return 'created'
}

export function touchApiKey(db: Connection, { id, now }: { id: ApiKeyId; now: number }): void {
  db.prepare('UPDATE api_keys SET last_used_at = ? WHERE id = ?').run(now, id)
}

export interface ApiKeyRehash {
  id: ApiKeyId
  from: Pick<ApiKeyRecord, 'secretHash'>
  to: Pick<ApiKeyRecord, 'secretHash' | 'keyVersion'>
}

export function rehashApiKey(db: Connection, { id, from, to }: ApiKeyRehash): void {
  db.prepare('UPDATE api_keys SET secret_hash = ?, key_version = ? WHERE id = ? AND secret_hash = ?').run(
    to.secretHash,
    to.keyVersion,
    id,
    from.secretHash,
  )
}

export interface ApiKeyRevocation {
  id: ApiKeyId
  userId: UserId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export function revokeApiKey(
  db: Connection,
  { id, userId, at, audit }: ApiKeyRevocation,
): RevocationRecord[] {
  const { changes } = db
    .prepare('UPDATE api_keys SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL')
    .run(at.now, id, userId)
  if (changes === 0) return []
  writeAudit(db, audit)
  return [writeRevocation(db, { kind: 'api_key', id, expiresAt: at.revocationExpiresAt })]
}
