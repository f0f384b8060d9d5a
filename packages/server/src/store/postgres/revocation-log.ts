// Reading the revocation log. A sequence is not commit order here: a number that was taken early may be committed
// late, and a reader that asks for greater numbers never sees it. So rows carry the id of their transaction, and the
// reader keeps the oldest one that was still running when it read.
import type { RevocationKind } from '../records.ts'
import type { RevocationLog } from '../store.ts'
import type { Query } from './pool.ts'

/**
 * What has become visible since the cursor was given, some of it perhaps again: entries are idempotent. Rows and
 * snapshot come from one statement, so that no commit falls between them.
 */
export async function readRevocations(
  query: Query,
  cursor: string | undefined,
  now: number,
): Promise<RevocationLog> {
  const { rows } = await query(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, r.kind, r.id, r.expires_at ' +
      'FROM (VALUES (1)) AS one LEFT JOIN revocations r ON r.xid >= $1::text::xid8 AND r.expires_at > $2',
    [cursor ?? '0', now],
  )
  return {
    // The columns hold what writeRevocations put there; a log without entries gives one row without one.
    entries: rows
      .filter(row => row['id'] !== null)
      .map(row => ({
        kind: row['kind'] as RevocationKind,
        id: String(row['id']),
        expiresAt: Number(row['expires_at']),
      })),
    cursor: String(rows[0]?.['xmin']),
  }
}
