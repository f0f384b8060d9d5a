// The verbs of API keys.
import type { ApiKeyId, AuditRecord, RevocationRecord, UserId } from '../records.ts'
import type { NewApiKey } from '../store.ts'
import { type Connection, writeAudit } from './connection.ts'
import { queueMail } from './mails.ts'
import { apiKeyColumns, placeholders, rowFromApiKey } from './rows.ts'

export function createApiKey(
  db: Connection,
  { key, maxKeys, audit, mail }: NewApiKey,
): 'created' | 'too_many' {
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
  return [writeApiKeyRevocation(db, id, at.revocationExpiresAt)]
}

/** Tells every process that what it remembers of a key counts no more: the row decides. */
export function writeApiKeyRevocation(db: Connection, id: string, expiresAt: number): RevocationRecord {
  db.prepare("INSERT INTO revocations (kind, id, expires_at) VALUES ('api_key', ?, ?)").run(id, expiresAt)
  return { kind: 'api_key', id, expiresAt }
}
