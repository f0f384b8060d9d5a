// The pages of all users: the list, and the form that adds one.
import type { UserRecord } from '../../store/records.ts'
import { Empty } from './empty.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type PageLinks, Pager } from './pager.tsx'
import { Pills, StatePill } from './pills.tsx'
import { UserName } from './user-name.tsx'
import { When } from './when.tsx'

/** What the list is asked for, as it stands in the address. */
export interface UserFilters {
  q: string
  role: string
  state: string
  verified: string
  sort: string
}

interface UsersFacts extends PageLinks {
  frame: ConsoleFrame
  users: readonly UserRecord[]
  filters: UserFilters
  roles: readonly string[]
}

export function usersPage({ frame, users, filters, roles, first, next }: UsersFacts) {
  const isFiltered = Object.entries(filters).some(([name, value]) => name !== 'sort' && value !== '')
  return (
    <ConsolePage
      frame={frame}
      section="users"
      title="Users"
      acts={
        <a class="button" href="/admin/users/new">
          Add a user
        </a>
      }
    >
      <Filters filters={filters} roles={roles} isFiltered={isFiltered} />
      {users.length === 0 && next === undefined ? (
        <Nobody isFiltered={isFiltered} />
      ) : (
        <>
          <Table users={users} filters={filters} nowMs={frame.nowMs} />
          <Pager
            first={first}
            next={next}
            shown={users.length}
            of={['user', 'users']}
            isSearch={isFiltered}
          />
        </>
      )}
    </ConsolePage>
  )
}

function Filters({
  filters,
  roles,
  isFiltered,
}: {
  filters: UserFilters
  roles: readonly string[]
  isFiltered: boolean
}) {
  return (
    <form class="filters" action="/admin/users">
      {filters.sort !== '' && <input type="hidden" name="sort" value={filters.sort} />}
      <div class="field broad">
        <label for="q">Name or address begins with</label>
        <input id="q" name="q" type="search" value={filters.q} autocomplete="off" spellcheck={false} />
      </div>
      <Choice
        name="role"
        label="Role"
        value={filters.role}
        options={[['', 'Any'], ...roles.map(role => [role, role] as const)]}
      />
      <Choice
        name="state"
        label="State"
        value={filters.state}
        options={[
          ['', 'Any'],
          ['enabled', 'Enabled'],
          ['disabled', 'Disabled'],
        ]}
      />
      <Choice
        name="verified"
        label="Address"
        value={filters.verified}
        options={[
          ['', 'Any'],
          ['yes', 'Verified'],
          ['no', 'Not verified'],
        ]}
      />
      <button class="quiet" type="submit">
        Filter
      </button>
      {isFiltered && (
        <a class="button quiet" href="/admin/users">
          Clear
        </a>
      )}
    </form>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value: string
  options: readonly (readonly [value: string, words: string])[]
}

export function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {options.map(([one, words]) => (
          <option value={one} selected={one === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

function Nobody({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="Nobody is like that">
      A name is found by its beginning, a verified address as well once it has its @.
    </Empty>
  ) : (
    <Empty title="There are no users yet">Add one, or invite somebody.</Empty>
  )
}

function Table({
  users,
  filters,
  nowMs,
}: {
  users: readonly UserRecord[]
  filters: UserFilters
  nowMs: number
}) {
  return (
    <div class="table long">
      <table>
        <thead>
          <tr>
            <SortHead filters={filters} by="name" words="User" />
            <th scope="col" class="wide">
              Address
            </th>
            <th scope="col" class="wide">
              Roles
            </th>
            <th scope="col">State</th>
            <SortHead filters={filters} by="time" words="Joined" className="wide" />
          </tr>
        </thead>
        <tbody>
          {users.map(user => (
            <tr>
              <th scope="row">
                <UserName username={user.username} href={`/admin/users/${user.id}`} under={user.name} />
              </th>
              <td class="wide">
                <Address user={user} />
              </td>
              <td class="wide">
                <Pills names={user.roles} none="–" />
              </td>
              <td>
                <UserState user={user} />
              </td>
              <td class="when wide">
                <When atMs={user.createdAt * 1000} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface SortHeadProps {
  filters: UserFilters
  by: 'name' | 'time'
  words: string
  className?: string
}

const sortings = {
  name: { name: 'ascending' },
  time: { '': 'descending', newest: 'descending', oldest: 'ascending' },
} as const

/** A head that sorts. Who is searched for comes by name, and who is filtered by time. */
function SortHead({ filters, by, words, className }: SortHeadProps) {
  const { q, role, state, sort } = filters
  const direction = q === '' ? (sortings[by] as Record<string, 'ascending' | 'descending'>)[sort] : undefined
  const canSort = q === '' && (by === 'time' || (role === '' && state !== 'disabled'))
  const next = by === 'name' ? 'name' : sort === 'oldest' ? 'newest' : sort === 'name' ? 'newest' : 'oldest'
  const query = new URLSearchParams(
    Object.entries({ ...filters, sort: next }).filter(([, value]) => value !== ''),
  )
  return (
    <th scope="col" class={className} aria-sort={direction}>
      {canSort ? (
        <a href={`/admin/users?${query}`}>
          {words}
          {direction !== undefined && <span aria-hidden="true">{direction === 'ascending' ? '↑' : '↓'}</span>}
        </a>
      ) : (
        words
      )}
    </th>
  )
}

export function Address({ user }: { user: UserRecord }) {
  if (user.email !== undefined) return <>{user.email}</>
  if (user.unverifiedEmail === undefined) return <span class="muted">None</span>
  return (
    <>
      {user.unverifiedEmail}
      <span class="sub">not verified</span>
    </>
  )
}

export function UserState({ user }: { user: UserRecord }) {
  if (user.disabledAt !== undefined) return <StatePill words="Disabled" tone="bad" />
  if (user.passwordHash === '') return <StatePill words="Invited" tone="warn" />
  return <StatePill words="Enabled" tone="good" />
}
