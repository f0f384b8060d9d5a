// /admin/users
import type { z } from 'zod'
import {
  addUser,
  changeStanding,
  endSessionsOf,
  type Link,
  requireUser,
  sendResetLink,
} from '../../../auth/admin.ts'
import { canonicalName } from '../../../auth/username.ts'
import { oneTimeLink } from '../../../mail/queue.ts'
import { givenPage } from '../../../pages/console/given.tsx'
import { newUserPage } from '../../../pages/console/new-user.tsx'
import { userPage } from '../../../pages/console/user.tsx'
import { type UserFilters, usersPage } from '../../../pages/console/users.tsx'
import { exactTime } from '../../../pages/console/when.tsx'
import type { UserId, UserRecord } from '../../../store/records.ts'
import type { Page } from '../../../store/store.ts'
import type { Call } from '../../call.ts'
import { newUser, type newUserForm, parseShape, type rolesForm, type userStateForm } from '../../shapes.ts'
import { requirePrincipal } from '../../steps.ts'
import { actorOf } from '../admin-users.ts'
import { answerForm, consoleHtml, frameOf, namesOf, type Refused, tickedRoles } from './console-frame.ts'
import { consolePage, pageLinks } from './page-links.ts'

const userOf = (call: Call): Promise<UserRecord> => requireUser(call.services.auth, call.params['id'] ?? '')

export async function showUsers(call: Call): Promise<Response> {
  const { query, services } = call
  const text = (name: string): string => query.get(name)?.trim() ?? ''
  const filters: UserFilters = {
    q: text('q'),
    role: text('role'),
    state: text('state'),
    verified: text('verified'),
    sort: text('sort'),
  }
  const page = await findUsers(call, filters)
  const roles = Object.keys(services.auth.roles)
  const links = pageLinks(call, page.next)
  return consoleHtml(usersPage({ frame: frameOf(call), users: page.items, filters, roles, ...links }))
}

const flags: Readonly<Record<string, boolean>> = { enabled: false, disabled: true, yes: true, no: false }

/** By the beginning of a name or an address; a whole id is found as well. */
async function findUsers(call: Call, filters: UserFilters): Promise<Page<UserRecord>> {
  const { store } = call.services.auth
  const { q, role, state, verified, sort } = filters
  // Any text may be asked for; only a real id finds somebody.
  const byId = q.length === 22 ? await store.findUser(q as UserId) : undefined
  if (byId !== undefined) return { items: [byId], next: undefined }
  return store.listUsers({
    ...consolePage(call),
    search: q === '' ? undefined : canonicalName(q),
    role: role === '' ? undefined : role,
    disabled: Object.hasOwn(flags, state) ? flags[state] : undefined,
    verified: Object.hasOwn(flags, verified) ? flags[verified] : undefined,
    order: sort === 'name' || sort === 'oldest' ? sort : 'newest',
  })
}

export async function showUser(call: Call, refused?: Refused): Promise<Response> {
  const { store, clock, roles } = call.services.auth
  const user = await userOf(call)
  const [sessions, keys, audit] = await Promise.all([
    store.sessionsOfUser(user.id, Math.floor(clock() / 1000)),
    store.apiKeysOfUser(user.id),
    store.listAudit({ userId: user.id, event: undefined, cursor: undefined, limit: 10 }),
  ])
  const page = userPage({
    frame: frameOf(call, refused),
    user,
    isYou: user.id === requirePrincipal(call).user.id,
    sessions,
    apiKeys: keys.length,
    audit: audit.items,
    nameOf: await namesOf(
      call,
      audit.items.map(row => row.actor),
    ),
    roles,
  })
  return consoleHtml(page, refused?.status)
}

export function showNewUser(call: Call): Response {
  const given = { username: '', email: '', roles: [] }
  return consoleHtml(newUserPage({ frame: frameOf(call), roles: call.services.auth.roles, given }))
}

export function takeNewUser(call: Call<z.output<typeof newUserForm>>): Promise<Response> {
  const { auth } = call.services
  const { username, email } = call.body
  const roles = tickedRoles(call.body)
  const act = async (): Promise<string | Response> => {
    const wanted = parseShape(newUser, { username, roles, ...(email !== '' && { email }) })
    const made = await addUser(auth, { username, email: wanted.email, roles }, actorOf(call))
    if (made.link === undefined) return `/admin/users/${made.user.id}?done=user-added`
    return showLink(call, { user: made.user, link: made.link, title: 'The user is added' })
  }
  return answerForm(act, async refused =>
    consoleHtml(
      newUserPage({
        frame: frameOf(call, refused),
        roles: auth.roles,
        given: { username, email, roles },
      }),
      refused.status,
    ),
  )
}

/** A link that somebody has to pass on, shown in the answer to its form and never again. */
function showLink(
  call: Call,
  { user, link, title }: { user: UserRecord; link: Link; title: string },
): Response {
  const { services } = call
  const page = givenPage({
    frame: frameOf(call),
    section: 'users',
    title,
    intro: `Pass this link on to ${user.username}, who chooses a password with it. It works once, until ${exactTime(link.thing.expiresAt * 1000)}.`,
    things: [{ name: 'Link', value: oneTimeLink(services.issuer, link.thing, link.token), isSecret: true }],
    onward: { href: `/admin/users/${user.id}`, words: `Go to ${user.username}` },
  })
  return consoleHtml(page, 201)
}

export async function takeRoles(call: Call<z.output<typeof rolesForm>>): Promise<Response> {
  const user = await userOf(call)
  return answerForm(
    async () => {
      await changeStanding(call.services.auth, user, { roles: tickedRoles(call.body) }, actorOf(call))
      return `/admin/users/${user.id}?done=roles-saved`
    },
    refused => showUser(call, refused),
  )
}

export async function takeState(call: Call<z.output<typeof userStateForm>>): Promise<Response> {
  const user = await userOf(call)
  const { disabled } = call.body
  return answerForm(
    async () => {
      await changeStanding(call.services.auth, user, { disabled }, actorOf(call))
      return `/admin/users/${user.id}?done=${disabled ? 'disabled' : 'enabled'}`
    },
    refused => showUser(call, refused),
  )
}

export async function takeReset(call: Call): Promise<Response> {
  const user = await userOf(call)
  return answerForm(
    async () => {
      const link = await sendResetLink(call.services.auth, user, actorOf(call))
      if (link === undefined) return `/admin/users/${user.id}?done=link-sent`
      return showLink(call, { user, link, title: 'A link for the first password' })
    },
    refused => showUser(call, refused),
  )
}

export async function takeSessionsEnd(call: Call): Promise<Response> {
  const user = await userOf(call)
  return answerForm(
    async () => {
      await endSessionsOf(call.services.auth, user, actorOf(call))
      return `/admin/users/${user.id}?done=sessions-ended`
    },
    refused => showUser(call, refused),
  )
}
