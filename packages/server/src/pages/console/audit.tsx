// The page of the audit log: what happened, the newest first, with filters and export.
import type { AuditRecord } from '../../store/records.ts'
import { AuditTable, type NameOf } from './audit-table.tsx'
import { Empty } from './empty.tsx'
import { eventWords } from './event-words.ts'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type PageLinks, Pager } from './pager.tsx'
import { Choice } from './users.tsx'

/** What the log is asked for, as it stands in the address. */
export interface AuditFilters {
  event: string
  user: string
  from: string
  to: string
}

interface AuditFacts extends PageLinks {
  frame: ConsoleFrame
  audit: readonly AuditRecord[]
  nameOf: NameOf
  filters: AuditFilters
}

export function auditPage({ frame, audit, nameOf, filters, first, next }: AuditFacts) {
  const given = Object.entries(filters).filter(([, value]) => value !== '')
  const exportAs = (format: string): string =>
    `/admin/audit/export?${new URLSearchParams([...given, ['format', format]])}`
  return (
    <ConsolePage
      frame={frame}
      section="audit"
      title="Audit log"
      acts={
        <>
          <a class="button quiet" href={exportAs('csv')} download>
            Export CSV
          </a>
          <a class="button quiet" href={exportAs('jsonl')} download>
            Export JSON lines
          </a>
        </>
      }
    >
      <Filters filters={filters} isFiltered={given.length > 0} />
      {audit.length === 0 ? (
        <Empty title="Nothing like that is in the log">
          {given.length > 0
            ? 'A user is found by the whole name or id.'
            : 'What happens from now on is kept here.'}
        </Empty>
      ) : (
        <>
          <AuditTable audit={audit} nameOf={nameOf} nowMs={frame.nowMs} isLong />
          <Pager first={first} next={next} shown={audit.length} of={['entry', 'entries']} />
        </>
      )}
    </ConsolePage>
  )
}

function Filters({ filters, isFiltered }: { filters: AuditFilters; isFiltered: boolean }) {
  const events = Object.entries(eventWords).map(([event, { words }]) => [event, words] as const)
  return (
    <form class="filters" action="/admin/audit">
      <Choice
        name="event"
        label="What happened"
        value={filters.event}
        options={[['', 'Anything'], ...events]}
      />
      <div class="field broad">
        <label for="user">User, name or id</label>
        <input id="user" name="user" value={filters.user} autocomplete="off" spellcheck={false} />
      </div>
      <div class="field">
        <label for="from">From (UTC)</label>
        <input id="from" name="from" type="date" value={filters.from} />
      </div>
      <div class="field">
        <label for="to">To (UTC)</label>
        <input id="to" name="to" type="date" value={filters.to} />
      </div>
      <button class="quiet" type="submit">
        Filter
      </button>
      {isFiltered && (
        <a class="button quiet" href="/admin/audit">
          Clear
        </a>
      )}
    </form>
  )
}
