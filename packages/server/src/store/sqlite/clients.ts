// The verbs of clients, and of single tokens that are revoked.
import { randomBytes } from 'node:crypto'
import type { AuditRecord, ClientId, ClientRecord, RevocationRecord } from '../records.ts'
import { type Connection, writeAudit, writeRevocation } from './connection.ts'
import { clientColumns, clientFromRow, placeholders, type Row, rowFromClient } from './rows.ts'

export interface NewClient {
  client: ClientRecord
  audit: AuditRecord
}

export function createClient(db: Connection, { client, audit }: NewClient): void {
  db.prepare(`INSERT INTO clients (${clientColumns}) VALUES (${placeholders(clientColumns)})`).run(
    rowFromClient(client),
  )
  writeAudit(db, audit)
}

export function findClient(db: Connection, id: ClientId): ClientRecord | undefined {
  const row = db.prepare(`SELECT ${clientColumns} FROM clients WHERE id = ?`).get(id)
  return row === undefined ? undefined : clientFromRow(row as Row)
}

export interface ClientDisabling {
  id: ClientId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export function disableClient(
  db: Connection,
  { id, at, audit }: ClientDisabling,
): RevocationRecord[] | undefined {
  const client = findClient(db, id)
  if (client === undefined) return undefined
  if (client.disabledAt !== undefined) return []
  db.prepare('UPDATE clients SET disabled_at = ?, access_id = ? WHERE id = ?').run(
    at.now,
    randomBytes(16).toString('base64url'),
    id,
  )
  writeAudit(db, audit)
  return [writeRevocation(db, { kind: 'session', id: client.accessId, expiresAt: at.revocationExpiresAt })]
}

export interface ClientRehash {
  id: ClientId
  from: Pick<ClientRecord, 'secretHash'>
  to: Pick<ClientRecord, 'secretHash' | 'keyVersion'>
}

export function rehashClient(db: Connection, { id, from, to }: ClientRehash): void {
  db.prepare('UPDATE clients SET secret_hash = ?, key_version = ? WHERE id = ? AND secret_hash = ?').run(
    to.secretHash,
    to.keyVersion,
    id,
    from.secretHash,
  )
}

export interface TokenRevocation {
  entry: RevocationRecord
  audit: AuditRecord
}

export function revokeToken(db: Connection, { entry, audit }: TokenRevocation): void {
  writeRevocation(db, entry)
  writeAudit(db, audit)
}
