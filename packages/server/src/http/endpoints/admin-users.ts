// /admin/api: users, their sessions, invitations
import type { z } from 'zod'
import {
  type Actor,
  addUser as addUserTo,
  changeStanding,
  endSession,
  endSessionsOf,
  invite,
  type Link,
  requireUser,
  sendResetLink,
} from '../../auth/admin.ts'
import { type Profile, profileOf, shownSession } from '../../auth/profile.ts'
import { canonicalName } from '../../auth/username.ts'
import { oneTimeLink } from '../../mail/queue.ts'
import type { UserRecord } from '../../store/records.ts'
import type { Call } from '../call.ts'
import { pageOfAll, pageRequest, shownPage } from '../paging.ts'
import { json, noContent } from '../reply.ts'
import type { newInvitation, newUser, userChange } from '../shapes.ts'
import { requirePrincipal } from '../steps.ts'

export function actorOf(call: Call): Actor {
  const { id } = requirePrincipal(call).user
  return { ...call.caller, actor: id, administrator: id }
}

type ShownUser = Profile & { disabled_at: number | null }

function shownUser(user: UserRecord): ShownUser {
  return { ...profileOf(user), disabled_at: user.disabledAt ?? null }
}

function userOf(call: Call): Promise<UserRecord> {
  return requireUser(call.services.auth, call.params['id'] ?? '')
}

export async function listUsers(call: Call): Promise<Response> {
  const q = call.query.get('q')
  const search = q === null || q === '' ? undefined : canonicalName(q)
  return shownPage(
    await call.services.auth.store.listUsers({ ...pageRequest(call.query), search }),
    shownUser,
  )
}

/** Without an address to mail it to, the link by which the user chooses a password is in the answer. */
export async function addUser(call: Call<z.output<typeof newUser>>): Promise<Response> {
  const { auth } = call.services
  const { username, email, roles = [] } = call.body
  const { user, link } = await addUserTo(auth, { username, email, roles }, actorOf(call))
  return json({ user: shownUser(user), ...handedOver(call, link) }, undefined, 201)
}

function handedOver({ services }: Call, link: Link | undefined): object {
  if (link === undefined) return {}
  return { link: oneTimeLink(services.issuer, link.thing, link.token), expires_at: link.thing.expiresAt }
}

export async function showUser(call: Call): Promise<Response> {
  return json({ user: shownUser(await userOf(call)) })
}

export async function changeUser(call: Call<z.output<typeof userChange>>): Promise<Response> {
  const { auth } = call.services
  const user = await userOf(call)
  await changeStanding(auth, user, call.body, actorOf(call))
  return json({ user: shownUser(await requireUser(auth, user.id)) })
}

export async function sendUserReset(call: Call): Promise<Response> {
  const link = await sendResetLink(call.services.auth, await userOf(call), actorOf(call))
  const message = link === undefined ? 'A mail with a link is on its way.' : 'Pass this link on.'
  return json({ message, ...handedOver(call, link) }, undefined, 202)
}

export async function listUserSessions(call: Call): Promise<Response> {
  const { store, clock } = call.services.auth
  const sessions = await store.sessionsOfUser((await userOf(call)).id, Math.floor(clock() / 1000))
  const page = pageOfAll(sessions, call.query, {
    idOf: session => session.id,
    wordsOf: ({ id, device, address }) => [id, device, address],
  })
  return shownPage(page, session => ({ ...shownSession(session), address: session.address ?? null }))
}

export async function endUserSessions(call: Call): Promise<Response> {
  await endSessionsOf(call.services.auth, await userOf(call), actorOf(call))
  return noContent()
}

export async function endAnySession(call: Call): Promise<Response> {
  await endSession(call.services.auth, call.params['id'] ?? '', actorOf(call))
  return noContent()
}

export async function listInvitations({ services: { auth }, query }: Call): Promise<Response> {
  const asked = { ...pageRequest(query), now: Math.floor(auth.clock() / 1000) }
  return shownPage(await auth.store.listInvitations(asked), invitation => ({
    id: invitation.id,
    email: invitation.address ?? null,
    roles: invitation.roles,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
  }))
}

export async function makeInvitation(call: Call<z.output<typeof newInvitation>>): Promise<Response> {
  const { email, roles = [] } = call.body
  const { thing, token } = await invite(call.services.auth, { email, roles }, actorOf(call))
  const link = oneTimeLink(call.services.issuer, thing, token)
  return json({ invitation: token, link, expires_at: thing.expiresAt }, undefined, 201)
}
