// /admin/invitations
import type { z } from 'zod'
import { invite } from '../../../auth/admin.ts'
import { oneTimeLink } from '../../../mail/queue.ts'
import { givenPage } from '../../../pages/console/given.tsx'
import { invitationsPage } from '../../../pages/console/invitations.tsx'
import { exactTime } from '../../../pages/console/when.tsx'
import type { Call } from '../../call.ts'
import { type invitationForm, newInvitation, parseShape } from '../../shapes.ts'
import { actorOf } from '../admin-users.ts'
import { answerForm, consoleHtml, frameOf, namesOf, type Refused, tickedRoles } from './console-frame.ts'
import { consolePage, pageLinks } from './page-links.ts'

export function showInvitations(call: Call): Promise<Response> {
  return formPage(call, { email: '', roles: [] })
}

async function formPage(
  call: Call,
  given: { email: string; roles: readonly string[] },
  refused?: Refused,
): Promise<Response> {
  const { store, roles, clock } = call.services.auth
  const open = await store.listInvitations({ ...consolePage(call), now: Math.floor(clock() / 1000) })
  const made = await store.listAudit({
    event: 'invitation_made',
    userId: undefined,
    cursor: undefined,
    limit: 10,
  })
  const page = invitationsPage({
    frame: frameOf(call, refused),
    roles,
    given,
    open: open.items,
    ...pageLinks(call, open.next),
    made: made.items,
    nameOf: await namesOf(
      call,
      made.items.map(row => row.actor),
    ),
  })
  return consoleHtml(page, refused?.status)
}

export function takeInvitation(call: Call<z.output<typeof invitationForm>>): Promise<Response> {
  const { auth, issuer } = call.services
  const { email } = call.body
  const roles = tickedRoles(call.body)
  const act = async (): Promise<Response> => {
    const wanted = parseShape(newInvitation, { roles, ...(email !== '' && { email }) })
    const { thing, token } = await invite(auth, { email: wanted.email, roles }, actorOf(call))
    const mailed = email === '' ? 'Pass this link on.' : `This link is mailed to ${email} as well.`
    const page = givenPage({
      frame: frameOf(call),
      section: 'invitations',
      title: 'The invitation is made',
      intro: `${mailed} It works once, until ${exactTime(thing.expiresAt * 1000)}.`,
      things: [{ name: 'Link', value: oneTimeLink(issuer, thing, token), isSecret: true }],
      onward: { href: '/admin/invitations', words: 'Make another one' },
    })
    return consoleHtml(page, 201)
  }
  return answerForm(act, refused => formPage(call, { email, roles }, refused))
}
