// The pages of sessions: everybody's, the newest first, or one user's; and one session with its end.
import type { SessionRecord, UserRecord } from '../../store/records.ts'
import { deviceWords } from './device-words.ts'
import { Empty } from './empty.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type PageLinks, Pager } from './pager.tsx'
import { StatePill } from './pills.tsx'
import { When } from './when.tsx'

interface SessionsFacts extends PageLinks {
  frame: ConsoleFrame
  sessions: readonly SessionRecord[]
  nameOf(id: string): string | undefined
  /** The user whose sessions are wanted, as they were typed. */
  wanted: string
  /** The session of who looks at the page. */
  ownId: string | undefined
}

export function sessionsPage({ frame, sessions, nameOf, wanted, ownId, first, next }: SessionsFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="sessions"
      title="Sessions"
      intro="Who is signed in now, the newest first."
    >
      <form class="filters" action="/admin/sessions">
        <div class="field broad">
          <label for="user">Of the user, by name or id</label>
          <input id="user" name="user" value={wanted} autocomplete="off" spellcheck={false} />
        </div>
        <button class="quiet" type="submit">
          Show
        </button>
        {wanted !== '' && (
          <a class="button quiet" href="/admin/sessions">
            Clear
          </a>
        )}
      </form>
      {sessions.length === 0 && next === undefined ? (
        <Empty title={wanted === '' ? 'Nobody is signed in' : `No live session of ${wanted}`} />
      ) : (
        <>
          <Table sessions={sessions} nameOf={nameOf} ownId={ownId} nowMs={frame.nowMs} />
          <Pager first={first} next={next} shown={sessions.length} of={['session', 'sessions']} isSearch />
        </>
      )}
    </ConsolePage>
  )
}

function Table({
  sessions,
  nameOf,
  ownId,
  nowMs,
}: Pick<SessionsFacts, 'sessions' | 'nameOf' | 'ownId'> & { nowMs: number }) {
  return (
    <div class="table long">
      <table>
        <thead>
          <tr>
            <th scope="col">User and device</th>
            <th scope="col" class="wide">
              From
            </th>
            <th scope="col" class="wide">
              Signed in
            </th>
            <th scope="col" class="wide">
              Last seen
            </th>
            <th scope="col">
              <span class="unseen">End it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(session => (
            <tr>
              <th scope="row">
                <a class="row" href={`/admin/sessions/${session.id}`}>
                  {nameOf(session.userId) ?? session.userId}
                </a>{' '}
                {session.id === ownId && <span class="pill">This session</span>}
                <span class="sub">{deviceWords(session.device)}</span>
              </th>
              <td class="wide">{session.address ?? '–'}</td>
              <td class="when wide">
                <When atMs={session.createdAt * 1000} nowMs={nowMs} />
              </td>
              <td class="when wide">
                <When atMs={session.lastSeen * 1000} nowMs={nowMs} />
              </td>
              <td class="act">
                <EndForm session={session} username={nameOf(session.userId) ?? 'its user'} isSmall />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function EndForm({
  session,
  username,
  isSmall,
}: {
  session: SessionRecord
  username: string
  isSmall?: true
}) {
  return (
    <form
      method="post"
      action={`/admin/sessions/${session.id}/end`}
      data-confirm={`${username} is signed out of this device at once.`}
    >
      <button class={isSmall === true ? 'quiet small' : 'danger'} type="submit" data-busy="Ending…">
        End
        {isSmall === true ? <span class="unseen"> the session of {username}</span> : ' this session'}
      </button>
    </form>
  )
}

const sayTimes = (n: number): string => (n === 0 ? 'Not yet' : n === 1 ? 'Once' : `${n} times`)

interface SessionFacts {
  frame: ConsoleFrame
  session: SessionRecord
  user: UserRecord | undefined
  isLive: boolean
  isOwn: boolean
}

const endWords: Readonly<Record<NonNullable<SessionRecord['revokedWhy']>, string>> = {
  logout: 'Signed out',
  logout_all: 'Signed out everywhere',
  reused: 'A spent refresh token was presented again',
  too_many: 'Too many sessions',
  ended_by_user: 'Ended from another device',
  ended_by_admin: 'Ended by an administrator',
  password_changed: 'The password was changed',
  password_reset: 'The password was reset',
  disabled: 'The user was disabled',
  deleted: 'The account was deleted',
  compromised: 'A master key was given up',
}

export function sessionPage({ frame, session, user, isLive, isOwn }: SessionFacts) {
  const { nowMs } = frame
  const when = (at: number) => <When atMs={at * 1000} nowMs={nowMs} />
  const username = user?.username ?? 'its user'
  return (
    <ConsolePage
      frame={frame}
      section="sessions"
      isDetail
      title={deviceWords(session.device)}
      badge={
        <>
          {isLive ? <StatePill words="Live" tone="good" /> : <StatePill words="Ended" tone="plain" />}
          {isOwn && <span class="pill">This session</span>}
        </>
      }
    >
      <div class="split">
        <section class="card">
          <dl class="facts">
            <dt>User</dt>
            <dd>
              {user === undefined ? session.userId : <a href={`/admin/users/${user.id}`}>{user.username}</a>}
            </dd>
            <dt>From</dt>
            <dd>{session.address ?? 'not known'}</dd>
            {session.device !== undefined && session.device !== deviceWords(session.device) && (
              <>
                <dt>Calls itself</dt>
                <dd>{session.device}</dd>
              </>
            )}
            <dt>Signed in</dt>
            <dd>{when(session.createdAt)}</dd>
            <dt>Last seen</dt>
            <dd>{when(session.lastSeen)}</dd>
            {session.revokedAt === undefined ? (
              <>
                <dt>{isLive ? 'Ends, unused' : 'Ended, unused'}</dt>
                <dd>{when(session.idleExpiresAt)}</dd>
                <dt>Ends at the latest</dt>
                <dd>{when(session.expiresAt)}</dd>
              </>
            ) : (
              <>
                <dt>Ended</dt>
                <dd>
                  {when(session.revokedAt)}
                  {session.revokedWhy !== undefined && `: ${endWords[session.revokedWhy]}`}
                </dd>
              </>
            )}
            <dt>Kept in</dt>
            <dd>{session.transport === 'cookie' ? 'A browser’s cookie' : 'An application’s own store'}</dd>
            <dt>Renewed</dt>
            <dd>{sayTimes(session.counter)}</dd>
            <dt>Scope</dt>
            <dd>{session.scope === '' ? <span class="muted">None</span> : <code>{session.scope}</code>}</dd>
          </dl>
        </section>
        {isLive && (
          <section class="card danger">
            <h2>End it</h2>
            <p class="muted">
              {isOwn
                ? 'This is where you are signed in now: you have to sign in again.'
                : `${username} is signed out of this device, and its access tokens die at once.`}
            </p>
            <EndForm session={session} username={username} />
          </section>
        )}
      </div>
    </ConsolePage>
  )
}
