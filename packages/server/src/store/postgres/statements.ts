// The statements that many verbs share: an insert made from a row, an audit row, revocations.
import type { AuditRecord, RevocationRecord } from '../records.ts'
import type { Row } from '../sqlite/rows.ts'
import type { Query } from './pool.ts'

/** Where processes are woken that read the revocation log. */
export const revocationChannel = 'latchkey_revocations'

/** Inserts a row as it is; the names are those of our own columns. */
export async function insert(query: Query, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row)
  const places = columns.map((_, i) => `$${i + 1}`)
  await query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  )
}

export async function writeAudit(query: Query, audit: AuditRecord): Promise<void> {
  await insert(query, 'audit', {
    at_ms: audit.atMs,
    event: audit.event,
    user_id: audit.userId ?? null,
    actor: audit.actor ?? null,
    session_hash: audit.sessionHash ?? null,
    address: audit.address ?? null,
    device: audit.device ?? null,
    detail: audit.detail ?? null,
  })
}

/** Many audit rows in one statement. */
export async function writeAudits(query: Query, audits: readonly AuditRecord[]): Promise<void> {
  if (audits.length === 0) return
  await query(
    'INSERT INTO audit (at_ms, event, user_id, actor, session_hash, address, detail) SELECT * FROM ' +
      'unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])',
    [
      audits.map(one => one.atMs),
      audits.map(one => one.event),
      audits.map(one => one.userId ?? null),
      audits.map(one => one.actor ?? null),
      audits.map(one => one.sessionHash ?? null),
      audits.map(one => one.address ?? null),
      audits.map(one => one.detail ?? null),
    ],
  )
}

/** Keeps revocations in the log that every process reads, and wakes those processes when this commits. */
export async function writeRevocations(
  query: Query,
  entries: readonly RevocationRecord[],
): Promise<RevocationRecord[]> {
  if (entries.length > 0) {
    await query(
      'WITH written AS (INSERT INTO revocations (kind, id, expires_at) ' +
        'SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) RETURNING 1) ' +
        `SELECT pg_notify('${revocationChannel}', '') FROM written LIMIT 1`,
      [entries.map(one => one.kind), entries.map(one => one.id), entries.map(one => one.expiresAt)],
    )
  }
  return [...entries]
}

/** What is done by one node at a time; the numbers are ours and mean nothing (PostgreSQL, "Advisory Locks"). */
const turns = {
  schema: '7809651199139603833',
  keys: '7809651199139603834',
  firstAdministrator: '7809651199139603835',
}

/** Waits for whoever does the same now, and keeps others waiting until the transaction ends. */
export async function takeTurn(query: Query, turn: keyof typeof turns): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock(${turns[turn]})`)
}

/** Makes the verbs that concern one user wait for each other. Gives the row's lock until the transaction ends. */
export async function lockUser(query: Query, id: string): Promise<void> {
  await query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [id])
}

/**
 * The instant of a verb in milliseconds since 1970: the database's own, which all nodes share, unless one is given
 * at this place. `clock_timestamp`, because a transaction may have waited for a lock since it began.
 */
export function instantMs(place: number): string {
  return `coalesce($${place}::bigint, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)`
}
