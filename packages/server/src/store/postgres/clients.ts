// The verbs of clients, and of single tokens that are revoked.
import { randomBytes } from 'node:crypto'
import type { AuditRecord, ClientId, ClientRecord, RevocationRecord } from '../records.ts'
import { clientColumns, clientFromRow, rowFromClient } from '../sqlite/rows.ts'
import type { Query } from './pool.ts'
import { insert, writeAudit, writeRevocations } from './statements.ts'

export interface NewClient {
  client: ClientRecord
  audit: AuditRecord
}

export async function createClient(query: Query, { client, audit }: NewClient): Promise<void> {
  await insert(query, 'clients', rowFromClient(client))
  await writeAudit(query, audit)
}

export async function findClient(query: Query, id: ClientId): Promise<ClientRecord | undefined> {
  const { rows } = await query(`SELECT ${clientColumns} FROM clients WHERE id = $1`, [id])
  return rows[0] && clientFromRow(rows[0])
}

export interface ClientDisabling {
  id: ClientId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export async function disableClient(
  query: Query,
  { id, at, audit }: ClientDisabling,
): Promise<RevocationRecord[] | undefined> {
  const { rows } = await query('SELECT access_id, disabled_at FROM clients WHERE id = $1 FOR UPDATE', [id])
  const [client] = rows
  if (client === undefined) return undefined
  if (client['disabled_at'] !== null) return []
  await query('UPDATE clients SET disabled_at = $1, access_id = $2 WHERE id = $3', [
    at.now,
    randomBytes(16).toString('base64url'),
    id,
  ])
  await writeAudit(query, audit)
  return writeRevocations(query, [
    { kind: 'session', id: String(client['access_id']), expiresAt: at.revocationExpiresAt },
  ])
}

export interface ClientRehash {
  id: ClientId
  from: Pick<ClientRecord, 'secretHash'>
  to: Pick<ClientRecord, 'secretHash' | 'keyVersion'>
}

export async function rehashClient(query: Query, { id, from, to }: ClientRehash): Promise<void> {
  await query('UPDATE clients SET secret_hash = $1, key_version = $2 WHERE id = $3 AND secret_hash = $4', [
    to.secretHash,
    to.keyVersion,
    id,
    from.secretHash,
  ])
}

export interface TokenRevocation {
  entry: RevocationRecord
  audit: AuditRecord
}

export async function revokeToken(query: Query, { entry, audit }: TokenRevocation): Promise<void> {
  await writeRevocations(query, [entry])
  await writeAudit(query, audit)
}
