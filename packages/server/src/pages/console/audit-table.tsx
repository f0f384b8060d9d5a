// Rows of the audit log: when, what, who, and by whom.
import type { AuditRecord } from '../../store/records.ts'
import { eventWords } from './event-words.ts'
import { StatePill } from './pills.tsx'
import { When } from './when.tsx'

/** The username behind an id; undefined for what is no user, or one that is gone. */
export type NameOf = (id: string) => string | undefined

interface AuditTableProps {
  audit: readonly AuditRecord[]
  nameOf: NameOf
  nowMs: number
  /** Whether all rows are about one user, whom nobody needs to be told. */
  isOfOne?: true
  isLong?: true
}

export function AuditTable({ audit, nameOf, nowMs, isOfOne, isLong }: AuditTableProps) {
  return (
    <div class={isLong === true ? 'table long stack events' : 'table stack events'}>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What happened</th>
            {isOfOne !== true && <th scope="col">User</th>}
            <th scope="col">By</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {audit.map(row => (
            <tr>
              <td class="when muted">
                <When atMs={row.atMs} nowMs={nowMs} />
              </td>
              <td class="what">
                <StatePill {...eventWords[row.event]} />
                {row.detail !== undefined && <span class="sub">{row.detail}</span>}
              </td>
              {isOfOne !== true && (
                <td data-label="User">
                  <Person id={row.userId} nameOf={nameOf} />
                </td>
              )}
              <td data-label="By">
                <Person id={row.actor} nameOf={nameOf} />
              </td>
              <td data-label="From">{row.address ?? <span class="muted none">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A user by name, or what else acted by what it is called. */
function Person({ id, nameOf }: { id: string | undefined; nameOf: NameOf }) {
  if (id === undefined) return <span class="muted none">–</span>
  const name = nameOf(id)
  if (name !== undefined) return <a href={`/admin/users/${id}`}>{name}</a>
  return isId(id) ? <code class="muted">{id}</code> : <span>{id}</span>
}

const isId = (text: string): boolean => /^[\w-]{22}$/.test(text)
