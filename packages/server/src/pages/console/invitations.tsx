// The page of invitations: the form that makes one, and those that were made lately.
import type { AuditRecord } from '../../store/records.ts'
import { AuditTable, type NameOf } from './audit-table.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { RoleChoices } from './role-choices.tsx'

interface InvitationsFacts {
  frame: ConsoleFrame
  roles: Readonly<Record<string, readonly string[]>>
  /** What was typed before it was refused. */
  given: { email: string; roles: readonly string[] }
  made: readonly AuditRecord[]
  nameOf: NameOf
}

export function invitationsPage({ frame, roles, given, made, nameOf }: InvitationsFacts) {
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
