// A connection that prepares each statement once, and the two rows that many verbs write.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AuditRecord, RevocationRecord } from '../records.ts'

export type Connection = { prepare(sql: string): StatementSync }

export function preparing(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>()
  return {
    prepare(sql) {
      let statement = statements.get(sql)
      if (statement === undefined) {
        statement = database.prepare(sql)
        statements.set(sql, statement)
      }
      return statement
    },
  }
}

export function writeAudit(db: Connection, audit: AuditRecord): void {
  db.prepare(
    'INSERT INTO audit (at_ms, event, user_id, actor, session_hash, address, device, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    audit.atMs,
    audit.event,
    audit.userId ?? null,
    audit.actor ?? null,
    audit.sessionHash ?? null,
    audit.address ?? null,
    audit.device ?? null,
    audit.detail ?? null,
  )
}

/** Keeps a revocation in the log that every process reads, and gives it back to be applied here. */
export function writeRevocation(db: Connection, entry: RevocationRecord): RevocationRecord {
  db.prepare('INSERT INTO revocations (kind, id, expires_at) VALUES (?, ?, ?)').run(
    entry.kind,
    entry.id,
    entry.expiresAt,
  )
  return entry
}
