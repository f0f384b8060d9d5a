// /admin/clients
import type { z } from 'zod'
import { createClient, disableClient } from '../../../auth/clients.ts'
import { clientPage, clientsPage, newClientPage } from '../../../pages/console/clients.tsx'
import { givenPage } from '../../../pages/console/given.tsx'
import type { ClientId } from '../../../store/records.ts'
import type { Call } from '../../call.ts'
import { seeOther } from '../../html.ts'
import { newClient, type newClientForm, parseShape } from '../../shapes.ts'
import { actorOf } from '../admin-users.ts'
import { answerForm, consoleHtml, frameOf, notFound } from './console-frame.ts'
import { consolePage, pageLinks } from './page-links.ts'

export async function showClients(call: Call): Promise<Response> {
  const page = await call.services.auth.store.listClients(consolePage(call))
  return consoleHtml(
    clientsPage({ frame: frameOf(call), clients: page.items, ...pageLinks(call, page.next) }),
  )
}

export function showNewClient(call: Call): Response {
  const given = { name: '', scopes: '', audiences: '' }
  return consoleHtml(newClientPage({ frame: frameOf(call), given }))
}

export async function showClient(call: Call): Promise<Response> {
  // Any text may be asked for; only a real id finds a client.
  const client = (await call.services.auth.store.findClient(call.params['id'] as ClientId)) ?? notFound()
  return consoleHtml(clientPage({ frame: frameOf(call), client }))
}

const words = (text: string): string[] => text.split(/\s+/).filter(one => one !== '')

export function takeNewClient(call: Call<z.output<typeof newClientForm>>): Promise<Response> {
  const { name, scopes, audiences } = call.body
  const act = async (): Promise<Response> => {
    const asked = { name: name.trim(), scopes: words(scopes), audiences: words(audiences) }
    const wanted = parseShape(newClient, asked)
    const made = await createClient(call.services.auth, { ...asked, name: wanted.name }, actorOf(call))
    const page = givenPage({
      frame: frameOf(call),
      section: 'clients',
      title: `${made.client.name} is added`,
      intro: 'It signs in with these two, by HTTP Basic at /oauth/token.',
      things: [
        { name: 'Client id', value: made.client.id },
        { name: 'Client secret', value: made.secret, isSecret: true },
      ],
      onward: { href: `/admin/clients/${made.client.id}`, words: `Go to ${made.client.name}` },
    })
    return consoleHtml(page, 201)
  }
  return answerForm(act, async refused =>
    consoleHtml(newClientPage({ frame: frameOf(call, refused), given: call.body }), refused.status),
  )
}

export async function takeClientEnd(call: Call): Promise<Response> {
  const id = call.params['id'] ?? ''
  await disableClient(call.services.auth, id, actorOf(call))
  return seeOther(`/admin/clients/${id}?done=client-disabled`)
}
