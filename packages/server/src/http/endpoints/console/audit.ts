// /admin/audit, and its export
import { shownAudit } from '../../../auth/audit-sink.ts'
import { type AuditFilters, auditPage } from '../../../pages/console/audit.tsx'
import { isAuditEvent } from '../../../pages/console/event-words.ts'
import type { AuditRecord, UserId } from '../../../store/records.ts'
import type { AuditQuery, Store } from '../../../store/store.ts'
import type { Call } from '../../call.ts'
import { consoleHtml, frameOf, namesOf } from './console-frame.ts'
import { findWanted } from './find-wanted.ts'
import { consolePage, pageLinks } from './page-links.ts'

const dayMs = 86_400_000

function filtersOf({ query }: Call): AuditFilters {
  const text = (name: string): string => query.get(name)?.trim() ?? ''
  return { event: text('event'), user: text('user'), from: text('from'), to: text('to') }
}

/** What the log is asked for. A user who is gone is found by their id still; a day that is none is not asked for. */
async function askedOf(call: Call, filters: AuditFilters): Promise<Omit<AuditQuery, 'cursor' | 'limit'>> {
  const { event, user, from, to } = filters
  const found = await findWanted(call, user)
  const sinceMs = startOf(from)
  const lastMs = startOf(to)
  return {
    event: isAuditEvent(event) ? event : undefined,
    userId: user === '' ? undefined : (found?.id ?? (user as UserId)),
    sinceMs,
    untilMs: lastMs === undefined ? undefined : lastMs + dayMs,
  }
}

function startOf(day: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

export async function showAudit(call: Call): Promise<Response> {
  const filters = filtersOf(call)
  const asked = { ...(await askedOf(call, filters)), ...consolePage(call) }
  const page = await call.services.auth.store.listAudit(asked)
  const people = page.items.flatMap(row => [row.userId, row.actor])
  const shown = auditPage({
    frame: frameOf(call),
    audit: page.items,
    nameOf: await namesOf(call, people),
    filters,
    ...pageLinks(call, page.next),
  })
  return consoleHtml(shown)
}

type Line = ReturnType<typeof shownAudit>
const columns = [
  'at',
  'event',
  'user',
  'actor',
  'session',
  'address',
  'detail',
] as const satisfies readonly (keyof Line)[]

interface Format {
  contentType: string
  head: string
  line(row: Line): string
}

const csv: Format = {
  contentType: 'text/csv; charset=utf-8',
  head: `${columns.join(',')}\r\n`,
  line: row => `${columns.map(column => csvCell(row[column])).join(',')}\r\n`,
}
const formats: Readonly<Record<string, Format>> = {
  csv,
  jsonl: { contentType: 'application/jsonl', head: '', line: row => `${JSON.stringify(row)}\n` },
}

/** RFC 4180 2. A cell that a spreadsheet would take for a formula is made text. */
function csvCell(value: string | null): string {
  const text = value ?? ''
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The whole log that the filters leave, the newest first, read as fast as it is taken. */
export async function exportAudit(call: Call): Promise<Response> {
  const name = call.query.get('format') === 'jsonl' ? 'jsonl' : 'csv'
  const { contentType, head, line } = formats[name] ?? csv
  const { store, clock } = call.services.auth
  const rows = auditRows(store, await askedOf(call, filtersOf(call)))
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start: controller => controller.enqueue(encoder.encode(head)),
    async pull(controller) {
      const { value, done } = await rows.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value.map(row => line(shownAudit(row))).join('')))
    },
  })
  const day = new Date(clock()).toISOString().slice(0, 10)
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'content-disposition': `attachment; filename="audit-${day}.${name}"`,
      'cache-control': 'no-store',
    },
  })
}

const rowsAtOnce = 500

async function* auditRows(
  store: Store,
  asked: Omit<AuditQuery, 'cursor' | 'limit'>,
): AsyncGenerator<readonly AuditRecord[]> {
  let cursor: string | undefined
  do {
    const page = await store.listAudit({ ...asked, cursor, limit: rowsAtOnce })
    yield page.items
    cursor = page.next
  } while (cursor !== undefined)
}
