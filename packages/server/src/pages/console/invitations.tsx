// The page of invitations: the form that makes one, and those that were made lately.
import type { AuditRecord, OneTimeRecord } from '../../store/records.ts'
import { AuditTable, type NameOf } from './audit-table.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type PageLinks, Pager } from './pager.tsx'
import { Pills } from './pills.tsx'
import { RoleChoices } from './role-choices.tsx'
import { When } from './when.tsx'

interface InvitationsFacts extends PageLinks {
  frame: ConsoleFrame
  roles: Readonly<Record<string, readonly string[]>>
  /** What was typed before it was refused. */
  given: { email: string; roles: readonly string[] }
  /** Those that may still be used. */
  open: readonly OneTimeRecord[]
  made: readonly AuditRecord[]
  nameOf: NameOf
}

export function invitationsPage({ frame, roles, given, open, first, next, made, nameOf }: InvitationsFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="invitations"
      title="Invitations"
      intro="A link by which one person makes an account, within a week. It works once."
    >
      <form class="card narrow" method="post" action="/admin/invitations">
        <div class="field">
          <label for="email">
            E-mail address <span class="muted">(optional)</span>
          </label>
          <input
            id="email"
            name="email"
            type="email"
            value={given.email}
            autocomplete="off"
            aria-describedby="email-help"
          />
          <p class="help" id="email-help">
            With one, the link is mailed there as well.
          </p>
        </div>
        <RoleChoices roles={roles} held={given.roles} />
        <button type="submit" data-busy="Making…">
          Make an invitation
        </button>
      </form>
      <section class="card">
        <h2>Open</h2>
        {open.length === 0 ? (
          <p class="muted">No invitation waits to be used.</p>
        ) : (
          <OpenInvitations open={open} nowMs={frame.nowMs} />
        )}
      </section>
      {(first !== undefined || next !== undefined) && (
        <Pager first={first} next={next} shown={open.length} of={['invitation', 'invitations']} />
      )}
      <section class="card">
        <h2>Made lately</h2>
        {made.length === 0 ? (
          <p class="muted">No invitation is in the audit log.</p>
        ) : (
          <AuditTable audit={made} nameOf={nameOf} nowMs={frame.nowMs} isOfOne />
        )}
      </section>
    </ConsolePage>
  )
}

function OpenInvitations({ open, nowMs }: { open: readonly OneTimeRecord[]; nowMs: number }) {
  return (
    <div class="table stack">
      <table>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Roles</th>
            <th scope="col">Made</th>
            <th scope="col">Ends</th>
          </tr>
        </thead>
        <tbody>
          {open.map(({ address, roles, createdAt, expiresAt }) => (
            <tr>
              <th scope="row" class="whole">
                {address ?? 'Whoever has the link'}
              </th>
              <td data-label="Roles">
                <Pills names={roles} none="None" />
              </td>
              <td class="when" data-label="Made">
                <When atMs={createdAt * 1000} nowMs={nowMs} />
              </td>
              <td class="when" data-label="Ends">
                <When atMs={expiresAt * 1000} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
