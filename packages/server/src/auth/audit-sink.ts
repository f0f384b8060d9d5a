// Hands the audit log's rows on to the application's sink, in their order, each at least once while this process runs.
import type { AuditEntry } from '../hooks.ts'
import type { AuditRecord } from '../store/records.ts'
import { callHook } from './call-hook.ts'
import type { AuthContext } from './context.ts'

/** Hands on what was written since the last time. A failure leaves the rows for the next time. */
export type AuditSink = () => Promise<void>

const atOnce = 200

/** Begins with what is written from now on. */
export async function openAuditSink(context: AuthContext): Promise<AuditSink> {
  const { audit: sink } = context.hooks
  if (sink === undefined) return async () => undefined
  let { cursor } = await context.store.readAudit(undefined, atOnce)
  return async () => {
    for (;;) {
      const log = await context.store.readAudit(cursor, atOnce)
      if (log.rows.length === 0) return
      await callHook('audit', () => sink(log.rows.map(({ seq, record }) => shownEntry(seq, record))))
      ;({ cursor } = log)
    }
  }
}

function shownEntry(seq: number, record: AuditRecord): AuditEntry {
  return { id: seq, ...shownAudit(record) }
}

/** An audit row as administrators and sinks see it. */
export function shownAudit(record: AuditRecord): Omit<AuditEntry, 'id'> {
  return {
    at: new Date(record.atMs).toISOString(),
    event: record.event,
    user: record.userId ?? null,
    actor: record.actor ?? null,
    session: record.sessionHash ?? null,
    address: record.address ?? null,
    device: record.device ?? null,
    detail: record.detail ?? null,
  }
}
