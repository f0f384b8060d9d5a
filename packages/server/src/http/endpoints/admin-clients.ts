// /admin/api/clients
import type { z } from 'zod'
import { createClient, disableClient, shownClient } from '../../auth/clients.ts'
import type { Call } from '../call.ts'
import { pageRequest, shownPage } from '../paging.ts'
import { json, noContent } from '../reply.ts'
import type { newClient } from '../shapes.ts'
import { actorOf } from './admin-users.ts'

export async function listClients({ services, query }: Call): Promise<Response> {
  return shownPage(await services.auth.store.listClients(pageRequest(query)), shownClient)
}

export async function addClient(call: Call<z.output<typeof newClient>>): Promise<Response> {
  const { name, scopes = [], audiences = [] } = call.body
  const made = await createClient(call.services.auth, { name, scopes, audiences }, actorOf(call))
  return json({ client: shownClient(made.client), client_secret: made.secret }, undefined, 201)
}

export async function dropClient(call: Call): Promise<Response> {
  await disableClient(call.services.auth, call.params['id'] ?? '', actorOf(call))
  return noContent()
}
