// The page of one user: who they are, where they are signed in, what happened, and what can be done about it.
import type { AuditRecord, SessionRecord, UserRecord } from '../../store/records.ts'
import { AuditTable, type NameOf } from './audit-table.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { Pills } from './pills.tsx'
import { RoleChoices } from './role-choices.tsx'
import { SessionTable } from './session-table.tsx'
import { Address, UserState } from './users.tsx'
import { When } from './when.tsx'

interface UserFacts {
  frame: ConsoleFrame
  user: UserRecord
  /** Whether this is who looks at the page. */
  isYou: boolean
  sessions: readonly SessionRecord[]
  apiKeys: number
  audit: readonly AuditRecord[]
  nameOf: NameOf
  roles: Readonly<Record<string, readonly string[]>>
}

export function userPage(facts: UserFacts) {
  const { frame, user, isYou, sessions, audit, nameOf, roles } = facts
  return (
    <ConsolePage
      frame={frame}
      section="users"
      isDetail
      title={user.username}
      badge={
        <>
          <UserState user={user} />
          {isYou && <span class="pill">You</span>}
        </>
      }
      intro={<code>{user.id}</code>}
    >
      <div class="split">
        <div>
          <Profile {...facts} />
          <section class="card">
            <h2>Where they are signed in</h2>
            {sessions.length === 0 ? (
              <p class="muted">Nowhere at the moment.</p>
            ) : (
              <SessionTable sessions={sessions} nowMs={frame.nowMs} />
            )}
          </section>
          <section class="card">
            <div class="over">
              <h2>What happened lately</h2>
              <a href={`/admin/audit?user=${user.id}`}>All of it</a>
            </div>
            {audit.length === 0 ? (
              <p class="muted">Nothing is in the log about this user.</p>
            ) : (
              <AuditTable audit={audit} nameOf={nameOf} nowMs={frame.nowMs} isOfOne />
            )}
          </section>
        </div>
        <div>
          <section class="card">
            <h2>What they may do</h2>
            <form method="post" action={`/admin/users/${user.id}/roles`}>
              <RoleChoices roles={roles} held={user.roles} />
              <p class="help">Sessions go on; access tokens with the old roles die at once.</p>
              <p />
              <button class="quiet" type="submit" data-busy="Saving…">
                Save the roles
              </button>
            </form>
          </section>
          <Link user={user} />
          <Danger user={user} isYou={isYou} hasSessions={sessions.length > 0} />
        </div>
      </div>
    </ConsolePage>
  )
}

function Profile({ frame: { nowMs }, user, apiKeys }: UserFacts) {
  return (
    <section class="card">
      <h2 class="unseen">Profile</h2>
      <dl class="facts pairs">
        <dt>Name</dt>
        <dd>{user.name ?? <span class="muted">None given</span>}</dd>
        <dt>Address</dt>
        <dd>
          <Address user={user} />
        </dd>
        <dt>Roles</dt>
        <dd>
          <Pills names={user.roles} none="None" />
        </dd>
        <dt>Joined</dt>
        <dd>
          <When atMs={user.createdAt * 1000} nowMs={nowMs} />
        </dd>
        <dt>Password</dt>
        <dd>
          {user.passwordHash === '' ? (
            'Not chosen yet'
          ) : (
            <>
              Chosen <When atMs={user.passwordChangedAt * 1000} nowMs={nowMs} />
            </>
          )}
        </dd>
        <dt>API keys</dt>
        <dd>{apiKeys === 0 ? 'None' : apiKeys}</dd>
        {user.disabledAt !== undefined && (
          <>
            <dt>Disabled</dt>
            <dd>
              <When atMs={user.disabledAt * 1000} nowMs={nowMs} />
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Link({ user }: { user: UserRecord }) {
  const isFirst = user.passwordHash === ''
  const address = user.email ?? (isFirst ? user.unverifiedEmail : undefined)
  return (
    <section class="card">
      <h2>{isFirst ? 'A first password' : 'A new password'}</h2>
      <p class="muted">
        {address !== undefined
          ? `A link to choose one goes to ${address}.`
          : isFirst
            ? 'There is no address: the link is shown to you once, to be passed on.'
            : 'There is no verified address that a link could go to.'}
      </p>
      {(address !== undefined || isFirst) && (
        <form method="post" action={`/admin/users/${user.id}/reset`}>
          <button class="quiet" type="submit" data-busy="Sending…">
            {address === undefined ? 'Make a link' : 'Send a link'}
          </button>
        </form>
      )}
    </section>
  )
}

function Danger({ user, isYou, hasSessions }: { user: UserRecord; isYou: boolean; hasSessions: boolean }) {
  const isDisabled = user.disabledAt !== undefined
  return (
    <section class="card danger">
      <h2>Shut out</h2>
      {hasSessions && (
        <form
          method="post"
          action={`/admin/users/${user.id}/sessions/end`}
          data-confirm={`${user.username} is signed out of every device at once, and has to sign in again.`}
        >
          <p class="muted">Every device is signed out at once. They can sign in again.</p>
          <button class="danger" type="submit" data-busy="Signing out…">
            Sign out everywhere
          </button>
        </form>
      )}
      {isYou ? (
        <p class="muted">You cannot disable yourself.</p>
      ) : isDisabled ? (
        <form method="post" action={`/admin/users/${user.id}/state`}>
          <p class="muted">They cannot sign in. Their sessions have ended.</p>
          <button class="quiet" type="submit" name="disabled" value="false" data-busy="Enabling…">
            Enable {user.username}
          </button>
        </form>
      ) : (
        <>
          <p class="muted">Disabled, they cannot sign in, and their sessions and API keys die at once.</p>
          <form
            method="post"
            action={`/admin/users/${user.id}/state`}
            data-confirm={`${user.username} cannot sign in any more. Their sessions and API keys die at once.`}
          >
            <button class="danger" type="submit" name="disabled" value="true" data-busy="Disabling…">
              Disable {user.username}
            </button>
          </form>
        </>
      )}
    </section>
  )
}
